"""The door: where readings come in, are checked, stored durably, and only then acknowledged."""

from anlan.stream.door.door import Door

__all__ = ["Door"]
