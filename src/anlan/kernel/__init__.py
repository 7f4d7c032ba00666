"""Words that everyone shares. No Django, no I/O except this package's own data."""
