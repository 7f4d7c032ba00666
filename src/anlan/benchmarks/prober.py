"""A gateway whose points cross their limits one after the other, to time their alarms."""

import threading
import time
from typing import Any

import msgspec

from anlan.benchmarks.load import tags

PROBES = 600
PROBE_EVERY_S = 0.1
_LOOK_EVERY_S = 0.002
_PATIENCE_S = 10.0


class Prober:
    """Makes one point after the other cross its limit, whether or not the last alarm came, and times their rows."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._key = port, key
        self._next = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._sent_ns: dict[str, int] = {}
        self._raised_ns: dict[str, int] = {}

    def take(self) -> tuple[dict[str, int], list[float]]:
        """When each point was sent since the last call (Unix nanoseconds, by tag), and the delays in milliseconds.

        Raises `RuntimeError` when an alarm never came.
        """
        sent, raised = self._sent_ns, self._raised_ns
        self._sent_ns, self._raised_ns = {}, {}
        if missed := sent.keys() - raised.keys():
            raise RuntimeError(f"no alarm within {_PATIENCE_S:g} seconds for {sorted(missed)}")
        return sent, [(raised[tag] - at_ns) / 1e6 for tag, at_ns in sent.items()]

    def __enter__(self) -> "Prober":
        self._stop.clear()
        self._thread = threading.Thread(target=self._probe)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _probe(self) -> None:
        import paho.mqtt.client as mqtt
        from django.db import connection
        from paho.mqtt.enums import CallbackAPIVersion

        from anlan.platform.commands import acting_as, read_scope, service_principal

        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench-probe")
        client.username_pw_set("probe", self._key)
        client.connect("127.0.0.1", self._port)
        client.loop_start()
        time.sleep(1)
        try:
            with acting_as(service_principal("relay")), read_scope():
                self._send_and_look(client)
        finally:
            client.loop_stop()
            client.disconnect()
            connection.close()

    def _send_and_look(self, client: Any) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            if time.monotonic() >= due and self._next < PROBES:
                self._send(client)
                due += PROBE_EVERY_S
            self._look()
            time.sleep(_LOOK_EVERY_S)
        patience = time.monotonic() + _PATIENCE_S
        while self._look() and time.monotonic() < patience:
            time.sleep(_LOOK_EVERY_S)

    def _send(self, client: Any) -> None:
        tag = tags(PROBES)[self._next]
        self._next += 1
        self._sent_ns[tag] = time.time_ns()
        reading = {
            "schema": 1,
            "source": "probe",
            "epoch": "bench",
            "sequence": self._next,
            "point": tag,
            "time_ms": self._sent_ns[tag] // 1_000_000,
            "value": 85.0,
        }
        client.publish("in/probe", msgspec.json.encode(reading), qos=1)

    def _look(self) -> bool:
        """Note whose alarm is committed by now; whether any is still awaited."""
        from anlan.domains.monitoring.alarms.models import Alarm

        awaited = self._sent_ns.keys() - self._raised_ns.keys()
        if awaited:
            raised = Alarm.objects.filter(point_tag__in=awaited, condition="H").values_list(
                "point_tag", flat=True
            )
            found, at_ns = list(raised), time.time_ns()
            self._raised_ns.update(dict.fromkeys(found, at_ns))
        return bool(awaited)
