"""Point lists that gateways announced once and then refer to by their hash."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from anlan.stream.contract import Message, PointList, Refusal, Refused

LISTS_PER_GATEWAY = 16


def hash_of(tags: list[str]) -> str:
    """SHA-256 (hex) of the list as compact JSON in UTF-8.

    >>> hash_of(["T-101", "液位"])[:16]
    '105cd895b25232e9'
    """
    return hashlib.sha256(msgspec.json.encode(tags)).hexdigest()


class AnnouncedLists:
    """The lists of each gateway, the most recently used ones, and the one that it spelled out last."""

    def __init__(self) -> None:
        self._lists: dict[int, OrderedDict[str, PointList]] = {}
        self._spelled_out: dict[int, PointList] = {}

    def resolve(self, gateway: int, message: Message) -> PointList:
        """The columns of *message*; an announcement (list and hash together) is remembered.

        Raises `Refused` for a hash that was not announced, or that is not the
        list's. Units sent with a hash alone replace the announced ones.
        """
        if message.point is not None:
            return PointList([message.point], None if message.unit is None else [message.unit])
        tags = message.points
        if tags is None:
            known = self._recall(gateway, message.points_hash or "")
            return known if message.units is None else _paired(known.tags, message.units)
        points = self._as_before(gateway, _paired(tags, message.units))
        if message.points_hash is not None:
            if message.points_hash.lower() != hash_of(tags):
                raise Refused(Refusal.POINTS_HASH_MISMATCH)
            self._remember(gateway, message.points_hash.lower(), points)
        return points

    def _as_before(self, gateway: int, points: PointList) -> PointList:
        """*points*, as the list of the batch before when it is the same: that one knows its columns already."""
        before = self._spelled_out.get(gateway)
        if before == points:
            return before
        self._spelled_out[gateway] = points
        return points

    def _recall(self, gateway: int, digest: str) -> PointList:
        lists = self._lists.get(gateway)
        if lists is None or digest.lower() not in lists:
            raise Refused(Refusal.UNKNOWN_POINTS_HASH)
        lists.move_to_end(digest.lower())
        return lists[digest.lower()]

    def _remember(self, gateway: int, digest: str, points: PointList) -> None:
        lists = self._lists.setdefault(gateway, OrderedDict())
        lists[digest] = points
        lists.move_to_end(digest)
        if len(lists) > LISTS_PER_GATEWAY:
            lists.popitem(last=False)


def _paired(tags: Sequence[str], units: Sequence[str] | None) -> PointList:
    if units is not None and len(units) != len(tags):
        raise Refused(Refusal.MALFORMED, f"{len(units)} units for {len(tags)} points")
    return PointList(tags, units)
