"""Where people live: grids from a census or from a raster that the deployer brings."""
