"""The `RuleSource` of the stream, read from the table of limits."""

import numpy as np

from anlan.domains.monitoring.points.models import Limit
from anlan.domains.monitoring.points.versions import RULES, table_version
from anlan.kernel.levels import Condition
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.ports.rules import ConditionColumns

_KINDS = {kind.value: index for index, kind in enumerate(Condition)}


class DatabaseRuleSource:
    """Reads as the service principal ``evaluator``; each call is one transaction."""

    def version(self) -> int:
        """Changes with every change of limits or points."""
        with acting_as(service_principal("evaluator")), read_scope():
            return table_version(RULES)

    def conditions(self) -> ConditionColumns:
        """The enabled limits of enabled points; a no-data condition's threshold is NaN."""
        with acting_as(service_principal("evaluator")), read_scope():
            version = table_version(RULES)
            rows = list(
                Limit.objects.filter(enabled=True, point__enabled=True)
                .order_by("number")
                .values_list(
                    "number", "point__number", "kind", "threshold", "deadband", "on_delay_s", "off_delay_s"
                )
            )
        number, point, kind, threshold, deadband, on_delay_s, off_delay_s = (
            zip(*rows, strict=True) if rows else ((),) * 7
        )
        return ConditionColumns(
            version=version,
            condition=np.array(number, np.int32),
            point=np.array(point, np.int32),
            kind=np.array([_KINDS[name] for name in kind], np.uint8),
            threshold=np.array([np.nan if figure is None else figure for figure in threshold], np.float64),
            deadband=np.array(deadband, np.float64),
            on_delay_ms=_milliseconds(on_delay_s),
            off_delay_ms=_milliseconds(off_delay_s),
        )


def _milliseconds(seconds: tuple[float, ...]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.round(np.array(seconds, np.float64) * 1000).astype(np.int64)
