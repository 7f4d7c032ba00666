"""Threads tie an alarm to all that follows it; timelines run beside the live clock."""
