"""线上巡查: each day's bulletin of who is online, who has promised, and what nobody has closed or answered."""
