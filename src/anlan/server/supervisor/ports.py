"""Loopback ports that stay the same from start to start while they are free."""

import random
import socket

LAST_PORT = 65535
_QUIET_PORTS = range(20_000, 32_000)


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


class PortClaims:
    """Ports that a system has chosen and its processes will bind later, kept from other systems meanwhile.

    A claim is an abstract Unix socket: it ends with its process and, like the port, belongs to
    the network namespace.
    """

    def __init__(self) -> None:
        self._held: list[socket.socket] = []

    def take(self, port: int, host: str = "127.0.0.1") -> OSError | None:
        """Claim *port* on *host*; None when it is ours now, else why not."""
        error = refusal(port, host)
        if error is not None:
            return error
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0anlan-port-{port}")
        except OSError as taken:
            claim.close()
            return taken
        self._held.append(claim)
        return None

    def keep_or_find(self, port: int | None) -> int:
        """Claim the loopback port *port* if it is given and free, else a free one.

        Chosen below the range from which the system gives ports to outgoing connections.
        """
        chosen = port or random.choice(_QUIET_PORTS)  # noqa: S311 - no secret
        while self.take(chosen) is not None:
            chosen = random.choice(_QUIET_PORTS)  # noqa: S311
        return chosen

    def release(self) -> None:
        while self._held:
            self._held.pop().close()
