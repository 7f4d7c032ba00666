"""HJ 212-2017 污染物在线监控（监测）系统数据传输标准: what emission monitors and park sensors speak, over TCP.

Frames of the version before, HJ/T 212-2005, are read too: it lacks ``Flag`` and often ``QN``.
"""

from anlan.codecs.hj212.frames import Frame, Frames, Garbled, crc16, frame
from anlan.codecs.hj212.messages import Message, acknowledgement, decode, encode
from anlan.codecs.hj212.parts import Assembler
from anlan.codecs.hj212.readings import Mark, Reading, readings_of

__all__ = [
    "Assembler",
    "Frame",
    "Frames",
    "Garbled",
    "Mark",
    "Message",
    "Reading",
    "acknowledgement",
    "crc16",
    "decode",
    "encode",
    "frame",
    "readings_of",
]
