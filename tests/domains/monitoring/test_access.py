"""申请 → 点位核验 → 联调 → 验收 → 考核: connecting the plan's families."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from tests.domains.monitoring.plant import credit_code
from tests.domains.monitoring.readings import send
from tests.people import LINGWU, YANCHI, as_service, new_principal

from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.kernel.levels import Condition
from anlan.platform.commands import acting_as, read_scope

DAY = timedelta(days=1)
NOON = datetime(2026, 6, 2, 4, tzinfo=UTC)
EVERY_S = 60.0


@dataclass(frozen=True)
class Store:
    """A nitrocellulose warehouse that is to be connected, and its points by signal."""

    connection: UUID
    enterprise: UUID
    gateway: UUID
    points: dict[str, tuple[UUID, int]]


def new_warehouse(source: str, *, temperature_unit: str = "°C", leave_out: str = "") -> Store:
    """The enterprise, its gateway, a point for each required signal but *leave_out*, and the application."""
    from anlan.domains.monitoring.access.services import apply_for_connection
    from anlan.domains.monitoring.access.states import Family
    from anlan.domains.monitoring.enterprises.services import create_enterprise
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind
    from anlan.domains.monitoring.points.services import create_point, register_gateway
    from anlan.domains.monitoring.points.states import PointKind

    wanted = {
        "temperature": (PointKind.TEMPERATURE, temperature_unit),
        "humidity": (PointKind.HUMIDITY, "%"),
        "smoke": (PointKind.FLAME, ""),
    }
    with as_service("demo"), use_clock(FixedClock(NOON - 2 * DAY)):
        enterprise = create_enterprise(
            code=credit_code(), name=f"{source}仓储", region=LINGWU, kind=EnterpriseKind.HAZCHEM
        )
        gateway = register_gateway(source=source, name="网关", enterprise_id=enterprise.id).gateway
        points = {}
        for signal, (kind, unit) in wanted.items():
            if signal == leave_out:
                continue
            point = create_point(
                gateway_id=gateway.id,
                tag=f"{signal}-1",
                name=signal,
                unit=unit,
                kind=kind,
                sampling_s=EVERY_S,
            )
            points[signal] = (point.id, point.number)
        connection = apply_for_connection(
            enterprise_id=enterprise.id, family=Family.NITROCELLULOSE, name="1 号库"
        )
    return Store(connection.id, enterprise.id, gateway.id, points)


def commissioned(warehouse: Store, at: datetime = NOON - DAY) -> None:
    """Matched, verified, and in commissioning since *at*."""
    from anlan.domains.monitoring.access import services

    with as_service("demo"), use_clock(FixedClock(at)):
        services.match_points(warehouse.connection)
        services.verify_connection(warehouse.connection)
        services.begin_commissioning(warehouse.connection)


def test_a_required_signal_without_a_point_keeps_the_connection_from_being_verified(db: Any) -> None:
    from anlan.domains.monitoring.access.services import match_points, verify_connection

    warehouse = new_warehouse("gw-a", leave_out="humidity")
    with as_service("demo"):
        assert match_points(warehouse.connection).missing == ("库内湿度",)
        with pytest.raises(Conflict) as refused:
            verify_connection(warehouse.connection)
    assert refused.value.facts["missing"] == ["humidity"]


def test_where_two_points_would_do_a_person_chooses(db: Any) -> None:
    from anlan.domains.monitoring.access.models import Signal
    from anlan.domains.monitoring.access.services import add_signal, match_points, set_point
    from anlan.domains.monitoring.points.services import create_point
    from anlan.domains.monitoring.points.states import PointKind

    warehouse = new_warehouse("gw-b")
    with as_service("demo"):
        second = create_point(
            gateway_id=warehouse.gateway,
            tag="temperature-2",
            name="北墙温度",
            unit="°C",
            kind=PointKind.TEMPERATURE,
            sampling_s=EVERY_S,
        )
        assert "库内温度" in match_points(warehouse.connection).missing
        with read_scope():
            signal = Signal.objects.get(connection_id=warehouse.connection, key="temperature")
        set_point(signal.id, version=signal.version, changes={"point_id": second.id})
        first = warehouse.points["temperature"][0]
        more = add_signal(signal_id=signal.id, point_id=first)
        assert (more.key, more.point_id) == ("temperature", first)
        with pytest.raises(Conflict, match="carries another signal"):
            add_signal(signal_id=signal.id, point_id=first)


def test_a_point_that_measures_something_else_is_refused(db: Any) -> None:
    from anlan.domains.monitoring.access.models import Signal
    from anlan.domains.monitoring.access.services import set_point

    warehouse = new_warehouse("gw-c")
    with as_service("demo"):
        with read_scope():
            signal = Signal.objects.get(connection_id=warehouse.connection, key="humidity")
        with pytest.raises(Invalid):
            set_point(signal.id, version=1, changes={"point_id": warehouse.points["temperature"][0]})


@pytest.mark.parametrize(("kept", "accepted"), [(1.0, True), (0.95, True), (0.94, False)])
def test_acceptance_asks_for_95_per_cent_of_a_day_s_readings(
    db: Any, store: Any, kept: float, accepted: bool
) -> None:
    from anlan.domains.monitoring.access.services import accept_connection, measure_completeness
    from anlan.domains.monitoring.access.states import AccessState

    warehouse = new_warehouse(f"gw-{int(100 * kept)}")
    commissioned(warehouse)
    for _, number in warehouse.points.values():
        send(store, number, NOON - DAY, EVERY_S * np.arange(round(1440 * kept)))
    with as_service("demo"), use_clock(FixedClock(NOON)):
        measured = measure_completeness(warehouse.connection).completeness_percent
        assert measured == pytest.approx(100 * kept, abs=0.05)
        if accepted:
            assert accept_connection(warehouse.connection).state is AccessState.ACCEPTED
        else:
            with pytest.raises(Conflict, match=r"94\.0 %"):
                accept_connection(warehouse.connection)


def test_commissioning_is_not_measured_before_its_day_is_over(db: Any, store: Any) -> None:
    from anlan.domains.monitoring.access.services import accept_connection, measure_completeness

    warehouse = new_warehouse("gw-d")
    commissioned(warehouse, at=NOON - timedelta(hours=23))
    with as_service("demo"), use_clock(FixedClock(NOON)):
        with pytest.raises(Conflict, match="24 hours"):
            measure_completeness(warehouse.connection)
        with pytest.raises(Conflict, match="not been measured"):
            accept_connection(warehouse.connection)


def test_the_family_s_limits_are_set_in_the_point_s_own_unit_and_never_over_the_enterprise_s(db: Any) -> None:
    from anlan.domains.monitoring.access.services import apply_family_rules, match_points, verify_connection
    from anlan.domains.monitoring.points.queries import limits_of_point
    from anlan.domains.monitoring.points.services import set_limit

    warehouse = new_warehouse("gw-e", temperature_unit="K")
    temperature, humidity = warehouse.points["temperature"][0], warehouse.points["humidity"][0]
    with as_service("demo"):
        set_limit(point_id=humidity, kind=Condition.HIGH, threshold=70.0)
        match_points(warehouse.connection)
        verify_connection(warehouse.connection)
        apply_family_rules(warehouse.connection)
        with read_scope():
            (hot,) = limits_of_point(temperature)
            (damp,) = limits_of_point(humidity)
    assert (hot.kind, hot.threshold, hot.deadband) == (
        Condition.HIGH,
        pytest.approx(303.15),
        pytest.approx(1.0),
    )
    assert damp.threshold == 70.0


def new_station(source: str, *, apart: bool = False) -> UUID:
    """A loading station with its required points in one process unit (or not), verified."""
    from anlan.domains.monitoring.access import services
    from anlan.domains.monitoring.access.states import Family
    from anlan.domains.monitoring.enterprises.services import create_enterprise, create_process_unit
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
    from anlan.domains.monitoring.points.services import create_point, register_gateway
    from anlan.domains.monitoring.points.states import PointKind

    with as_service("demo"):
        enterprise = create_enterprise(
            code=credit_code(), name=f"{source}储运", region=LINGWU, kind=EnterpriseKind.HAZCHEM
        )
        units = [
            create_process_unit(
                enterprise_id=enterprise.id, code=code, name=code, kind=ProcessUnitKind.LOADING
            ).id
            for code in ("Z-1", "Z-2")
        ]
        gateway = register_gateway(source=source, name="网关", enterprise_id=enterprise.id).gateway
        points = {
            signal: create_point(
                gateway_id=gateway.id,
                tag=signal,
                name=signal,
                unit=unit,
                kind=kind,
                sampling_s=1.0,
                process_unit_id=units[1] if apart and signal == "ground" else units[0],
            ).id
            for signal, kind, unit in (
                ("ground", PointKind.CONTACT, ""),
                ("overflow", PointKind.CONTACT, ""),
                ("flow", PointKind.FLOW, "m³/h"),
                ("flammable_gas", PointKind.FLAMMABLE_GAS, "%LEL"),
            )
        }
        connection = services.apply_for_connection(
            enterprise_id=enterprise.id, family=Family.LOADING, name="1 号站台"
        ).id
        services.match_points(connection)
        from anlan.domains.monitoring.access.models import Signal

        with read_scope():
            owed = {signal.key: signal for signal in Signal.objects.filter(connection_id=connection)}
        for signal in ("ground", "overflow"):
            services.set_point(
                owed[signal].id, version=owed[signal].version, changes={"point_id": points[signal]}
            )
        services.verify_connection(connection)
    return connection


def combined_rules(connection: UUID) -> list[Any]:
    from anlan.domains.monitoring.points.models import Limit

    with as_service("demo"), read_scope():
        return list(Limit.objects.filter(kind=Condition.COMBINED.value).order_by("name"))


def test_a_loading_station_has_grounding_before_pump_and_the_overflow_interlock_once(db: Any) -> None:
    from anlan.domains.monitoring.access.services import apply_family_rules

    station = new_station("gw-h")
    with as_service("demo"):
        apply_family_rules(station)
        apply_family_rules(station)
    rules = combined_rules(station)
    assert [rule.name for rule in rules] == ["未接地先装车", "溢油触发仍有流量"]
    assert all(len(rule.members) == 2 and rule.needed is None for rule in rules)


def test_an_interlock_over_two_process_units_is_told_and_the_limits_are_set_all_the_same(db: Any) -> None:
    from anlan.domains.monitoring.access.models import Connection
    from anlan.domains.monitoring.access.services import apply_family_rules

    station = new_station("gw-i", apart=True)
    with as_service("demo"):
        apply_family_rules(station)
        with read_scope():
            note = Connection.objects.get(id=station).note
    assert "未接地先装车" in note
    assert [rule.name for rule in combined_rules(station)] == ["溢油触发仍有流量"]


def test_the_month_is_assessed_once_by_the_table_of_its_time(db: Any, store: Any) -> None:
    from anlan.domains.monitoring.access import services
    from anlan.domains.monitoring.access.models import Assessment, Connection

    warehouse = new_warehouse("gw-f")
    commissioned(warehouse)
    for _, number in warehouse.points.values():
        send(store, number, NOON - DAY, EVERY_S * np.arange(1440))
        # until half of the time between acceptance and the end of June, by China's days
        half_s = (datetime(2026, 6, 30, 16, tzinfo=UTC) - NOON).total_seconds() / 2
        send(store, number, NOON, EVERY_S * np.arange(round(half_s / EVERY_S)))
    with as_service("demo"), use_clock(FixedClock(NOON)):
        services.measure_completeness(warehouse.connection)
        services.accept_connection(warehouse.connection)
    with as_service("worker"), use_clock(FixedClock(datetime(2026, 7, 1, 1, tzinfo=UTC))):
        assert services.assess_month_of_all() == 1
        assert services.assess_month_of_all() == 0
        with read_scope():
            made = Assessment.objects.get(connection_id=warehouse.connection)
            connection = Connection.objects.get(id=warehouse.connection)
    assert (made.month, made.met, made.points) == (date(2026, 6, 1), False, 3)
    assert made.online_percent == connection.online_percent == pytest.approx(50.0, abs=0.1)


def test_another_county_sees_no_connection(db: Any) -> None:
    from anlan.domains.monitoring.access.models import Connection, Signal
    from anlan.domains.monitoring.access.services import withdraw_connection

    warehouse = new_warehouse("gw-g")
    with acting_as(new_principal("local_bureau", YANCHI)):
        with read_scope():
            assert not Connection.objects.exists() and not Signal.objects.exists()
        with pytest.raises(NotFound):
            withdraw_connection(warehouse.connection, note="不在本县")


def test_every_rule_and_interlock_of_the_tables_speaks_of_a_signal_of_its_family(db: Any) -> None:
    from anlan.domains.monitoring.access import tables
    from anlan.domains.monitoring.access.states import Family, Obligation
    from anlan.domains.monitoring.points.states import PointKind
    from anlan.kernel.levels import AlarmLevel
    from anlan.kernel.units import UNITS
    from anlan.platform.standards.queries import table_in_force

    with as_service("demo"), read_scope():
        signals, rules = table_in_force(tables.SIGNALS).rows, table_in_force(tables.RULES).rows
        interlocks = table_in_force(tables.INTERLOCKS).rows
    assert {row.values["family"] for row in signals.values()} == {family.value for family in Family}
    for row in signals.values():
        assert row.values["unit"] in UNITS
        PointKind(row.values["kind"]), Obligation(row.values["obligation"])
    for row in rules.values():
        assert f"{row.values['family']}.{row.values['signal']}" in signals
        Condition(row.values["condition"]), AlarmLevel(row.values["level"])
    for row in interlocks.values():
        for member in str(row.values["members"]).split(";"):
            signal = member.replace("<", ">").split(">")[0]
            assert f"{row.values['family']}.{signal}" in signals
