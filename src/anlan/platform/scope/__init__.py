"""Row scope: the region tree, functional zones, and forced row-level security (the second wall)."""
