"""Where readings come from: each source runs for ever, reconnects by itself, and tells how it fares."""
