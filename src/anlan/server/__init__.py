"""The only room that may know every other: settings, processes, supervisor, command line."""
