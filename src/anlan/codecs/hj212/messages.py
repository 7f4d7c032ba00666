"""数据段: the fields before the data area, and its groups of names and values (HJ 212-2017, 6.3)."""

import re
from dataclasses import dataclass, replace

from anlan.codecs.errors import ProtocolError
from anlan.codecs.hj212.frames import frame

Group = tuple[tuple[str, str], ...]
"""Names with their values that belong together: written with ``,`` between, groups with ``;``."""

INTERACTION = "91"
"""System code ``ST`` of answers and other exchanges between systems (table 5)."""
DATA_ANSWER = "9014"
_ANSWER_WANTED, _IN_PARTS, _VERSION_2017 = 0b01, 0b10, 0b100
_AREA = re.compile(r"(?:^|;)CP=&&(.*?)&&$", re.DOTALL)
_SPOILING = re.compile(r"[;,=&\r\n]|[^\x20-\x7e]")
_SYSTEM, _COMMAND = re.compile(r"[0-9]{2}"), re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Message:
    """One message. *qn* is the request's number (a time to the millisecond), *st* the system, *cn* the command,
    *pw* the password, *mn* the device, *flag* as sent (None in 2005's frames), *part* of *parts* from 1.
    """

    st: str
    cn: str
    mn: str = ""
    pw: str = ""
    qn: str = ""
    flag: int | None = None
    parts: int = 1
    part: int = 1
    groups: tuple[Group, ...] = ()

    @property
    def wants_answer(self) -> bool:
        """Bit A of the flag: the sender repeats itself until it is answered."""
        return self.flag is not None and bool(self.flag & _ANSWER_WANTED)

    def field(self, name: str) -> str | None:
        """The value of *name* in the data area, the first if there are several."""
        return next((value for group in self.groups for key, value in group if key == name), None)


def decode(segment: bytes) -> Message:
    """The message of a segment. Raises `ProtocolError` where it is none.

    >>> said = decode(b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=X1;Flag=5;CP=&&RtdInterval=30&&")
    >>> said.cn, said.wants_answer, said.field("RtdInterval")
    ('1062', True, '30')
    """
    try:
        text = segment.decode("ascii")
    except UnicodeDecodeError as error:
        raise ProtocolError("not_ascii", f"byte {error.start} is no ASCII") from error
    area = _AREA.search(text)
    if area is None:
        raise ProtocolError("no_data_area", "the segment does not end with CP=&&...&&")
    said = dict(_pair(part) for part in text[: area.start()].split(";") if part)
    for name, form in (("ST", _SYSTEM), ("CN", _COMMAND)):
        if not form.fullmatch(said.get(name, "")):
            raise ProtocolError("field", f"{name} is {said.get(name)!r}")
    parts, part = _number(said, "PNUM", 1), _number(said, "PNO", 1)
    if not 1 <= part <= parts:
        raise ProtocolError("field", f"part {part} of {parts}")
    return Message(
        st=said["ST"],
        cn=said["CN"],
        mn=said.get("MN", ""),
        pw=said.get("PW", ""),
        qn=said.get("QN", ""),
        flag=_number(said, "Flag", 0) if "Flag" in said else None,
        parts=parts,
        part=part,
        groups=_groups(area[1]),
    )


def encode(message: Message) -> bytes:
    """The frame of *message*, fields in the standard's order. Raises `ProtocolError` for what cannot be written."""
    area = ";".join(
        ",".join(f"{_plain(k)}={_plain(v)}" for k, v in group) for group in message.groups if group
    )
    fields = [
        ("QN", message.qn),
        ("ST", message.st),
        ("CN", message.cn),
        ("PW", message.pw),
        ("MN", message.mn),
    ]
    written = [f"{name}={_plain(value)}" for name, value in fields if value]
    if message.flag is not None:
        written.append(f"Flag={message.flag}")
    if message.parts > 1:
        written += [f"PNUM={message.parts}", f"PNO={message.part}"]
    segment = ";".join([*written, f"CP=&&{area}&&"]).encode("ascii")
    if decode(segment) != replace(message, groups=tuple(group for group in message.groups if group)):
        raise ProtocolError("field", "a field does not have the form that the standard gives it")
    return frame(segment)


def acknowledgement(message: Message) -> Message:
    """数据应答 (9014): what a sender that wants an answer waits for, with the number of its request."""
    return Message(
        st=INTERACTION, cn=DATA_ANSWER, mn=message.mn, pw=message.pw, qn=message.qn, flag=_VERSION_2017
    )


def _groups(area: str) -> tuple[Group, ...]:
    return tuple(
        tuple(_pair(item) for item in group.split(",") if item) for group in area.split(";") if group
    )


def _pair(item: str) -> tuple[str, str]:
    name, equals, value = item.partition("=")
    if not equals or not name:
        raise ProtocolError("field", f"{item[:40]!r} is no name=value")
    return name, value


def _number(said: dict[str, str], name: str, default: int) -> int:
    written = said.get(name)
    if written is None or written == "":
        return default
    if not (written.isascii() and written.isdigit() and len(written) <= 4):
        raise ProtocolError("field", f"{name} is {written[:40]!r}")
    return int(written)


def _plain(text: str) -> str:
    if _SPOILING.search(text):
        raise ProtocolError("field", f"{text[:40]!r} holds what separates fields, or no plain ASCII")
    return text
