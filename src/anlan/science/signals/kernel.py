"""The alarm step as a numba kernel: one pass over the readings, no allocation."""

import numba
import numpy as np

from anlan.kernel.quality import Quality
from anlan.science.signals.rules import NO_DATA, UPPER
from anlan.science.signals.state import NEVER

_BAD = int(Quality.BAD)
_NEVER = int(NEVER)
_LAST_UPPER = max(UPPER)
_NO_DATA = NO_DATA
if sorted(UPPER) != list(range(_LAST_UPPER + 1)):
    raise ImportError("the kernel expects the upper limits first among the kinds of condition")


@numba.njit(cache=True, nogil=True)
def _moving(value, kind, threshold, deadband, active):  # type: ignore[no-untyped-def]
    """Whether *value* speaks for a change: back to normal when active, across the limit when not."""
    if kind <= _LAST_UPPER:
        return value < threshold - deadband if active else value >= threshold
    return value > threshold + deadband if active else value <= threshold


@numba.njit(cache=True, nogil=True)
def advance(  # type: ignore[no-untyped-def]
    point,
    event_ms,
    arrived_ms,
    value,
    quality,
    first,
    kind,
    threshold,
    deadband,
    on_delay_ms,
    off_delay_ms,
    evaluated_ms,
    heard_ms,
    latest_ms,
    latest_arrived_ms,
    latest_value,
    latest_quality,
    active,
    pending_ms,
    out_row,
    out_cause,
):
    """Advance the state by the readings in order; return how many transitions were written.

    ``out_row`` receives ``rule row * 2 + raised``, ``out_cause`` the index of
    the reading that decided; both must hold the bound of `step`. Arrays are
    those of `Readings`, `Rules` and `State`, in that order.
    """
    written = 0
    points_with_rules = len(first) - 1
    for i in range(len(point)):
        p = point[i]
        at = event_ms[i]
        if at >= latest_ms[p]:
            latest_ms[p] = at
            latest_arrived_ms[p] = arrived_ms[i]
            latest_value[p] = value[i]
            latest_quality[p] = quality[i]
        heard_ms[p] = max(heard_ms[p], arrived_ms[i])
        evaluate = quality[i] != _BAD and np.isfinite(value[i]) and at > evaluated_ms[p]
        if evaluate:
            evaluated_ms[p] = at
        if p >= points_with_rules:
            continue
        for row in range(first[p], first[p + 1]):
            if kind[row] == _NO_DATA:
                if active[row]:
                    active[row] = False
                    out_row[written] = row * 2
                    out_cause[written] = i
                    written += 1
                continue
            if not evaluate:
                continue
            if not _moving(value[i], kind[row], threshold[row], deadband[row], active[row]):
                pending_ms[row] = _NEVER
                continue
            if pending_ms[row] == _NEVER:
                pending_ms[row] = at
            delay = off_delay_ms[row] if active[row] else on_delay_ms[row]
            if at - pending_ms[row] >= delay:
                active[row] = not active[row]
                pending_ms[row] = _NEVER
                out_row[written] = row * 2 + (1 if active[row] else 0)
                out_cause[written] = i
                written += 1
    return written
