"""SL 651-2014 水文监测数据通信规约: what rain and river gauges speak, in its HEX/BCD form.

The ASCII form is not read. Meanings rest on the standard as public implementations and frames of devices agree on
it.
"""

from anlan.codecs.sl651.frames import Garbled, Packet, Packets, crc16, encode
from anlan.codecs.sl651.reports import Report, Series, Value, acknowledgement, report_of

__all__ = [
    "Garbled",
    "Packet",
    "Packets",
    "Report",
    "Series",
    "Value",
    "acknowledgement",
    "crc16",
    "encode",
    "report_of",
]
