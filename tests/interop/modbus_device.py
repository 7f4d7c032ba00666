"""A Modbus device made of libmodbus (C): ``python modbus_device.py tcp|rtu PORT``.

With ``rtu`` it sits on a serial line (a pseudo terminal) behind a serial device server, which is what plants have:
octets of the line over TCP. Registers: holding 0–1 a float in the order CDAB, 2 an unsigned 16-bit number, 3 a signed
one; coil 0.
"""

import ctypes
import os
import pty
import socket
import struct
import sys
import threading

LIBRARY = "libmodbus.so.5"
PRESSURE_MPA, LEVEL_MM, TEMPERATURE_DECI = 0.8125, 3250, -125
DEVICE = 7


class Mapping(ctypes.Structure):
    """``modbus_mapping_t`` of libmodbus 3.1."""

    _fields_ = [
        *((name, ctypes.c_int) for name in (
            "nb_bits", "start_bits", "nb_input_bits", "start_input_bits", "nb_input_registers",
            "start_input_registers", "nb_registers", "start_registers",
        )),
        ("tab_bits", ctypes.POINTER(ctypes.c_uint8)),
        ("tab_input_bits", ctypes.POINTER(ctypes.c_uint8)),
        ("tab_input_registers", ctypes.POINTER(ctypes.c_uint16)),
        ("tab_registers", ctypes.POINTER(ctypes.c_uint16)),
    ]  # fmt: skip


def load() -> ctypes.CDLL:
    """The library; raises `OSError` where it is not installed."""
    library = ctypes.CDLL(LIBRARY)
    for name in ("modbus_new_tcp", "modbus_new_rtu"):
        getattr(library, name).restype = ctypes.c_void_p
    library.modbus_mapping_new.restype = ctypes.POINTER(Mapping)
    return library


def answer(library: ctypes.CDLL, context: ctypes.c_void_p) -> None:
    """Answer requests until the line ends."""
    mapping = library.modbus_mapping_new(8, 0, 8, 16)
    registers = mapping.contents.tab_registers
    high, low = struct.unpack(">HH", struct.pack(">f", PRESSURE_MPA))
    registers[0], registers[1] = low, high
    registers[2], registers[3] = LEVEL_MM, TEMPERATURE_DECI & 0xFFFF
    mapping.contents.tab_bits[0] = 1
    query = ctypes.create_string_buffer(260)
    while (length := library.modbus_receive(context, query)) >= 0:
        if length:
            library.modbus_reply(context, query, length, mapping)


def ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def over_tcp(library: ctypes.CDLL, port: int) -> None:
    context = ctypes.c_void_p(library.modbus_new_tcp(b"127.0.0.1", port))
    library.modbus_set_slave(context, DEVICE)
    listening = ctypes.c_int(library.modbus_tcp_listen(context, 1))
    ready()
    while library.modbus_tcp_accept(context, ctypes.byref(listening)) >= 0:
        answer(library, context)
        library.modbus_close(context)


def over_serial(library: ctypes.CDLL, port: int) -> None:
    line, end = pty.openpty()
    context = ctypes.c_void_p(
        library.modbus_new_rtu(os.ttyname(end).encode(), 9600, ctypes.c_char(b"N"), 8, 1)
    )
    library.modbus_set_slave(context, DEVICE)
    if library.modbus_connect(context):
        raise OSError("the serial line cannot be opened")
    threading.Thread(target=device_server, args=(line, port), daemon=True).start()
    while True:
        answer(library, context)


def device_server(line: int, port: int) -> None:
    """Octets of the serial *line* to and from one TCP caller after the other."""
    with socket.create_server(("127.0.0.1", port)) as server:
        ready()
        while True:
            caller, _ = server.accept()
            threading.Thread(target=back, args=(line, caller), daemon=True).start()
            while octets := caller.recv(512):
                os.write(line, octets)


def back(line: int, caller: socket.socket) -> None:
    while octets := os.read(line, 512):
        try:
            caller.sendall(octets)
        except OSError:
            return


if __name__ == "__main__":
    {"tcp": over_tcp, "rtu": over_serial}[sys.argv[1]](load(), int(sys.argv[2]))
