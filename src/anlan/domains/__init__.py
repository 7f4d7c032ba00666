"""One folder per goal of the plan, one Django app per system."""
