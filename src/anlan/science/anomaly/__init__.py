"""Statistical hints about signals: charts of small shifts, season, correlation of a unit, trend.

Nothing here raises an alarm or lowers a level: rules and limits decide, these hint.
"""

from anlan.science.anomaly.charts import cusum, ewma
from anlan.science.anomaly.monitor import Monitor, fit_monitor
from anlan.science.anomaly.run_length import cusum_run_length, ewma_run_length
from anlan.science.anomaly.season import Baseline, robust_baseline
from anlan.science.anomaly.trend import Trend, mann_kendall, time_to_limit

__all__ = [
    "Baseline",
    "Monitor",
    "Trend",
    "cusum",
    "cusum_run_length",
    "ewma",
    "ewma_run_length",
    "fit_monitor",
    "mann_kendall",
    "robust_baseline",
    "time_to_limit",
]
