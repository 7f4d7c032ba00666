"""Which readings and rules belong together, so that they are evaluated by the same process."""

from uuid import UUID
from zlib import crc32


def group_of(enterprise_id: UUID) -> int:
    """The number of an enterprise's group: partition ``group % partitions`` has all its points and rules."""
    return crc32(enterprise_id.bytes)
