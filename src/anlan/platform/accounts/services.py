"""The only writers of organisations, users, roles and grants; and signing in."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError

from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from anlan.kernel.text import Text
from anlan.platform.accounts.lockout import count_try, folded, locked, mark_succeeded
from anlan.platform.accounts.passwords import matches, require_good_password
from anlan.platform.commands import (
    acting_as,
    current_principal,
    service,
    service_principal,
    transaction_as,
)
from anlan.platform.identity.models import Grant, Organisation, Role, User
from anlan.platform.identity.permissions import registered_permissions
from anlan.platform.identity.principals import revoke_tokens
from anlan.platform.identity.roles import SEPARATED_ROLES, RoleCode
from anlan.platform.scope.models import ZoneRegion


class WrongCredentials(Problem):
    """The name or the password is wrong: which of them is not said."""

    code = "wrong_credentials"
    status = 401
    title = Text("用户名或密码错误", "The user name or the password is wrong")
    next_step = Text(
        "请检查后重试；多次失败将暂时锁定", "Check both and try again; repeated failures lock for a while"
    )


def sign_in(username: str, password: str, source_ip: str) -> User:
    """The user with these credentials. Raises `WrongCredentials` or `TooManyAttempts`.

    The try is committed before the password is looked at: a refusal cannot undo its counting.
    """
    visitor = service_principal("web")
    with transaction_as(visitor):
        attempt = count_try(folded(username), source_ip)
    with acting_as(visitor):
        return _sign_in(folded(username), password, source_ip=source_ip, attempt=attempt)


@service("identity.sign_in", permission="identity.sign_in", secret=("password",))
def _sign_in(account: str, password: str, *, source_ip: str, attempt: UUID | None) -> User:
    if attempt is None:
        raise locked()
    user = User.objects.filter(username=account, is_active=True).first()
    good = matches(password, user.password if user else None)
    if user is None or not good:
        raise WrongCredentials
    mark_succeeded(attempt)
    User.objects.filter(id=user.id).update(last_login=clock.now())
    return user


def sign_out(user: UUID) -> None:
    """End what *user* may see; the session itself is ended by the caller."""
    with acting_as(service_principal("web")):
        _sign_out(user)


@service("identity.sign_out", permission="identity.sign_in")
def _sign_out(user: UUID) -> None:
    revoke_tokens(f"user:{user}")


def change_password(username: str, old: str, new: str, source_ip: str) -> None:
    """A person's own change; the old password is checked like a sign-in, with its lock-out."""
    user = sign_in(username, old, source_ip)
    require_good_password(new, user.username)
    with acting_as(service_principal("web")):
        _change_password(user.id, new)


@service("identity.change_password", permission="identity.sign_in", secret=("password",))
def _change_password(user: UUID, password: str) -> None:
    _store_password(_locked_user(user), password)


@service("identity.create_organisation", permission="identity.manage_users")
def create_organisation(name: str, region: str, zone: str | None = None) -> UUID:
    """Enter a bureau, park, enterprise or team."""
    _require_may("identity.manage_users", region, zone)
    if Organisation.objects.filter(name=name, region=region).exists():
        raise Conflict(Text("同一行政区划内已有同名机构", "This region has an organisation of that name"))
    return Organisation.objects.create(name=name, region=region, zone=zone).id


@service("identity.create_user", permission="identity.manage_users", secret=("password",))
def create_user(username: str, display_name: str, organisation: UUID, password: str) -> UUID:
    """Open an account in an organisation that the administrator sees; it holds no role yet."""
    account = folded(username)
    if "\x00" in username or "\x00" in display_name:
        raise Invalid(Text("含有无法使用的字符", "This holds a character that cannot be used"))
    if not account or not display_name.strip():
        raise Invalid(Text("用户名和姓名不能为空", "User name and full name are needed"))
    home = Organisation.objects.filter(id=organisation).first()
    if home is None:
        raise NotFound
    _require_may("identity.manage_users", home.region, home.zone)
    require_good_password(password, account)
    try:
        user = User.objects.create(
            username=account,
            display_name=display_name.strip(),
            organisation=home,
            password=make_password(password),
            created_at=clock.now(),
        )
    except IntegrityError as error:
        raise Conflict(Text("用户名已被使用", "The user name is taken")) from error
    return user.id


@service("identity.set_password", permission="identity.manage_users", secret=("password",))
def set_password(user: UUID, password: str) -> None:
    """Give an account a new password; its sessions end."""
    found = _manageable_user(user)
    require_good_password(password, found.username)
    _store_password(found, password)


@service("identity.set_active", permission="identity.manage_users")
def set_active(user: UUID, active: bool) -> None:
    """Close or reopen an account."""
    found = _manageable_user(user)
    User.objects.filter(id=found.id).update(is_active=active)
    revoke_tokens(f"user:{user}")


@service("identity.grant_role", permission="identity.grant_roles")
def grant_role(user: UUID, role: str, *, region: str | None = None, zone: str | None = None) -> UUID:
    """Let *user* act as *role* in a region and all below it, or in a zone: within the giver's own reach."""
    if (region is None) == (zone is None):
        raise Invalid(Text("请指定行政区划或功能区之一", "Name either a region or a zone"))
    found = _visible_user(user)
    if not Role.objects.filter(code=role).exists():
        raise Invalid(Text("没有这个角色", "There is no such role"), facts={"role": role})
    if current_principal().id == user:
        raise Forbidden(Text("不能给自己授权", "Nobody grants roles to themselves"))
    _require_reach("identity.grant_roles", region, zone)
    _require_separation(found, role)
    grant, _ = Grant.objects.get_or_create(
        user=found, role_id=role, region_id=region, zone_id=zone, defaults={"granted_at": clock.now()}
    )
    revoke_tokens(f"user:{user}")
    return grant.id


@service("identity.revoke_grant", permission="identity.grant_roles")
def revoke_grant(grant: UUID) -> None:
    """Take a role away again; it ends with the user's next request."""
    held = Grant.objects.filter(id=grant).first()
    if held is None:
        raise NotFound
    _visible_user(held.user_id)
    _require_reach("identity.grant_roles", held.region_id, held.zone_id)
    held.delete()
    revoke_tokens(f"user:{held.user_id}")


@service("identity.set_role_permissions", permission="identity.manage_roles")
def set_role_permissions(role: str, permissions: Sequence[str]) -> None:
    """Say what a role may do, everywhere: only for those who see the whole region."""
    _require_reach("identity.manage_roles", "640000", None)
    unknown = set(permissions) - registered_permissions().keys()
    if unknown:
        raise Invalid(
            Text("没有这些权限", "There are no such permissions"), facts={"unknown": sorted(unknown)}
        )
    _require_one_office(role, permissions)
    holders = list(User.objects.select_for_update().filter(grants__role_id=role).values_list("id", flat=True))
    if not Role.objects.filter(code=role).update(permissions=sorted(set(permissions))):
        raise NotFound
    for holder in holders:
        revoke_tokens(f"user:{holder}")


def _store_password(user: User, password: str) -> None:
    User.objects.filter(id=user.id).update(password=make_password(password))
    revoke_tokens(f"user:{user.id}")


def _locked_user(user: UUID) -> User:
    """The account, locked: minting a token waits, so none is minted from what is about to change."""
    found = User.objects.select_for_update().filter(id=user).first()
    if found is None:
        raise NotFound
    return found


def _visible_user(user: UUID) -> User:
    found = _locked_user(user)
    if not Organisation.objects.filter(id=found.organisation_id).exists():
        raise NotFound
    return found


def _manageable_user(user: UUID) -> User:
    """A visible account none of whose grants reaches beyond the administrator's own."""
    found = _visible_user(user)
    for grant in found.grants.all():
        _require_reach("identity.manage_users", grant.region_id, grant.zone_id)
    return found


def _require_may(permission: str, region: str, zone: str | None) -> None:
    if not current_principal().may(permission, region, zone):
        raise _beyond_reach()


def _require_reach(permission: str, region: str | None, zone: str | None) -> None:
    """A grant in a region needs that region; one in a zone needs the zone or every county under it."""
    principal = current_principal()
    if region is not None:
        _require_may(permission, region, None)
    elif zone is not None and not principal.may(permission, "", zone):
        counties = ZoneRegion.objects.filter(zone_id=zone).values_list("region_id", flat=True)
        if not counties or not all(principal.may(permission, county) for county in counties):
            raise _beyond_reach()


def _require_separation(user: User, role: str) -> None:
    """三员分立."""
    held = set(user.grants.values_list("role_id", flat=True)) & SEPARATED_ROLES
    if role in SEPARATED_ROLES and held - {role}:
        other = RoleCode(min(held - {role})).label
        raise Conflict(
            Text(
                f"该账号已是{other.zh}，三员必须分立",
                f"This account is {other.en} already: the three are separate",
            )
        )


def _require_one_office(role: str, permissions: Sequence[str]) -> None:
    """What belongs to one of the three offices is carried by that office's role and no other.

    Else a role of any other name could unite what 三员分立 keeps apart.
    """
    registry = registered_permissions()
    for code in permissions:
        office = registry[code].roles & SEPARATED_ROLES
        if len(office) == 1 and role not in office:
            owner = RoleCode(min(office)).label
            raise Conflict(
                Text(
                    f"“{registry[code].title.zh}”是{owner.zh}专有的权限，三员必须分立",
                    f"“{registry[code].title.en}” belongs to the {owner.en} alone: the three are separate",
                ),
                facts={"permission": code},
            )


def _beyond_reach() -> Forbidden:
    return Forbidden(Text("超出您的管辖范围", "That lies beyond your own reach"))
