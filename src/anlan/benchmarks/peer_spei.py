"""Run by the interpreter of ``.peers/spei``: SPI of monthly series, as the package is called by its users.

A request names seed, months, and how the gamma distribution is fitted: ``free`` is the
package's own three parameters, ``origin`` the two of the standards (location 0, the totals above zero).
The answer gives processor time and the index of the series.
"""

import json
import sys
import time
from importlib import import_module


def main() -> None:
    import numpy as np
    from scipy.stats import gamma

    # of the peer's environment alone
    pd, spei = import_module("pandas"), import_module("spei")

    class Origin:
        """The gamma distribution of two parameters in the shape that the package asks of a distribution."""

        name = "gamma"
        cdf = staticmethod(gamma.cdf)

        @staticmethod
        def fit(data, scale=None, method="MLE"):  # type: ignore[no-untyped-def]
            return gamma.fit(data[data > 0], floc=0)

    for line in sys.stdin:
        asked = json.loads(line)
        months = asked["months"]
        index = pd.date_range("1960-01-01", periods=months, freq="MS")
        rain = np.random.default_rng(asked["seed"]).gamma(1.5, 25.0, months)
        series = pd.Series(rain, index).rolling(3).sum().dropna()
        dist = gamma if asked["fit"] == "free" else Origin
        began = time.process_time()
        found = spei.spi(series, dist=dist, fit_freq="MS")
        spent = time.process_time() - began
        sys.stdout.write(json.dumps({"cpu_s": spent, "spi": [float(z) for z in found.values]}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
