"""Loopback ports that stay the same from start to start while they are free."""

import socket

LAST_PORT = 65535


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def refusal(port: int, host: str = "127.0.0.1") -> OSError | None:
    """Why *port* cannot be bound on *host* now, as a server does it; None when it can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
        return None


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether *port* can be bound on *host* now."""
    return refusal(port, host) is None


def keep_or_find(port: int | None, host: str = "127.0.0.1") -> int:
    """*port* if it is given and free, else a free one."""
    return port if port and is_free(port, host) else free_port(host)
