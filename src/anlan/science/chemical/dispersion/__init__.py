"""How a release spreads in the air: Gaussian plume and puffs, dense gas, indoors, dose and outlines."""
