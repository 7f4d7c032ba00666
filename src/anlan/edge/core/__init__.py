"""What every part of the collector stands on: its settings, readings, guards, paces and the spool."""
