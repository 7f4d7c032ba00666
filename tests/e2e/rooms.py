"""What the tests of the rooms need in a running system: a plant that leaks at a known place, and its incident."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

AMMONIA_CAS = "7664-41-7"
ARRIVAL_S = 60.0


class Hand:
    """A signed-in person's hand on the API: answers are JSON, a refusal is a failure of the test."""

    def __init__(self, origin: str, cookies: list[dict[str, Any]]) -> None:
        jar = {cookie["name"]: cookie["value"] for cookie in cookies}
        self._origin, self._jar = origin, jar

    def get(self, path: str) -> Any:
        return _answer(httpx.get(self._origin + path, cookies=self._jar, timeout=60))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        token = {"X-CSRFToken": self._jar["csrftoken"]}
        address = self._origin + path
        return _answer(httpx.post(address, json=body, cookies=self._jar, headers=token, timeout=60))

    def send(self, source: str, key: str, batch: dict[str, Any]) -> None:
        """A batch through the door, as a gateway sends it; the door may not know a new point yet."""
        headers = {"Authorization": f"Bearer {source}:{key}"}
        answer = httpx.post(f"{self._origin}/ingest", json=batch, headers=headers, timeout=60)
        assert answer.status_code in (200, 202, 422), answer.text


@dataclass(frozen=True)
class LeakingPlant:
    """An enterprise with a placed ammonia tank farm, and the open alarm of its gas detector."""

    enterprise_id: str
    enterprise: str
    hazard_id: str
    lon: float
    lat: float
    alarm_id: str
    tag: str


def leaking_plant(office: Hand, engineers: Hand) -> LeakingPlant:
    """Connect a gas detector to a plant of the region and let it read far beyond its limit; ammonia has gone out.

    The engineers connect the gateway, the office records the point and its limit.
    """
    hazard = next(one for one in office.get("/api/major-hazards?size=200")["items"] if "液氨" in one["name"])
    enterprise, tag = hazard["enterprise_id"], "AI-NH3-01"
    source = f"rooms-{time.time_ns():x}"
    gateway = engineers.post(
        "/api/gateways/register", {"source": source, "name": "氨区网关", "enterprise_id": enterprise}
    )
    point = office.post(
        "/api/points",
        {
            "gateway_id": gateway["id"],
            "tag": tag,
            "name": "液氨罐区氨浓度",
            "kind": "toxic_gas",
            "unit": "ppm",
            "sampling_s": 1.0,
            "range_low": 0.0,
            "range_high": 1000.0,
            "source": "浏览器测试",
        },
    )
    office.post("/api/limits", {"point_id": point["id"], "kind": "HH", "threshold": 50.0, "note": "测试限值"})
    holding = office.get(f"/api/holdings?hazard_id={hazard['id']}")["items"][0]
    office.post(
        "/api/stock-movements",
        {"holding_id": holding["id"], "kind": "outbound", "quantity_t": 0.5, "note": "槽车装车"},
    )
    alarm = _alarm_of(office, source, gateway["key"], point)
    return LeakingPlant(
        enterprise, hazard["enterprise_name"], hazard["id"], hazard["lon"], hazard["lat"], alarm, tag
    )


def _alarm_of(office: Hand, source: str, key: str, point: dict[str, Any]) -> str:
    """Send readings until the alarm stands: the door and the engine learn of a new point within seconds."""
    deadline = time.monotonic() + ARRIVAL_S
    sequence, epoch = 0, f"e2e-{time.time_ns():x}"
    time.sleep(3.0)
    while time.monotonic() < deadline:
        office.send(
            source,
            key,
            {
                "schema": 1,
                "source": source,
                "epoch": epoch,
                "sequence": sequence,
                "points": [point["tag"]],
                "units": ["ppm"],
                "times_ms": [int(time.time() * 1000)],
                "values": [[420.0]],
                "quality": [[0]],
            },
        )
        sequence += 1
        found = [one for one in office.get("/api/alarms?size=200&sort=-arrived_at")["items"]
                 if one["point_id"] == point["id"]]  # fmt: skip
        if found:
            return str(found[0]["id"])
        time.sleep(1.0)
    raise AssertionError("no alarm of the gas detector has come")


def opened_incident(duty: Hand, plant: LeakingPlant) -> str:
    """An incident with its footprint, reported by hand at the place of the plant's tank farm."""
    region = next(
        one["region"]
        for one in duty.get("/api/major-hazards?size=200")["items"]
        if one["id"] == plant.hazard_id
    )
    incident = duty.post(
        "/api/incidents",
        {
            "kind": "toxic_release",
            "title": "液氨罐区泄漏",
            "lon": plant.lon,
            "lat": plant.lat,
            "region": region,
            "cas": AMMONIA_CAS,
            "note": "巡检发现法兰泄漏",
        },
    )
    duty.post(f"/api/incidents/{incident['id']}/footprint", {"rate_kg_s": 2.0, "duration_s": 1800.0})
    return str(incident["id"])


def _answer(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.status_code} for {answer.request.url}: {answer.text}"
    return answer.json()


Sessions = Callable[[str], list[dict[str, Any]]]
