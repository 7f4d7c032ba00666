"""Protocol codecs without sockets: bytes in, events out; values in, bytes out.

Each one keeps three promises, which its tests hold it to: what is encoded decodes to the same value; any bytes at
all give events or a `ProtocolError`, in time and memory linear in their number; and it does not matter how the
stream is cut into pieces.
"""
