"""Gateways: a key shown once and kept as hashes, a new one that ends the old, a switch that tells the door."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import bcrypt
import psycopg
import pytest
from tests.domains.monitoring.plant import Plant, new_plant
from tests.people import LINGWU, YANCHI, as_service, new_principal

from anlan.domains.monitoring.points.registry import DatabasePointRegistry
from anlan.domains.monitoring.points.rules import DatabaseRuleSource
from anlan.domains.monitoring.points.services import (
    disable_gateway,
    enable_gateway,
    register_gateway,
    reorder_gateway,
    rotate_gateway_key,
)
from anlan.kernel.errors import Conflict, Forbidden, NotFound
from anlan.platform.commands import acting_as
from anlan.platform.http.problems import InvalidFields


@pytest.fixture
def plant(db: Any) -> Plant:
    return new_plant("tank-farm")


def known(source: str = "tank-farm") -> Any:
    """What the door knows of the gateway."""
    return next(one for one in DatabasePointRegistry().gateways() if one.source == source)


def logins() -> dict[str, str]:
    return {one.source: one.key_bcrypt for one in DatabasePointRegistry().broker_logins()}


def opens(key: str) -> bool:
    """Whether door and broker, which must agree, would take *key*."""
    at_door = known().key_sha256 == hashlib.sha256(key.encode()).digest()
    at_broker = bcrypt.checkpw(key.encode(), logins()["tank-farm"].encode())
    assert at_door == at_broker
    return at_door


def test_the_key_is_in_the_answer_and_nowhere_in_the_database(
    plant: Plant, superuser: psycopg.Connection
) -> None:
    assert len(plant.key) >= 43 and opens(plant.key)
    for (table,) in superuser.execute(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'scope')"
    ).fetchall():
        text = superuser.execute(f"SELECT string_agg(t::text, '') FROM {table} t").fetchone()  # type: ignore[call-overload]  # noqa: S608
        assert plant.key not in (text[0] or ""), table


def test_a_new_key_ends_the_old_one_at_once_and_tells_the_door(plant: Plant) -> None:
    before = DatabasePointRegistry().version()
    with as_service("demo"):
        fresh = rotate_gateway_key(plant.gateway)
    assert fresh.key != plant.key and fresh.gateway.version == 2
    assert opens(fresh.key) and not opens(plant.key)
    assert DatabasePointRegistry().version() > before


def test_a_disabled_gateway_is_known_as_such_to_the_door_and_unknown_to_the_broker(plant: Plant) -> None:
    with as_service("demo"):
        disable_gateway(plant.gateway)
        assert not known().enabled and "tank-farm" not in logins()
        with pytest.raises(Conflict) as refused:
            disable_gateway(plant.gateway)
        assert "停用" in refused.value.title.zh
        enable_gateway(plant.gateway)
        assert known().enabled and opens(plant.key)
        with pytest.raises(Conflict):
            enable_gateway(plant.gateway)


@pytest.mark.parametrize(
    "source", ["", "Tank", "tank farm", "-tank", "tank.farm", "tank/farm", "tank>", "罐区", "x" * 65]
)
def test_a_name_that_could_not_be_a_subject_of_the_broker_is_refused(plant: Plant, source: str) -> None:
    """A dot or a wildcard would be another gateway's subject."""
    with as_service("demo"), pytest.raises(InvalidFields) as refused:
        register_gateway(source=source, name="网关", enterprise_id=plant.enterprise)
    assert refused.value.errors[0][0] == "source"


def test_a_source_is_one_gateway_s_in_the_whole_region(plant: Plant) -> None:
    other = new_plant("other", region=YANCHI)
    with as_service("demo"), pytest.raises(Conflict):
        register_gateway(source="tank-farm", name="网关", enterprise_id=other.enterprise)
    with as_service("demo"), pytest.raises(InvalidFields):
        register_gateway(source="gw-9", name=" ", enterprise_id=plant.enterprise)
    with as_service("demo"), pytest.raises(NotFound):
        register_gateway(source="gw-9", name="网关", enterprise_id=uuid4())
    with as_service("demo"), pytest.raises(NotFound):
        register_gateway(source="gw-9", name="网关", enterprise_id=plant.enterprise, timeline=uuid4())


def test_only_connectors_of_that_place_connect_and_rotate(plant: Plant) -> None:
    with acting_as(new_principal("science_division", LINGWU)):
        rotate_gateway_key(plant.gateway)
    for role, place, expected in (
        ("local_bureau", LINGWU, Forbidden),
        ("enterprise_technical", LINGWU, Forbidden),
        ("science_division", YANCHI, NotFound),
    ):
        with acting_as(new_principal(role, place)):
            for step in (rotate_gateway_key, disable_gateway):
                with pytest.raises(expected):
                    step(plant.gateway)
            with pytest.raises(expected):
                register_gateway(source="gw-9", name="网关", enterprise_id=plant.enterprise)


def test_a_replay_s_gateway_carries_its_timeline_and_the_mark_of_an_exercise(plant: Plant) -> None:
    from anlan.platform.threads.services import create_timeline, reanchor_timeline

    with as_service("demo"):
        timeline = create_timeline("回放", origin=datetime(2024, 1, 1, tzinfo=UTC), rate=60.0)
        register_gateway(source="replay", name="回放", enterprise_id=plant.enterprise, timeline=timeline.id)
    record = known("replay")
    assert (record.timeline, record.timeline_rate) == (timeline.id, 60.0)
    assert record.timeline_origin_ms == 1_704_067_200_000
    before = DatabasePointRegistry().version()
    with as_service("demo"):
        reanchor_timeline(timeline.id, rate=1.0)
    assert known("replay").timeline_rate == 1.0 and DatabasePointRegistry().version() > before
    assert known().timeline is None and known().timeline_rate == 1.0


def test_what_comes_out_of_order_is_held_as_long_as_somebody_says_and_ten_minutes_at_most(
    plant: Plant,
) -> None:
    with as_service("demo"):
        before = DatabaseRuleSource().version()
        reorder_gateway(plant.gateway, reorder_s=90.0)
        with pytest.raises(InvalidFields):
            reorder_gateway(plant.gateway, reorder_s=601.0)
    rules = DatabaseRuleSource()
    assert rules.version() != before, "the evaluator hears of it"
    held = rules.conditions().reorder
    assert held is not None and held[:, 1].tolist() == [90_000]
    with acting_as(new_principal("duty_officer", LINGWU)), pytest.raises(Forbidden):
        reorder_gateway(plant.gateway, reorder_s=0.0)
