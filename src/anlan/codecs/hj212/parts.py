"""分包: messages that are longer than a segment come in parts (HJ 212-2017, 6.3, PNUM and PNO)."""

from collections import OrderedDict
from dataclasses import replace

from anlan.codecs.hj212.messages import Message


class Assembler:
    """Puts the parts of one connection's messages together; keeps *most* unfinished ones, the oldest goes first."""

    def __init__(self, most: int = 16) -> None:
        self._most = most
        self._open: OrderedDict[tuple[str, str, str, int], dict[int, Message]] = OrderedDict()

    def add(self, message: Message) -> Message | None:
        """The whole message once *message* brings its last missing part; a part that comes again is the newer one."""
        if message.parts == 1:
            return message
        key = (message.mn, message.qn, message.cn, message.parts)
        parts = self._open.setdefault(key, {})
        parts[message.part] = message
        if len(parts) < message.parts:
            if len(self._open) > self._most:
                self._open.popitem(last=False)
            return None
        del self._open[key]
        groups = tuple(group for number in sorted(parts) for group in parts[number].groups)
        return replace(parts[1], parts=1, part=1, groups=groups)
