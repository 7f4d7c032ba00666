"""Run by the interpreter of ``.peers/pyretechnics``: a fire by its level set, as the package is called by its users.

A request names the grid, fuel models by square patches, the weather and the minutes. The answer gives processor time
of the spread alone and the cells burnt. The peer is under EPL-2.0 and stays in its own environment.
"""

import json
import sys
import time
from importlib import import_module


def main() -> None:
    import numpy as np

    # of the peer's environment alone
    els = import_module("pyretechnics.eulerian_level_set")
    cube_of = import_module("pyretechnics.space_time_cube").SpaceTimeCube

    for line in sys.stdin:
        asked = json.loads(line)
        rows, columns, minutes = asked["rows"], asked["columns"], asked["minutes"]
        shape = (1, rows, columns)
        patches = np.asarray(asked["fuel"], np.float32)
        fuel = np.kron(patches, np.ones((asked["patch"], asked["patch"]), np.float32))[None, :rows, :columns]
        still = {"slope": 0, "aspect": 0, "canopy_cover": 0, "canopy_height": 0, "canopy_base_height": 0}
        bare = {"canopy_bulk_density": 0.0, "foliar_moisture": 0.9}
        cubes = {name: cube_of(shape, value) for name, value in {**still, **bare, **asked["weather"]}.items()}
        cubes["fuel_model"] = cube_of(shape, fuel)
        state = els.SpreadState(shape).ignite_cell((asked["row"], asked["column"]))
        began = time.process_time()
        els.spread_fire_with_phi_field(
            cubes, state, (float(minutes), asked["cell_m"], asked["cell_m"]), 0.0, float(minutes),
            use_wind_limit=False, surface_lw_ratio_model="behave",
        )  # fmt: skip
        spent = time.process_time() - began
        arrival = state.get_full_matrices()["time_of_arrival"]
        answer = {"cpu_s": spent, "burnt": int((arrival >= 0).sum())}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
