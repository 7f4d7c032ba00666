"""How a substance comes out: holes, pipes, vessels that empty, pools, and rates read from instruments."""
