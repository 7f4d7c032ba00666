"""Another county sees nothing: asked of every route of the API, whatever it is called.

The officer of Yanchi holds every permission that there is, so nothing but the scope of
rows stands between him and Lingwu. A route that this test does not know how to ask
fails it: teach it here, with a reason, before the route goes out.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.server.conftest import LINGWU, YANCHI, browser_of, new_person
from tests.server.world import County, new_county

PERSONAL = {"get_session": "one's own session", "sign_in": "makes it", "sign_out": "ends it"}
"""Routes about the asking person alone."""

UNSCOPED = {"get_status": "the health of this installation's processes; no row of any county"}
"""Routes that everyone with their permission sees alike; asked all the same for words of Lingwu."""

NAMES = {
    "layer": (
        "major_hazards",
        "enterprises",
        "sites",
        "incidents",
        "footprints",
        "counties",
        "risk_enterprises",
    ),
    "zoom": ("7",),
    "x": ("101",),
    "y": ("49",),
    "code": ("gb18218_named",),
    "target": ("boundaries", "enterprises"),
    "form": ("geojson",),
}
"""What goes into a path that names something other than a row; the tile lies over Lingwu."""

OF_NO_COUNTY = {
    "preview_import": "tells what a file would bring in and writes nothing",
    "apply_import": "reference data that belong to no county",
    "publish_standard": "a table of standards, alike for all",
}
"""Routes that make nothing of a county's."""

FORM = "multipart/form-data"

SEVERAL = {
    "access_signal",
    "alarm_event",
    "alarm_kpi",
    "deadline",
    "point",
    "risk_change",
    "risk_score",
    "run",
    "structure",
    "warning_entry",
    "warning_evidence",
}
"""Resources of which a county here has more than one row."""

REFERENCE = {"standard_table", "standard_version", "standard_row"}
"""Resources that belong to no county: the standards, alike for all."""


@dataclass(frozen=True)
class Operation:
    """One route: how it is called and what it takes."""

    name: str
    method: str
    path: str
    parameters: tuple[dict[str, Any], ...]
    body: dict[str, Any] | None
    media: str = "application/json"

    @property
    def about_one(self) -> bool:
        return "{id}" in self.path

    def paths(self) -> Iterator[str]:
        """The path with every name that it can hold; the id of a row stays open."""
        open_names = [name for name in re.findall(r"\{([^}]*)\}", self.path) if name != "id"]
        for chosen in product(*(NAMES[name] for name in open_names)):
            path = self.path
            for name, value in zip(open_names, chosen, strict=True):
                path = path.replace(f"{{{name}}}", value)
            yield path

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@cache
def openapi() -> dict[str, Any]:
    """The router's own description of its routes."""
    from anlan.server.urls import api

    return dict(api.get_openapi_schema())


def operations() -> Iterator[Operation]:
    """Every route, from the router itself."""
    for path, methods in openapi()["paths"].items():
        for method, said in methods.items():
            content = said.get("requestBody", {}).get("content", {})
            yield Operation(
                said["operationId"],
                method.upper(),
                path,
                tuple(said.get("parameters", ())),
                next(iter(content.values()))["schema"] if content else None,
                next(iter(content), "application/json"),
            )


@pytest.fixture
def lingwu(db: Any) -> County:
    return new_county(LINGWU, "LINGWUMARK", 1, zone="ningdong")


@pytest.fixture
def yanchi(db: Any) -> County:
    return new_county(YANCHI, "YANCHIMARK", 2)


@pytest.fixture
def officer(db: Any, superuser: psycopg.Connection) -> Any:
    """A browser of somebody in Yanchi whose one role carries every permission there is."""
    from anlan.platform.identity.permissions import registered_permissions

    superuser.execute(
        "UPDATE identity_role SET permissions = %s WHERE code = 'local_bureau'",
        [sorted(registered_permissions())],
    )
    return browser_of(new_person("yanchi-officer", "local_bureau", YANCHI))


def test_every_route_is_asked(db: Any) -> None:
    names = {operation.name for operation in operations()}
    assert names >= PERSONAL.keys() | UNSCOPED.keys(), "a route that is excused here is gone"
    assert len(names) > 40


def test_reading_without_an_id_tells_nothing_of_another_county(
    lingwu: County, yanchi: County, officer: Any
) -> None:
    asked = [one for one in operations() if one.method == "GET" and not one.about_one]
    for operation in asked:
        if operation.name in PERSONAL:
            continue
        for path, query in product(operation.paths(), _queries(operation, lingwu)):
            answer = officer.get(path, query)
            text = answer.content.decode(errors="replace")
            assert answer.status_code == 200, f"{path} {query}: {answer.status_code} {text[:300]}"
            assert not _words_in(text, lingwu), f"{path} {query} tells of Lingwu"
            if query and operation.name.startswith(("list_", "count_")):
                assert _found(answer.json()) == 0 or not _narrowing(query), f"{path} {query} finds something"


def test_the_map_shows_the_officer_his_own_county_only(lingwu: County, yanchi: County, officer: Any) -> None:
    for layer in ("major_hazards", "enterprises", "sites", "incidents", "risk_enterprises"):
        text = officer.get(f"/api/map/features/{layer}").content.decode()
        assert yanchi.mark in text and lingwu.mark not in text, layer


def test_the_officer_does_see_his_own_county(yanchi: County, officer: Any) -> None:
    """Else the test above would pass on an empty answer."""
    from anlan.platform.resources import registered

    for resource in registered():
        if resource.name in REFERENCE:
            continue
        shown = officer.get(f"/api/{resource.plural}").json()
        rows = [row["id"] for row in shown["items"]]
        assert str(yanchi.ids[resource.name]) in rows, resource.name
        assert len(rows) == 1 or resource.name in SEVERAL, resource.name
        assert officer.get(f"/api/{resource.plural}/count").json()["total"] == len(rows)
        detail = officer.get(f"/api/{resource.plural}/{yanchi.ids[resource.name]}")
        assert detail.status_code == 200
        export = officer.get(f"/api/{resource.plural}/export.csv").content.decode()
        assert len(export.strip().splitlines()) == len(rows) + 2


def test_an_id_of_another_county_reads_like_one_that_never_was(
    lingwu: County, yanchi: County, officer: Any, superuser: psycopg.Connection
) -> None:
    """For details, charts, changes and every step: the same status and the same words."""
    before = _contents(superuser)
    for operation in operations():
        if not operation.about_one:
            continue
        payload = _payload(operation, lingwu)
        query = {p["name"]: _value(p["schema"], p["name"]) for p in operation.parameters if _needed(p)}
        nobody = _call(officer, operation, str(uuid4()), payload, query)
        assert nobody.status_code == 404, f"{operation}: {nobody.status_code} {nobody.content[:300]!r}"
        for id in lingwu.ids.values():
            answer = _call(officer, operation, str(id), payload, query)
            assert answer.status_code == 404, f"{operation} {id}: {answer.content[:300]!r}"
            assert answer.content == nobody.content, f"{operation} answers differently for what exists"
    assert _contents(superuser) == before


def test_nothing_can_be_made_in_or_under_another_county(
    lingwu: County, yanchi: County, officer: Any, superuser: psycopg.Connection
) -> None:
    before = _contents(superuser)
    for operation in operations():
        if operation.method != "POST" or operation.about_one or operation.name in PERSONAL | OF_NO_COUNTY:
            continue
        payload = _payload(operation, lingwu)
        refused = _call(officer, operation, "", payload, {})
        assert refused.status_code in (403, 404, 422), f"{operation}: {refused.content[:300]!r}"
        if refused.status_code == 422:
            assert refused.json()["errors"], f"{operation}: {refused.content[:300]!r}"
        strange = {name: str(uuid4()) if name.endswith("_id") else value for name, value in payload.items()}
        assert _call(officer, operation, "", strange, {}).content == refused.content, (
            f"{operation} answers differently for what exists"
        )
    assert _contents(superuser) == before


def test_words_of_refusals_name_no_row(lingwu: County, officer: Any) -> None:
    for operation in operations():
        if operation.name in PERSONAL or operation.method == "GET":
            continue
        answer = _call(officer, operation, str(lingwu.ids["alarm"]), _payload(operation, lingwu), {})
        words = lingwu.words - {str(id) for id in lingwu.ids.values()}
        assert not [word for word in words if word in answer.content.decode()], operation


def test_a_visitor_without_a_session_gets_no_further_than_the_door(lingwu: County) -> None:
    from django.test import Client

    for operation in operations():
        if operation.name in PERSONAL:
            continue
        answer = _call(Client(), operation, str(lingwu.ids["alarm"]), _payload(operation, lingwu), {})
        assert answer.status_code == 401, operation
        assert answer.json()["code"] == "not_signed_in"


# -- how a route is asked --------------------------------------------------------


def _queries(operation: Operation, county: County) -> Iterator[dict[str, str]]:
    """No query, then each filter with what would find *county*."""
    required = {p["name"]: str(_value(p["schema"], p["name"])) for p in operation.parameters if _needed(p)}
    yield required
    for parameter in operation.parameters:
        name = parameter["name"]
        if name == "q":
            yield {**required, "q": county.mark}
        elif name == "region":
            yield {**required, "region": county.region}
        elif name == "id":
            yield {**required, "id": str(county.ids["point"])}
        elif name.endswith("_id") and name.removesuffix("_id") in county.ids:
            yield {**required, name: str(county.ids[name.removesuffix("_id")])}


def _found(said: Any) -> int:
    """How many rows an answer tells of, whatever its shape."""
    return len(said) if isinstance(said, list) else int(said.get("total", len(said.get("items", ()))))


def _narrowing(query: dict[str, str]) -> bool:
    """Whether the query asks for something of a county, not only for what the route needs."""
    return bool(query.keys() - {"before", "after", "lon", "lat", "radius_m"})


def _call(browser: Any, operation: Operation, id: str, payload: Any, query: dict[str, Any]) -> Any:
    path = next(operation.paths()).replace("{id}", id)
    if query:
        path += "?" + "&".join(f"{name}={value}" for name, value in query.items())
    if operation.body is None:
        return browser.generic(operation.method, path)
    if operation.media == FORM:
        file = SimpleUploadedFile("places.csv", b"name,lon,lat\na,106,38\n")
        return browser.post(path, {**payload, "file": file})
    return browser.generic(operation.method, path, json.dumps(payload), "application/json")


def _needed(parameter: dict[str, Any]) -> bool:
    return bool(parameter["in"] == "query" and parameter.get("required"))


def _payload(operation: Operation, county: County) -> dict[str, Any]:
    """A body that is right in form and speaks of *county* wherever it can."""
    if operation.body is None:
        return {}
    schema = _resolved(operation.body)
    payload = {
        name: _value(said, name, county)
        for name, said in schema["properties"].items()
        if name in schema.get("required", ())
    }
    if operation.name == "create_enterprise":
        from anlan.domains.monitoring.enterprises.credit_code import check_digit

        payload |= {"code": "9164" + "7" * 13 + check_digit("9164" + "7" * 13), "region": county.region}
    if operation.name in ("create_point", "create_limit"):
        payload |= {"unit": "°C"} if operation.name == "create_point" else {"threshold": 5.0}
    return payload


def _value(said: dict[str, Any], name: str, county: County | None = None) -> Any:
    """A value that the schema *said* accepts."""
    said = _resolved(said)
    if county and name.removesuffix("_id") in county.ids:
        return str(county.ids[name.removesuffix("_id")])
    if "enum" in said:
        return said["enum"][0]
    if said.get("format") == "uuid":
        return str(uuid4())
    if said.get("format") == "date-time":
        return "2026-05-01T00:00:00Z" if name in ("from", "start") else "2026-05-02T00:00:00Z"
    if "anyOf" in said:
        return _value(said["anyOf"][0], name, county)
    kind = said.get("type")
    if kind == "array":
        return [_value(said["items"], name, county)] * max(1, said.get("minItems", 1))
    if kind == "object":
        return {
            inner: _value(about, inner, county)
            for inner, about in said.get("properties", {}).items()
            if inner in said.get("required", ())
        }
    if said.get("format") == "date":
        return "2027-01-01"
    if kind == "string":
        return "x" * max(2, said.get("minLength", 2))
    if kind in ("integer", "number"):
        return max(1, said.get("minimum", 1))
    if kind == "boolean":
        return True
    raise AssertionError(f"the test does not know how to fill in {name}: {said}")


def _resolved(said: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in said:
        return dict(openapi()["components"]["schemas"][said["$ref"].rsplit("/", 1)[1]])
    return said


def _words_in(text: str, county: County) -> list[str]:
    return [word for word in county.words if word in text]


def _contents(superuser: psycopg.Connection) -> dict[str, Any]:
    """Every row of the apps' tables, as PostgreSQL writes it."""
    tables = superuser.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~"
        " '^(enterprises|points|alarms|hazards|incidents|simulation|weather|provenance|standards|geo|files|jobs"
        "|deadlines|warnings|commitments|patrol)_'"
        " ORDER BY 1"
    ).fetchall()
    return {
        name: superuser.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1').fetchall()  # type: ignore[call-overload]  # noqa: S608
        for (name,) in tables
    }
