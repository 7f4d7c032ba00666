"""Who may give which role to whom: the roles of a bureau, and 三员分立."""

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import Any

import pytest
from tests.people import LINGWU, NINGXIA, YANCHI, as_service, grant, new_principal, new_user, principal

from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.platform.accounts.services import (
    create_organisation,
    create_user,
    grant_role,
    revoke_grant,
    set_active,
    set_password,
    set_role_permissions,
)
from anlan.platform.commands import acting_as
from anlan.platform.identity.permissions import registered_permissions
from anlan.platform.identity.roles import SEPARATED_ROLES, RoleCode

ROLES = [
    "厅领导（带班领导）",
    "值班员",
    "指挥中心调度员",
    "危化处",
    "矿山处",
    "工贸（基础）处",
    "执法人员",
    "救灾处",
    "火灾防治处",
    "防汛抗旱处",
    "科信处",
    "市县应急管理局",
    "园区管理机构",
    "企业主要负责人",
    "企业技术负责人",
    "企业操作负责人",
    "保险机构",
    "服务机构",
    "专家",
    "救援队伍",
    "物资库管",
    "灾害信息员",
    "公众",
    "运维人员",
    "系统管理员",
    "安全管理员",
    "安全审计员",
]
"""The users that the plan's systems name."""


def test_every_role_of_the_trade_is_there(db: Any) -> None:
    from anlan.platform.identity.models import Role

    assert [role.label.zh for role in RoleCode] == ROLES
    assert set(Role.objects.values_list("code", "zh", "en")) == {
        (role.value, role.label.zh, role.label.en) for role in RoleCode
    }


def test_there_is_no_account_before_somebody_opens_one(db: Any) -> None:
    from anlan.platform.identity.models import User

    assert not User.objects.exists()


# -- the three offices ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), list(permutations(sorted(SEPARATED_ROLES), 2)))
def test_no_account_holds_two_of_the_three_not_even_in_two_places(db: Any, first: str, second: str) -> None:
    user = new_user()
    grant(user, first, LINGWU)
    for place in ({"region": LINGWU}, {"region": NINGXIA}, {"zone": "ningdong"}):
        with as_service("demo"), pytest.raises(Conflict) as refused:
            grant_role(user, second, **place)  # type: ignore[arg-type]
        assert "三员" in refused.value.title.zh
    grant(user, "duty_officer", LINGWU)
    grant(user, first, YANCHI)


def test_two_administrators_at_once_cannot_unite_what_is_kept_apart(db: Any) -> None:
    from django.db import connection

    user = new_user()

    def work(role: str) -> str:
        try:
            grant(user, role, LINGWU)
        except Conflict:
            return "refused"
        finally:
            connection.close()
        return "granted"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(work, [RoleCode.SYSTEM_ADMIN, RoleCode.AUDIT_ADMIN]))
    assert outcomes == ["granted", "refused"]


def test_each_office_s_own_permissions_are_with_it_alone(db: Any) -> None:
    from anlan.platform.identity.models import Role

    offices = {
        "identity.manage_users": RoleCode.SYSTEM_ADMIN,
        "identity.grant_roles": RoleCode.SECURITY_ADMIN,
        "identity.manage_roles": RoleCode.SECURITY_ADMIN,
        "audit.read": RoleCode.AUDIT_ADMIN,
    }
    for permission, office in offices.items():
        assert list(
            Role.objects.filter(permissions__contains=[permission]).values_list("code", flat=True)
        ) == [office.value]


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("science_division", "identity.grant_roles"),
        ("science_division", "audit.read"),
        ("system_admin", "identity.grant_roles"),
        ("security_admin", "audit.read"),
        ("audit_admin", "identity.manage_users"),
    ],
)
def test_a_role_of_another_name_cannot_unite_them_either(db: Any, role: str, permission: str) -> None:
    security = new_principal("security_admin", NINGXIA)
    with acting_as(security), pytest.raises(Conflict) as refused:
        set_role_permissions(role, ["system.status", permission])
    assert "三员" in refused.value.title.zh and refused.value.facts == {"permission": permission}


def test_nobody_grants_to_themselves(db: Any) -> None:
    security = new_principal("security_admin", NINGXIA)
    assert security.id is not None
    with acting_as(security), pytest.raises(Forbidden):
        grant_role(security.id, "leader", region=NINGXIA)


# -- reach ------------------------------------------------------------------------------------------


def test_an_administrator_reaches_no_further_than_their_own_place(db: Any) -> None:
    security = new_principal("security_admin", LINGWU)
    here, there = new_user(home=LINGWU), new_user(home=YANCHI)
    with acting_as(security):
        held = grant_role(here, "duty_officer", region=LINGWU)
        for place in ({"region": YANCHI}, {"region": NINGXIA}):
            with pytest.raises(Forbidden):
                grant_role(here, "duty_officer", **place)
        with pytest.raises(NotFound):
            grant_role(there, "duty_officer", region=LINGWU)
        grant_role(here, "park", zone="ningdong")
        revoke_grant(held)


def test_a_zone_s_administrator_grants_in_the_zone_only(db: Any) -> None:
    officer = new_user()
    with acting_as(new_principal("security_admin", zone="ningdong")), pytest.raises((Forbidden, NotFound)):
        grant_role(officer, "park", region=LINGWU)


def test_an_administrator_cannot_take_over_an_account_that_reaches_beyond_them(db: Any) -> None:
    """Else a county's administrator would reset the bureau leader's password and be the leader."""
    leader = new_user(home=LINGWU)
    grant(leader, "leader", NINGXIA)
    with acting_as(new_principal("system_admin", LINGWU)):
        for attack in (
            lambda: set_password(leader, "Another-Helan-77!"),
            lambda: set_active(leader, False),
        ):
            with pytest.raises(Forbidden):
                attack()
        with pytest.raises(NotFound):
            set_password(new_user(home=YANCHI), "Another-Helan-77!")


def test_accounts_are_opened_in_visible_organisations_once_and_with_words(db: Any) -> None:
    system = new_principal("system_admin", LINGWU)
    with acting_as(system):
        office = create_organisation("灵武市应急管理局", LINGWU)
        create_user("wang", "王工", office, "Helan-Shan-3556!")
        with pytest.raises(Conflict):
            create_user("WANG", "王二", office, "Helan-Shan-3556!")
        with pytest.raises(Conflict):
            create_organisation("灵武市应急管理局", LINGWU)
        for name, shown in (("", "王"), ("  ", "王"), ("li", " "), ("li\x00", "李"), ("li", "李\x00")):
            with pytest.raises(Invalid):
                create_user(name, shown, office, "Helan-Shan-3556!")
        with pytest.raises(Forbidden):
            create_organisation("盐池县应急管理局", YANCHI)


def test_a_role_s_permissions_are_the_whole_region_s_to_change_and_take_effect_at_once(db: Any) -> None:
    officer = new_user()
    grant(officer, "duty_officer", LINGWU)
    assert "alarms.handle" in principal(officer).permissions
    with acting_as(new_principal("security_admin", LINGWU)), pytest.raises(Forbidden):
        set_role_permissions("duty_officer", ["alarms.read"])
    with acting_as(new_principal("security_admin", NINGXIA)):
        set_role_permissions("duty_officer", ["alarms.read"])
        with pytest.raises(Invalid):
            set_role_permissions("duty_officer", ["alarms.everything"])
    from anlan.platform.identity.principals import renewed

    assert renewed(principal(officer)).permissions == {"alarms.read"}


def test_a_permission_given_away_by_administrators_is_not_given_back_by_the_next_migration(db: Any) -> None:
    from anlan.platform.identity.first_roles import give_new_permissions
    from anlan.platform.identity.models import Role

    with acting_as(new_principal("security_admin", NINGXIA)):
        set_role_permissions("duty_officer", ["alarms.read"])
    give_new_permissions("owner")
    assert Role.objects.get(code="duty_officer").permissions == ["alarms.read"]


def test_first_roles_hold_what_their_apps_declared(db: Any) -> None:
    from anlan.platform.identity.models import Role

    held = {role.code: set(role.permissions) for role in Role.objects.all()}
    for permission in registered_permissions().values():
        assert {code for code, has in held.items() if permission.code in has} == permission.roles
    assert held["public"] == set()
