"""The recursions of the charts as numba kernels, over all signals at once."""

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def run_ewma(z, weight, width):  # type: ignore[no-untyped-def]
    times, signals = z.shape
    value, limit = np.empty((times, signals)), np.empty((times, signals))
    last, left = np.zeros(signals), np.ones(signals)
    spread, kept = width * np.sqrt(weight / (2.0 - weight)), (1.0 - weight) * (1.0 - weight)
    for time in range(times):
        for signal in range(signals):
            if not np.isnan(z[time, signal]):
                last[signal] += weight * (z[time, signal] - last[signal])
                left[signal] *= kept
            value[time, signal] = last[signal]
            limit[time, signal] = spread * np.sqrt(1.0 - left[signal])
    return value, limit


@numba.njit(cache=True, nogil=True)
def run_cusum(z, reference):  # type: ignore[no-untyped-def]
    times, signals = z.shape
    upper, lower = np.empty((times, signals)), np.empty((times, signals))
    high, low = np.zeros(signals), np.zeros(signals)
    for time in range(times):
        for signal in range(signals):
            if not np.isnan(z[time, signal]):
                high[signal] = max(0.0, high[signal] + z[time, signal] - reference)
                low[signal] = max(0.0, low[signal] - z[time, signal] - reference)
            upper[time, signal] = high[signal]
            lower[time, signal] = low[signal]
    return upper, lower
