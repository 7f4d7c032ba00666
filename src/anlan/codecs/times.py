"""The time that devices of these protocols keep."""

from datetime import timedelta, timezone

BEIJING = timezone(timedelta(hours=8))
"""No summer time: the offset is the same all year."""
