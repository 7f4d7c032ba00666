"""Enterprises: a credit code that can be right, a place that exists, words that say something."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domains.monitoring.plant import credit_code, new_plant
from tests.people import LINGWU, YANCHI, as_service, new_principal

from anlan.domains.monitoring.enterprises.credit_code import ALPHABET, check_digit, is_valid
from anlan.domains.monitoring.enterprises.models import Enterprise
from anlan.domains.monitoring.enterprises.services import (
    create_enterprise,
    create_process_unit,
    update_enterprise,
    update_process_unit,
)
from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.platform.commands import acting_as, read_scope
from anlan.platform.http.problems import InvalidFields
from anlan.platform.resources.editing import Stale

bodies = st.text(ALPHABET, min_size=17, max_size=17)


# -- 统一社会信用代码 (GB 32100-2015) ---------------------------------------------------------------------


@given(bodies)
def test_exactly_one_check_digit_fits(body: str) -> None:
    assert [last for last in ALPHABET if is_valid(body + last)] == [check_digit(body)]


@given(bodies, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(body: str, place: int, other: str) -> None:
    code = body + check_digit(body)
    wrong = code[:place] + other + code[place + 1 :]
    assert is_valid(wrong) == (wrong == code)


@given(bodies, st.integers(0, 15))
def test_two_neighbours_that_changed_places_are_always_noticed(body: str, place: int) -> None:
    code = body + check_digit(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_valid(swapped) == (swapped == code)


@pytest.mark.parametrize(
    "code",
    ["", "91350100M000100Y4", "91350100M000100Y433", "91350100M000100Y4I", "91350100m000100y43", "９" * 18],
)
def test_other_lengths_and_letters_outside_the_alphabet_are_wrong(code: str) -> None:
    assert not is_valid(code)
    assert not set("IOSVZ") & set(ALPHABET) and len(ALPHABET) == 31


# -- recording -------------------------------------------------------------------------------------------


def record(**changed: Any) -> Any:
    given = {"code": credit_code(), "name": "宁东某化工", "region": LINGWU, "kind": EnterpriseKind.HAZCHEM}
    return create_enterprise(**{**given, **changed})


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "91350100M000100Y44"}, "code"),
        ({"region": "640000"}, "region"),
        ({"region": "110101"}, "region"),
        ({"region": "6401"}, "region"),
        ({"zone": "nowhere"}, "zone"),
        ({"zone": "ningdong", "region": YANCHI}, "zone"),
        ({"name": "   "}, "name"),
        ({"name": "厂"}, "name"),
    ],
)
def test_what_cannot_be_is_refused_by_field(db: Any, changed: dict[str, str], field: str) -> None:
    with as_service("demo"), pytest.raises(InvalidFields) as refused:
        record(**changed)
    assert [name for name, _ in refused.value.errors] == [field]


def test_a_code_is_recorded_once_however_it_was_typed(db: Any) -> None:
    code = credit_code()
    with as_service("demo"):
        made = record(code=f" {code.lower()} ", name=" 宁东某化工 ")
        assert (made.code, made.name, made.short_name) == (code, "宁东某化工", "宁东某化工")
        with pytest.raises(Conflict):
            record(code=code)


def test_a_code_of_another_county_is_taken_too_and_tells_nothing_of_it(db: Any) -> None:
    code = credit_code()
    with as_service("demo"):
        record(code=code, region=YANCHI, name="盐池秘密化工")
    with acting_as(new_principal("local_bureau", LINGWU)), pytest.raises(Conflict) as refused:
        record(code=code)
    assert "盐池" not in str(refused.value.title) + str(refused.value.facts)


def test_the_zone_s_office_records_in_the_zone_only(db: Any) -> None:
    with acting_as(new_principal("park", zone="ningdong")):
        assert record(zone="ningdong").zone == "ningdong"
        with pytest.raises(Forbidden):
            record()


def test_code_and_place_stay_the_rest_changes_with_the_version(db: Any) -> None:
    plant = new_plant("gw")
    with acting_as(new_principal("local_bureau", LINGWU)):
        changed = update_enterprise(plant.enterprise, version=1, changes={"name": "新名", "kind": "mine"})
        assert (changed.name, changed.kind, changed.version) == ("新名", EnterpriseKind.MINE, 2)
        with pytest.raises(Stale):
            update_enterprise(plant.enterprise, version=1, changes={"name": "旧页面"})
        for fixed in ({"code": credit_code()}, {"region": YANCHI}, {"zone": "ningdong"}, {"version": 9}):
            with pytest.raises(Invalid):
                update_enterprise(plant.enterprise, version=2, changes=fixed)
        with pytest.raises(InvalidFields):
            update_enterprise(plant.enterprise, version=2, changes={"name": "  "})
    with acting_as(new_principal("local_bureau", YANCHI)), pytest.raises(NotFound):
        update_enterprise(plant.enterprise, version=2, changes={"name": "外县"})


def test_units_are_numbered_once_within_their_enterprise_and_lie_where_it_lies(db: Any) -> None:
    one, other = new_plant("one", zone="ningdong"), new_plant("other")
    with as_service("demo"):
        unit = create_process_unit(
            enterprise_id=one.enterprise, code=" U-2 ", name="装置", kind=ProcessUnitKind.PRODUCTION
        )
        assert (unit.code, unit.region, unit.zone) == ("U-2", LINGWU, "ningdong")
        with pytest.raises(Conflict):
            create_process_unit(
                enterprise_id=one.enterprise, code="U-2", name="又一个", kind=ProcessUnitKind.PRODUCTION
            )
        create_process_unit(
            enterprise_id=other.enterprise, code="U-2", name="装置", kind=ProcessUnitKind.PRODUCTION
        )
        for blank in ({"code": " ", "name": "装置"}, {"code": "U-3", "name": " "}):
            with pytest.raises(InvalidFields):
                create_process_unit(enterprise_id=one.enterprise, kind=ProcessUnitKind.WAREHOUSE, **blank)
        renamed = update_process_unit(unit.id, version=1, changes={"name": "新装置", "kind": "loading"})
        assert (renamed.name, renamed.kind, renamed.version) == ("新装置", ProcessUnitKind.LOADING, 2)


def test_the_database_refuses_a_malformed_code_whoever_writes_it(db: Any, superuser: Any) -> None:
    import psycopg

    plant = new_plant("gw")
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute("UPDATE enterprises_enterprise SET code = '91350100M000100YOI' WHERE id = %s",
                          [plant.enterprise])  # fmt: skip
    with as_service("demo"), read_scope():
        assert is_valid(Enterprise.objects.get(id=plant.enterprise).code)
