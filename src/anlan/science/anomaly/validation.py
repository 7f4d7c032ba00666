"""The statistical hints against published run lengths, closed forms and sums on paper.

Run lengths of EWMA and CUSUM are published to many digits by the makers of a statistics program; the
limits of T² and Q have closed forms in special cases; Mann–Kendall and Fieller can be worked by hand.
"""

from collections.abc import Iterator

import numpy as np
from scipy.stats import chi2

from anlan.kernel.validation import Case, Certainty
from anlan.science.anomaly.cards import CUSUM, EWMA, PCA, SEASON, TIME_TO_LIMIT, TREND
from anlan.science.anomaly.charts import cusum, ewma
from anlan.science.anomaly.monitor import q_limit, t2_limit
from anlan.science.anomaly.run_length import cusum_run_length, ewma_run_length
from anlan.science.anomaly.season import robust_baseline
from anlan.science.anomaly.trend import mann_kendall, time_to_limit

NAME = "anomaly"
_HAND = "worked by hand from the definition"
_SAS = "SAS/QC user's guide, function EWMAARL, example"
_TABLE = "NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.3.1 (one-sided, k = 0.5)"
_LUCAS = "Lucas and Saccucci (1990), Technometrics 32, table of designs with ARL 500"


def cases() -> Iterator[Case]:
    """All cases; run lengths in samples."""
    yield from _run_lengths()
    yield from _simulated()
    yield from _limits()
    yield from _by_hand()


def _run_lengths() -> Iterator[Case]:
    published = ewma_run_length(0.25, 3.0, 1.0)
    yield Case(
        "EWMA λ 0.25, L 3, shift 1σ", _SAS, Certainty.SURE, 11.154267016, published, "1", 1e-6, model=EWMA.id
    )
    for weight, width in ((0.4, 3.054), (0.2, 2.962), (0.1, 2.814), (0.05, 2.615)):
        ours = ewma_run_length(weight, width)
        yield Case(
            f"EWMA λ {weight:g}, L {width:g}: no shift",
            _LUCAS,
            Certainty.PROBABLE,
            500.0,
            ours,
            "1",
            5.0,
            model=EWMA.id,
        )
    table = {
        0.0: (336.0, 930.0),
        0.5: (26.6, 38.0),
        1.0: (8.38, 10.4),
        2.0: (3.34, 4.01),
    }
    for shift, lengths in table.items():
        for decision, target in zip((4.0, 5.0), lengths, strict=True):
            ours = cusum_run_length(0.5, decision, shift, sides=1)
            yield Case(
                f"CUSUM h {decision:g}, shift {shift:g}σ",
                _TABLE,
                Certainty.PROBABLE,
                target,
                ours,
                "1",
                0.01 * target,
                model=CUSUM.id,
            )


def _simulated() -> Iterator[Case]:
    """The charts themselves, run 4,000 times with a seed, signal after as many samples as the equations say."""
    z = np.random.default_rng(7).standard_normal((400, 4000)) + 1.0
    found = ewma(z, 0.2, 2.962)
    half = 2.962 * np.sqrt(0.2 / 1.8)
    first = 1 + np.argmax(np.abs(found.value) > half, axis=0)
    target = ewma_run_length(0.2, 2.962, 1.0)
    source = "integral equation of Crowder (1987), 4,000 runs with seed 7"
    yield Case(
        "EWMA chart, shift 1σ: mean run", source, Certainty.SURE, target, float(first.mean()), "1", 0.4,
        model=EWMA.id,
    )  # fmt: skip
    sums = cusum(z, 0.5)
    first = 1 + np.argmax((sums.upper > 5.0) | (sums.lower > 5.0), axis=0)
    target = cusum_run_length(0.5, 5.0, 1.0)
    source = "integral equation of Goel and Wu (1971), 4,000 runs with seed 7"
    yield Case(
        "CUSUM chart, shift 1σ: mean run", source, Certainty.SURE, target, float(first.mean()), "1", 0.3,
        model=CUSUM.id,
    )  # fmt: skip


def _limits() -> Iterator[Case]:
    # with equal eigenvalues Q/λ is χ², and the limit becomes the cube of Wilson and Hilferty
    cube = 6.0 * (1.0 - 2.0 / 54.0 + 2.3263478740408408 * np.sqrt(2.0 / 54.0)) ** 3
    yield Case(
        "Q of six equal components, α 0.01",
        "Wilson and Hilferty (1931), to which Jackson and Mudholkar's limit reduces",
        Certainty.SURE,
        float(cube),
        q_limit(np.ones(6), 0.01),
        "1",
        1e-6,
        model=PCA.id,
    )
    yield Case(
        "T² of three components, a million samples, α 0.01",
        "χ² with 3 degrees of freedom, the limit for many samples",
        Certainty.SURE,
        float(chi2.ppf(0.99, 3)),
        t2_limit(3, 1_000_000, 0.01),
        "1",
        1e-3,
        model=PCA.id,
    )
    # F(0.95; 2, 18) = 3.5546: 2·19·21/(20·18)·3.5546
    yield Case(
        "T² of two components, 20 samples, α 0.05",
        "F table: 3.5546 with 2 and 18 degrees of freedom",
        Certainty.SURE,
        2.0 * 19.0 * 21.0 / 360.0 * 3.5546,
        t2_limit(2, 20, 0.05),
        "1",
        5e-4,
        model=PCA.id,
    )


def _by_hand() -> Iterator[Case]:
    # 1 … 10: every one of 45 pairs rises; variance 10·9·25/18 = 125; z = 44/√125
    rising = mann_kendall(np.arange(1.0, 11.0))
    yield Case("ten rising values: z", _HAND, Certainty.SURE, 44.0 / np.sqrt(125.0), rising.z, "1", 1e-9,
               model=TREND.id)  # fmt: skip
    # 1 2 2 3: five pairs rise, one ties; (4·3·13 − 2·1·9)/18 = 138/18
    tied = mann_kendall([1.0, 2.0, 2.0, 3.0])
    yield Case("1 2 2 3: S", _HAND, Certainty.SURE, 5.0, float(tied.s), "1", 0.0, model=TREND.id)
    yield Case("1 2 2 3: variance with ties", _HAND, Certainty.SURE, 138.0 / 18.0, tied.variance, "1", 1e-9,
               model=TREND.id)  # fmt: skip
    minutes = 60.0 * np.arange(30.0)
    found = time_to_limit(minutes, 50.0 + minutes / 120.0, 80.0, rising=True)
    yield Case("50 rising by 0.5 a minute meets 80 after", _HAND, Certainty.SURE, 60.0,
               (found.time_s or np.nan) / 60.0, "min", 1e-6, model=TIME_TO_LIMIT.id)  # fmt: skip
    # 1 2 3 4 100: median 3, |x − 3| = 2 1 0 1 97 with median 1: (100 − 3)/1.4826
    base = robust_baseline([1.0, 2.0, 3.0, 4.0, 100.0], np.zeros(5), 1)
    yield Case("1 2 3 4 100: robust z of 100", _HAND, Certainty.SURE, 97.0 / 1.4826,
               float(base.z([100.0], [0])[0]), "1", 1e-9, model=SEASON.id)  # fmt: skip
