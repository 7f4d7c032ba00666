"""How alarms and statistical hints do on recorded faults: Tennessee Eastman, NAB, and SKAB where it is given.

One setting for all of them, the one that the product uses: a monitor with 90 % of the variance,
α = 0.01 and limits raised by four left-out blocks of the training window; limits at ±4σ as in the
demonstration. Nothing was fitted to a test window. The bars are our own: they are told and gate nothing.
A detection is the third reading in a row out of control, so that a single stray reading is none.
"""

from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.kernel.validation import Case, Certainty, not_run
from anlan.science.anomaly.cards import CUSUM, EWMA, PCA
from anlan.science.anomaly.charts import cusum, ewma
from anlan.science.anomaly.monitor import Monitor, fit_monitor
from anlan.science.anomaly.records import (
    FAULT_SAMPLE,
    TENNESSEE_EASTMAN_FAULTS,
    TENNESSEE_EASTMAN_MINUTES,
    machine_record,
    tennessee_eastman_run,
)
from anlan.science.anomaly.season import robust_baseline
from anlan.science.signals import Readings, compile_rules, new_state, step
from anlan.science.signals.rules import KINDS

NAME = "alarms"

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

IN_A_ROW = 3
BLOCKS = 4
_TEP_TRAINING = 480
_UNSEEN = "; it shows in a manipulated variable, which is not among the 22"
_NAB_TRAINING = 7 * 288
_SKAB_TRAINING = 400
_SKAB_SMOOTHING = 5
_SIGMAS = 4.0
_TEP = "Tennessee Eastman test runs (simulator), 22 measurements; our own bar"
_NAB = "NAB machine_temperature_system_failure (real); our own bar"
_SKAB = "SKAB, six runs of a real testbed, GPL-3.0, not packaged; our own bar"


def cases(skab: bytes | None = None) -> Iterator[Case]:
    """All cases; *skab* is the Parquet file of the six SKAB runs, where somebody has it."""
    yield from _tennessee_eastman()
    yield from _machine()
    if skab is None:
        why = "name the file with --skab, or in ANLAN_SKAB"
        yield not_run("SKAB: F1 of the monitor", _SKAB, Certainty.OWN_DEFAULT, 1.0, "1", why)
    else:
        yield from _skab(skab)


# -- Tennessee Eastman -----------------------------------------------------------------------------------


def _tennessee_eastman() -> Iterator[Case]:
    """Trained on the first 480 samples of the fault-free run, tried on its other half and on nine faults."""
    normal = tennessee_eastman_run(0)
    training, unseen = normal[:_TEP_TRAINING], normal[_TEP_TRAINING:]
    monitor = fit_monitor(training, blocks=BLOCKS)
    limits = _Limits(training, TENNESSEE_EASTMAN_MINUTES * 60_000.0)
    n = f"n = {len(unseen)} unseen fault-free samples"
    for name, flags in (("T²/Q", monitor.score(unseen).signals), ("±4σ limits", limits.active(unseen))):
        yield _bar(
            f"TEP fault-free, {name}: false-alarm rate", _TEP, 100.0 * flags.mean(), 5.0, "%", PCA.id, n
        )
    for fault in TENNESSEE_EASTMAN_FAULTS:
        run = tennessee_eastman_run(fault)
        for name, flags in (("T²/Q", monitor.score(run).signals), ("±4σ limits", limits.active(run))):
            before, after = flags[:FAULT_SAMPLE], flags[FAULT_SAMPLE:]
            delay = _delay(after) * TENNESSEE_EASTMAN_MINUTES
            case = f"TEP fault {fault}, {name}"
            found = f"{100.0 * after.mean():.0f} % of {len(after)} samples with the fault signalled"
            found += _UNSEEN if fault == 4 else ""
            yield _bar(f"{case}: detection delay", _TEP, delay, 60.0, "min", PCA.id, found)
            yield _bar(
                f"{case}: false-alarm rate before it", _TEP, 100.0 * before.mean(), 5.0, "%", PCA.id,
                f"n = {len(before)}",
            )  # fmt: skip


def _delay(flags: Flags) -> float:
    """Samples until the third flag in a row, NaN when there is none."""
    runs = np.convolve(flags.astype(np.int64), np.ones(IN_A_ROW, np.int64))[: len(flags)]
    found = np.flatnonzero(runs == IN_A_ROW)
    return float(found[0]) if len(found) else np.nan


class _Limits:
    """High and low limits of every point at ±4σ of training, evaluated by the product's own alarm step."""

    def __init__(self, training: Floats, every_ms: float) -> None:
        mean, deviation = training.mean(axis=0), training.std(axis=0, ddof=1)
        points = len(mean)
        self._every_ms = int(every_ms)
        kinds = [KINDS.index(Condition.HIGH)] * points + [KINDS.index(Condition.LOW)] * points
        self._rules = compile_rules(
            1,
            np.arange(1, 2 * points + 1),
            np.tile(np.arange(points), 2),
            kinds,
            np.concatenate([mean + _SIGMAS * deviation, mean - _SIGMAS * deviation]),
            np.tile(0.5 * deviation, 2),
            np.full(2 * points, self._every_ms),
            np.zeros(2 * points, np.int64),
        )

    def active(self, run: Floats) -> Flags:
        """For each sample of *run* (T, P): whether any limit is in alarm after it."""
        samples, points = run.shape
        at_ms = np.repeat(np.arange(samples, dtype=np.int64) * self._every_ms, points)
        point = np.tile(np.arange(points, dtype=np.int32), samples)
        quality = np.full(run.size, int(Quality.GOOD), np.uint8)
        found = step(
            new_state(self._rules), self._rules, Readings(point, at_ms, at_ms, run.reshape(-1), quality)
        )
        change = np.zeros(samples, np.int64)
        np.add.at(change, found.event_ms // self._every_ms, np.where(found.raised, 1, -1))
        return np.cumsum(change) > 0


# -- NAB -------------------------------------------------------------------------------------------------


def _machine() -> Iterator[Case]:
    """Trained on the first week, which no label touches; tried on the rest with its four labelled windows."""
    record = machine_record()
    hours = np.array([time.hour for time in record.times])
    train = slice(0, _NAB_TRAINING)
    base = robust_baseline(record.values[train], hours[train], 24)
    z = base.z(record.values, hours)
    mean, deviation = record.values[train].mean(), record.values[train].std(ddof=1)
    plain = (record.values - mean) / deviation
    chart, sums = ewma(plain), cusum(plain)
    for name, flags, model in (
        ("±4σ limits", np.abs(plain) > _SIGMAS, ""),
        ("robust z with season beyond 6", np.abs(z) > 6.0, ""),
        ("EWMA", (np.abs(chart.value) > chart.limit)[:, 0], EWMA.id),
        ("CUSUM", np.maximum(sums.upper, sums.lower)[:, 0] > 5.0, CUSUM.id),
    ):
        labelled = np.zeros(len(flags), np.bool_)
        found = 0
        for first, last in record.windows:
            labelled[first : last + 1] = True
            found += bool(np.isfinite(_delay(flags[first : last + 1])))
        outside = flags[_NAB_TRAINING:][~labelled[_NAB_TRAINING:]]
        case, n = f"NAB machine temperature, {name}", f"n = {len(outside)} readings outside of the windows"
        yield Case(
            f"{case}: windows found of 4",
            _NAB,
            Certainty.OWN_DEFAULT,
            4.0,
            float(found),
            "1",
            0.0,
            False,
            model,
        )
        yield _bar(f"{case}: false-alarm rate", _NAB, 100.0 * outside.mean(), 15.0, "%", model, n)


# -- SKAB ------------------------------------------------------------------------------------------------


def _skab(content: bytes) -> Iterator[Case]:
    """Each run: trained on its first 400 readings, tried on the rest; readings are medians of the last five."""
    table = pq.read_table(BytesIO(content))
    inputs = [
        name
        for name in table.column_names
        if name not in ("datetime", "anomaly", "changepoint", "experiment")
    ]
    runs = np.array(table["experiment"].to_pylist())
    readings = np.column_stack([table[name].to_numpy() for name in inputs]).astype(np.float64)
    truth = table["anomaly"].to_numpy() > 0
    flags, labels, before = [], [], []
    for run in dict.fromkeys(runs.tolist()):
        rows = runs == run
        smooth = _trailing_median(readings[rows])
        monitor: Monitor = fit_monitor(smooth[:_SKAB_TRAINING], blocks=BLOCKS)
        found, label = monitor.score(smooth[_SKAB_TRAINING:]).signals, truth[rows][_SKAB_TRAINING:]
        flags.append(found)
        labels.append(label)
        before.append(found[: int(np.argmax(label))])
    signal, anomaly, quiet = np.concatenate(flags), np.concatenate(labels), np.concatenate(before)
    hit = int((signal & anomaly).sum())
    f1 = 2.0 * hit / (int(signal.sum()) + int(anomaly.sum()))
    n = f"n = {len(signal)} of which {int(anomaly.sum())} anomalous; 400 of each run for training"
    yield Case("SKAB: F1 of the monitor", _SKAB, Certainty.OWN_DEFAULT, 1.0, f1, "1", 0.25, False, PCA.id, n)
    yield _bar(
        "SKAB: false-alarm rate", _SKAB, 100.0 * float(signal[~anomaly].mean()), 15.0, "%", PCA.id,
        "labels end while the testbed is still returning to normal",
    )  # fmt: skip
    yield _bar(
        "SKAB: false-alarm rate before the anomaly", _SKAB, 100.0 * float(quiet.mean()), 15.0, "%", PCA.id,
        f"n = {len(quiet)}",
    )  # fmt: skip
    missed = 100.0 * (1.0 - hit / int(anomaly.sum()))
    yield _bar("SKAB: missed anomalous readings", _SKAB, missed, 25.0, "%", PCA.id, n)


def _trailing_median(readings: Floats) -> Floats:
    """Of the last five readings, fewer at the beginning."""
    padded = np.concatenate([np.repeat(readings[:1], _SKAB_SMOOTHING - 1, axis=0), readings])
    windows = np.lib.stride_tricks.sliding_window_view(padded, _SKAB_SMOOTHING, axis=0)
    medians: Floats = np.median(windows, axis=-1)
    return medians


def _bar(case: str, source: str, ours: float, at_most: float, unit: str, model: str, note: str) -> Case:
    """A figure that should be at most *at_most*; told, not gating."""
    return Case(
        case,
        source,
        Certainty.OWN_DEFAULT,
        0.0,
        float(ours),
        unit,
        at_most,
        gates=False,
        model=model,
        note=note,
    )
