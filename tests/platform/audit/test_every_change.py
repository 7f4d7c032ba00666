"""No change and no refusal without a record: asked of every table and of every changing route."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.people import LINGWU
from tests.server.conftest import browser_of, new_person
from tests.server.world import County, new_county

UNAUDITED = {
    "alarms_evaluatorprogress": "a place in the log; nobody decides it",
    "audit_row": "the audit itself",
    "audit_seal": "the audit itself",
    "commands_command": "refusals, changes and deletions are audited; what was done is in the audit of its tables",
    "django_content_type": "made by migrations",
    "jobs_progress": "measurements of how far a job is; the job itself is audited",
    "procrastinate_events": "the queue's own; the jobs that people ask for are audited",
    "procrastinate_jobs": "the queue's own; the jobs that people ask for are audited",
    "procrastinate_periodic_defers": "the queue's own",
    "procrastinate_workers": "the queue's own",
    "django_migrations": "the owner's",
    "django_session": "sessions; signing in and out are commands",
    "identity_knownpermission": "made by migrations",
    "identity_signinattempt": "counters of the lock-out; each try is a command",
    "outbox_outboxevent": "tells of changes that are audited themselves",
    "points_limitversion": "former versions of limits, whose changes are audited; written once",
    "points_latestvalue": "measurements; the history has them",
    "points_tableversion": "raised by triggers",
    "risk_riskround": "when scores were last computed; nobody decides it",
    "risk_riskscore": "measurements; what changed a level is in the history, which is audited",
    "scope_functionalzone": "the owner's",
    "scope_region": "the owner's",
    "scope_zoneregion": "the owner's",
}
"""Tables without the audit's triggers, each with its reason. A new one must be audited, or argue here."""


def test_every_table_is_audited_or_has_a_reason(db: Any, superuser: psycopg.Connection) -> None:
    tables = superuser.execute(
        "SELECT relname, EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'audit_rows'"
        " AND t.tgtype & 28 = 28) FROM pg_class c"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    ).fetchall()
    assert {name for name, audited in tables if not audited} == set(UNAUDITED) & {name for name, _ in tables}
    assert len(tables) > 20


def test_the_owner_s_tables_cannot_be_changed_by_the_application(
    db: Any, application: psycopg.Connection
) -> None:
    owned = [name for name, reason in UNAUDITED.items() if "owner" in reason or "triggers" in reason]
    assert len(owned) == 5
    for table in owned:
        for statement in (f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES"):  # noqa: S608
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(statement)  # type: ignore[call-overload]


# -- every changing route, refused ---------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """How a changing route is asked, and the service that must have decided."""

    verb: str
    body: dict[str, Any] | None = None
    about: str | None = None
    form: bool = False


def steps(county: County) -> dict[str, Step]:
    """By the route's name. A new route fails the test below until it stands here."""
    from anlan.domains.monitoring.enterprises.credit_code import check_digit

    ids = {name: str(id) for name, id in county.ids.items()}
    body = "9164" + "7" * 13
    enterprise = {"name": "新企业", "code": body + check_digit(body), "region": LINGWU, "kind": "hazchem"}
    unit = {"enterprise_id": ids["enterprise"], "code": "U-9", "name": "罐区", "kind": "tank_farm"}
    point = {"gateway_id": ids["gateway"], "tag": "T-9", "name": "温度", "kind": "temperature", "unit": "°C"}
    change = {"version": 1}
    commitment = {"enterprise_id": ids["enterprise"], "promiser": "李四", "units_total": 1}
    commitment |= {"units_running": 1, "units_stopped": 0, "units_maintained": 0}
    work = {"enterprise_id": ids["enterprise"], "number": "DH-9", "kind": "hot_work", "grade": "second"}
    work |= {"place": "管廊", "responsible": "张三"}
    work |= {"starts_at": "2026-11-26T01:00:00Z", "ends_at": "2026-11-26T03:00:00Z"}
    gas_test = {"kind": "flammable", "value": 0, "unit": "%LEL", "tester": "王五"}
    gas_test |= {"sampled_at": "2026-11-26T01:00:00Z"}
    return {
        "create_enterprise": Step("enterprises.create", enterprise),
        "update_enterprise": Step("enterprises.update", {**change, "name": "改名"}),
        "create_process_unit": Step("enterprises.create_unit", unit),
        "update_process_unit": Step("enterprises.update_unit", {**change, "name": "改名"}),
        "create_point": Step("points.create", {**point, "sampling_s": 1}),
        "update_point": Step("points.update", {**change, "name": "改名"}),
        "create_limit": Step(
            "limits.create", {"point_id": ids["point"], "kind": "HH", "threshold": 95, "level": "1"}
        ),
        "update_limit": Step("limits.update", {**change, "threshold": 81}),
        "create_rule": Step(
            "rules.create", {"point_id": ids["point"], "kind": "rising", "threshold": 2, "window_s": 60}
        ),
        "combine_rules": Step(
            "rules.create", {"point_id": ids["point"], "name": "组合", "members": [ids["limit"], ids["rule"]]}
        ),
        "update_rule": Step("limits.update", {**change, "threshold": 81}),
        "register_gateway": Step(
            "gateways.register", {"source": "gw-9", "name": "网关", "enterprise_id": ids["enterprise"]}
        ),
        "rotate_gateway_key": Step("gateways.rotate_key"),
        "disable_gateway": Step("gateways.disable"),
        "enable_gateway": Step("gateways.enable"),
        "reorder_gateway": Step("gateways.reorder", {"reorder_s": 60}),
        "confirm_alarm": Step("alarms.confirm", {"cause": "real"}),
        "handle_alarm": Step("alarms.handle", {"note": "降温"}),
        "close_alarm": Step("alarms.close", {}),
        "comment_alarm": Step("alarms.comment", {"note": "已电话核实"}),
        "warn_alarm": Step("warnings.from_alarm", {"level": "red", "note": "研判"}, "alarm"),
        "warn_discrepancy": Step(
            "warnings.from_discrepancy", {"level": "yellow", "note": "漏报动火"}, "discrepancy"
        ),
        "push_warning": Step("warnings.push", {}),
        "dismiss_warning": Step("warnings.dismiss", {"note": "不成立"}),
        "sign_warning": Step("warnings.sign", {}),
        "feed_back_warning": Step("warnings.feed_back", {"measures": "已处置"}, "warning"),
        "verify_warning": Step("warnings.verify", {"note": "属实"}),
        "send_back_warning": Step("warnings.send_back", {"note": "不详"}, "warning"),
        "close_warning": Step("warnings.close", {}),
        "hand_over_warning": Step("warnings.hand_over", {"office": "执法队", "note": "拒不整改"}, "warning"),
        "archive_warning": Step("warnings.archive", {}),
        "note_warning": Step("warnings.note", {"note": "电话"}),
        "create_circular": Step("circulars.issue", {"title": "通报", "text": "请自查", "region": LINGWU}),
        "sign_circular": Step("circulars.sign"),
        "feed_back_circular": Step("circulars.feed_back", {"measures": "已自查"}, "circular"),
        "send_back_circular": Step("circulars.send_back", {"note": "不详"}, "circular"),
        "close_circular": Step("circulars.close"),
        "create_commitment": Step("commitments.submit", commitment),
        "update_commitment": Step("commitments.update", {**change, "hot_first": 1}),
        "create_special_work": Step("special_work.apply", work),
        "approve_special_work": Step("special_work.approve", {}),
        "refuse_special_work": Step("special_work.refuse", {"note": "无方案"}),
        "gas_test_special_work": Step("special_work.gas_test", gas_test, "special_work"),
        "start_special_work": Step("special_work.start"),
        "accept_special_work": Step("special_work.accept", {}),
        "close_special_work": Step("special_work.close"),
        "explain_discrepancy": Step("discrepancies.explain", {"note": "漏报"}),
        "reopen_discrepancy": Step("discrepancies.reopen", {"note": "不详"}),
        "settle_discrepancy": Step("discrepancies.settle", {"note": "已更正"}),
        "assign_alarm": Step("alarms.assign", {"role": "park"}),
        "shelve_alarm": Step("alarms.shelve", {"minutes": 5, "reason": "仪表待更换"}),
        "confirm_alarm_group": Step("alarms.confirm_group", {"cause": "real"}),
        "approve_shelving": Step("alarms.approve_shelving"),
        "refuse_shelving": Step("alarms.refuse_shelving", {"note": "先停车"}),
        "end_shelving": Step("alarms.unshelve", {"note": "已更换"}),
        "create_maintenance_window": Step(
            "alarms.declare_maintenance",
            {
                "enterprise_id": ids["enterprise"],
                "starts_at": "2026-12-01T00:00:00Z",
                "ends_at": "2026-12-01T08:00:00Z",
                "reason": "储罐清洗",
            },
        ),
        "create_alarm_report": Step("alarms.report", {"month": "2026-11", "region": LINGWU}),
        "end_maintenance_window": Step("alarms.end_maintenance", {"note": "提前完工"}),
        "feed_back_bulletin": Step("patrol.feed_back", {"contact": "周志", "note": "已督办"}, "bulletin"),
        "issue_bulletins": Step("patrol.issue"),
        "open_incident_alarm": Step("incidents.open_from_alarm", {"kind": "fire"}, "alarm"),
        "create_incident": Step(
            "incidents.open", {"kind": "fire", "title": "火情", "lon": 106.3, "lat": 38.1, "region": LINGWU}
        ),
        "handle_incident": Step("incidents.handle", {"note": "出动"}),
        "facts_incident": Step("incidents.facts", {"dead": 1}),
        "note_incident": Step("incidents.note", {"note": "电话"}),
        "end_incident": Step("incidents.end", {"note": "结束了"}),
        "compute_incident_footprint": Step(
            "incidents.compute_footprint", {"rate_kg_s": 1, "duration_s": 600}, "incident"
        ),
        "assess_alarm_threat": Step("incidents.assess_threat", {}, "alarm"),
        "update_major_hazard": Step("hazards.update", {**change, "name": "改名"}),
        "create_stock_movement": Step(
            "hazards.move_stock", {"holding_id": ids["holding"], "kind": "inbound", "quantity_t": 1}
        ),
        "create_scenario": Step(
            "simulation.create_scenario", {"title": "推演", "start_from": "ammonium_nitrate_store"}
        ),
        "update_scenario": Step("simulation.update_scenario", {**change, "title": "改名"}),
        "run_scenario": Step("simulation.run_scenario"),
        "report_earthquake": Step(
            "simulation.report_earthquake",
            {
                "event_id": "CD1",
                "magnitude": 5.0,
                "lon": 106.3,
                "lat": 38.1,
                "depth_km": 10,
                "at": "2026-11-21T03:30:00+08:00",
                "region": LINGWU,
            },
        ),
        "create_scenario_pack": Step(
            "simulation.create_pack", {"name": "liupan_forest_fire", "region": LINGWU}
        ),
        "cancel_job": Step("jobs.cancel"),
        "create_connection": Step(
            "access.apply", {"enterprise_id": ids["enterprise"], "family": "loading", "name": "站台"}
        ),
        "bind_connection": Step("access.bind"),
        "verify_connection": Step("access.verify", {}),
        "send_back_connection": Step("access.send_back", {"note": "点位不全"}),
        "reapply_connection": Step("access.reapply", {}),
        "commission_connection": Step("access.commission"),
        "measure_connection": Step("access.measure"),
        "accept_connection": Step("access.accept", {}),
        "apply_rules_connection": Step("access.apply_rules", None, "connection"),
        "change_connection": Step("access.change", {"note": "换网关"}),
        "withdraw_connection": Step("access.withdraw", {"note": "停产"}),
        "create_access_signal": Step(
            "access.add_signal", {"signal_id": ids["access_signal"], "point_id": ids["point"]}
        ),
        "update_access_signal": Step("access.set_point", {**change, "point_id": ids["point"]}),
        "create_access_assessment": Step(
            "access.assess", {"connection_id": ids["connection"], "month": "2026-05-01"}
        ),
        "create_structure": Step(
            "structures.create",
            {"enterprise_id": ids["enterprise"], "kind": "pit_slope", "code": "B-9", "name": "北帮"},
        ),
        "judge_structure": Step("structures.judge"),
        "create_slope_station": Step(
            "structures.add_station",
            {
                "structure_id": ids["structure"],
                "name": "G9",
                "east_id": ids["point"],
                "north_id": ids["point"],
                "up_id": ids["point"],
            },
        ),
        "update_slope_station": Step("structures.file_station_scale", {**change, "filed_in": "方案"}),
        "create_pond_point": Step(
            "structures.add_pond_point",
            {"structure_id": ids["structure"], "item": "rain", "point_id": ids["point"]},
        ),
        "update_pond_point": Step("structures.file_pond_scale", {**change, "filed_in": "方案"}),
        "store_file": Step("files.store", {"region": LINGWU}, form=True),
        "apply_import": Step("geo.import_boundaries", {"system": "wgs84", "source": "试验"}, form=True),
        "publish_standard": Step(
            "standards.publish",
            {
                "based_on": 1,
                "effective_from": "2027-01-01",
                "source": "试验",
                "changes": [{"key": "1", "values": {"critical_t": 1}}],
            },
        ),
    }


OF_ONESELF = {"sign_in", "sign_out", "read_notice"}
"""Commands of their own; see the tests of identity and notices."""

CHANGES_NOTHING = {"preview_import"}
NAMED = {"target": "boundaries", "code": "gb18218_named"}
"""What goes into a path that names something other than a row."""


@cache
def changing_routes() -> dict[str, tuple[str, str]]:
    """Name to method and path, from the router itself."""
    from anlan.server.urls import api

    return {
        said["operationId"]: (method.upper(), path)
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, said in methods.items()
        if method != "get"
    }


@pytest.fixture
def lingwu(db: Any) -> County:
    return new_county(LINGWU, "LINGWUMARK", 1)


def test_every_changing_route_is_known_here(lingwu: County) -> None:
    assert changing_routes().keys() == steps(lingwu).keys() | OF_ONESELF | CHANGES_NOTHING


def test_whoever_may_look_but_not_touch_is_refused_everywhere_and_each_refusal_is_recorded(
    lingwu: County, superuser: psycopg.Connection
) -> None:
    superuser.execute(
        "UPDATE identity_role SET permissions = array_append(permissions, 'gateways.read') WHERE code = 'leader'"
    )
    leader = new_person("leader", "leader", LINGWU)
    browser = browser_of(leader)
    for name, step in steps(lingwu).items():
        method, path = changing_routes()[name]
        about = step.about or re.sub(r"^(send_back|[a-z]+)_|_key$", "", name)
        values = {**NAMED, "id": str(lingwu.ids[about])} if "{id}" in path else NAMED
        for key, value in values.items():
            path = path.replace(f"{{{key}}}", value)
        if step.form:
            file = SimpleUploadedFile("places.csv", b"adcode,lon,lat\n640181,106,38\n")
            answer = browser.post(path, {**(step.body or {}), "file": file})
        else:
            answer = browser.generic(method, path, _json(step.body), "application/json")
        assert answer.status_code == 403, f"{name}: {answer.status_code} {answer.content!r}"
        recorded = superuser.execute(
            "SELECT after ->> 'verb', after ->> 'outcome' FROM audit_row"
            " WHERE table_name = 'commands_command' AND principal = %s ORDER BY id DESC LIMIT 1",
            [f"user:{leader.id}"],
        ).fetchone()
        assert recorded == (step.verb, "refused"), name
    count = superuser.execute(
        "SELECT count(*) FROM audit_row WHERE table_name = 'commands_command' AND principal = %s",
        [f"user:{leader.id}"],
    ).fetchone()
    assert count == (len(steps(lingwu)),), "exactly one record for each"


def test_every_service_is_declared_with_a_registered_permission(db: Any) -> None:
    """A service whose permission nobody declared would fail for everybody, with an error instead of a refusal."""
    import inspect

    from anlan.platform.commands.execution import registered_services
    from anlan.platform.identity.permissions import registered_permissions

    for verb, service in registered_services().items():
        permission = inspect.getclosurevars(service.call).nonlocals["permission"]
        assert permission in registered_permissions(), f"{verb} asks for {permission}"
    assert len(registered_services()) > 25


def _json(body: dict[str, Any] | None) -> str:
    import json

    return "" if body is None else json.dumps(body)
