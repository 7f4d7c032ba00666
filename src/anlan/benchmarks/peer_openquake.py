"""Run by the interpreter of ``.peers/openquake``: BSSA14 at seeded sites, its own best case.

A request names seed, sites and magnitude; the answer gives processor time of the model alone and
sums that tell different answers apart.
"""

import json
import sys
import time
from importlib import import_module

#: sites at once: its temporaries stay in the cache, which is where it is fastest
_CHUNK = 20_000


def main() -> None:
    import numpy as np

    # of the peer's environment alone
    gsim = import_module("openquake.hazardlib.gsim.boore_2014").BooreEtAl2014()
    measures = [import_module("openquake.hazardlib.imt").PGA()]
    for line in sys.stdin:
        asked = json.loads(line)
        random = np.random.default_rng(asked["seed"])
        sites = asked["sites"]
        ctx = np.zeros(sites, [(name, "f8") for name in ("mag", "rake", "rjb", "vs30")]).view(np.recarray)
        ctx["mag"] = asked["magnitude"]
        ctx["rjb"] = random.uniform(0.0, 300.0, sites)
        ctx["vs30"] = random.uniform(160.0, 1400.0, sites)
        mean, sigma, tau, phi = (np.zeros((1, sites)) for _ in range(4))
        began = time.process_time()
        for first in range(0, sites, _CHUNK):
            part = slice(first, first + _CHUNK)
            gsim.compute(ctx[part], measures, mean[:, part], sigma[:, part], tau[:, part], phi[:, part])
        spent = time.process_time() - began
        answer = {"cpu_s": spent, "mean": float(mean.sum()), "sigma": float(sigma.sum())}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
