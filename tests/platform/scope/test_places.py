"""Who sees what: prefectures and counties by the tree, 宁东 by its mapping."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.people import LINGWU, NINGXIA, YANCHI, YINCHUAN, as_service, new_principal

from anlan.kernel.regions import RegionLevel, level_of, ningxia
from anlan.platform.commands import Principal, acting_as, read_scope

COUNTIES = {
    "640100": "104兴庆区 105西夏区 106金凤区 121永宁县 122贺兰县 181灵武市",
    "640200": "202大武口区 205惠农区 221平罗县",
    "640300": "302利通区 303红寺堡区 323盐池县 324同心县 381青铜峡市",
    "640400": "402原州区 422西吉县 423隆德县 424泾源县 425彭阳县",
    "640500": "502沙坡头区 521中宁县 522海原县",
}
"""GB/T 2260, Ningxia: five prefectures and 22 counties."""

PREFECTURES = {
    "640100": "银川市",
    "640200": "石嘴山市",
    "640300": "吴忠市",
    "640400": "固原市",
    "640500": "中卫市",
}


def test_the_regions_are_one_province_five_prefectures_and_22_counties(db: Any) -> None:
    from anlan.platform.scope.models import Region

    counties = {
        (f"640{name[:3]}", name[3:]): above for above, line in COUNTIES.items() for name in line.split()
    }
    expected = {(NINGXIA, "宁夏回族自治区", None)}
    expected |= {(code, name, NINGXIA) for code, name in PREFECTURES.items()}
    expected |= {(code, name, above) for (code, name), above in counties.items()}
    assert len(counties) == 22
    assert set(Region.objects.values_list("code", "zh", "parent_id")) == expected
    assert {(one.code, one.zh) for one in ningxia()} == {(code, name) for code, name, _ in expected}
    assert sum(level_of(one.code) is RegionLevel.COUNTY for one in ningxia()) == 22


def test_ningdong_overlays_lingwu_and_nothing_that_nobody_is_sure_of(db: Any) -> None:
    from anlan.platform.scope.models import ZoneRegion

    assert list(ZoneRegion.objects.values_list("zone_id", "region_id")) == [("ningdong", LINGWU)]


@pytest.fixture
def enterprises(db: Any, superuser: psycopg.Connection) -> dict[str, UUID]:
    """One in the zone at Lingwu, one at Lingwu outside it, one at Yanchi; one of the zone at Yanchi once mapped."""
    superuser.execute("INSERT INTO scope_zoneregion (zone_id, region_id) VALUES ('ningdong', %s)", [YANCHI])
    return {
        "zone at Lingwu": enterprise(1, LINGWU, "ningdong"),
        "Lingwu": enterprise(2, LINGWU, None),
        "Yanchi": enterprise(3, YANCHI, None),
        "zone at Yanchi": enterprise(4, YANCHI, "ningdong"),
    }


def enterprise(serial: int, region: str, zone: str | None) -> UUID:
    from anlan.domains.monitoring.enterprises.credit_code import check_digit
    from anlan.domains.monitoring.enterprises.services import create_enterprise
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind

    body = f"9164{serial:013d}"
    with as_service("demo"):
        made = create_enterprise(
            code=body + check_digit(body),
            name=f"企业{serial}号",
            region=region,
            zone=zone,
            kind=EnterpriseKind.HAZCHEM,
        )
    return made.id


def seen_by(principal: Principal, enterprises: dict[str, UUID]) -> set[str]:
    from anlan.domains.monitoring.enterprises.models import Enterprise

    with acting_as(principal), read_scope():
        found = set(Enterprise.objects.values_list("id", flat=True))
    return {name for name, id in enterprises.items() if id in found}


def test_the_zone_sees_its_own_wherever_it_is_mapped_and_none_of_the_counties_others(
    enterprises: dict[str, UUID],
) -> None:
    park = new_principal("park", zone="ningdong")
    assert seen_by(park, enterprises) == {"zone at Lingwu", "zone at Yanchi"}
    assert park.may("enterprises.write", YANCHI, "ningdong")
    assert not park.may("enterprises.write", LINGWU, None)


def test_the_county_sees_all_that_lies_in_it_the_zone_s_included(enterprises: dict[str, UUID]) -> None:
    assert seen_by(new_principal("local_bureau", LINGWU), enterprises) == {"zone at Lingwu", "Lingwu"}
    assert seen_by(new_principal("local_bureau", YANCHI), enterprises) == {"Yanchi", "zone at Yanchi"}


def test_the_prefecture_sees_its_counties_and_the_region_everything(enterprises: dict[str, UUID]) -> None:
    assert seen_by(new_principal("local_bureau", YINCHUAN), enterprises) == {"zone at Lingwu", "Lingwu"}
    assert seen_by(new_principal("leader", NINGXIA), enterprises) == set(enterprises)


def test_a_row_cannot_be_planted_in_a_zone_that_does_not_reach_its_county(
    db: Any, superuser: psycopg.Connection
) -> None:
    """Not even by somebody who sees both."""
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        superuser.execute(
            "INSERT INTO identity_organisation (id, name, region, zone)"
            " VALUES (gen_random_uuid(), 'x', '640323', 'ningdong')"
        )


def test_two_grants_do_not_lend_each_other_their_reach(enterprises: dict[str, UUID]) -> None:
    """Leader at Yanchi and duty officer at Lingwu: alarms are handled at Lingwu only."""
    from tests.people import grant, new_user, principal

    user = new_user()
    grant(user, "leader", YANCHI)
    grant(user, "duty_officer", LINGWU)
    both = principal(user)
    assert seen_by(both, enterprises) == set(enterprises)
    assert both.may("alarms.handle", LINGWU) and not both.may("alarms.handle", YANCHI)
