"""The API: generated from the resources, with the session, the meta data and the system's status."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import NinjaAPI, Router, Schema
from ninja.responses import Status

from anlan import __version__
from anlan.kernel.clock import now
from anlan.kernel.errors import NotSignedIn
from anlan.platform.accounts.services import sign_in
from anlan.platform.accounts.sessions import begin_session, end_session, session_user
from anlan.platform.commands import acting_as, current_principal, decide, principal_of_user
from anlan.platform.http import routers
from anlan.platform.http.errors import add_error_handlers
from anlan.platform.http.json import JsonRenderer
from anlan.platform.http.problems import ProblemOut
from anlan.platform.http.session import SessionAuth, require_csrf, source_ip
from anlan.platform.resources.meta import EnumValue, ResourceMeta, enums_of, resource_meta
from anlan.platform.resources.registry import freeze, registered
from anlan.platform.resources.routes import resource_router
from anlan.platform.scope.models import FunctionalZone, Region, ZoneRegion
from anlan.server.apps import STATUS_PERMISSION
from anlan.server.heartbeat import STALE_S, read_beat

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 422, 429, 500, 503}): ProblemOut}


class SignIn(Schema):
    """What a person types to sign in."""

    username: str
    password: str


class SessionOut(Schema):
    """Who is signed in, and what they may do somewhere."""

    id: UUID
    username: str
    display_name: str
    permissions: list[str]
    expires_at: datetime


class Place(Schema):
    """A division or a functional zone that the person sees."""

    code: str
    zh: str
    en: str


class Meta(Schema):
    """All that the screens need to draw themselves for this person."""

    version: str
    resources: list[ResourceMeta]
    enums: dict[str, list[EnumValue]]
    regions: list[Place]
    zones: list[Place]


class ProcessStatus(Schema):
    """What a process last said of itself; *stale* when it has been silent too long."""

    name: str
    at: datetime
    age_s: float
    ok: bool
    stale: bool
    detail: dict[str, Any]


class SystemStatus(Schema):
    """The processes of this installation."""

    as_of: datetime
    processes: list[ProcessStatus]


session_router = Router(tags=["session"])
system_router = Router(tags=["system"])


@session_router.get(
    "/session", auth=None, operation_id="get_session", response={200: SessionOut, 204: None, **_REFUSED}
)
def get_session(request: HttpRequest) -> SessionOut | Status[None]:
    """The session, or 204 for nobody; with it the CSRF cookie that every change must answer."""
    get_token(request)
    if current_principal().kind != "user":
        return Status(204, None)
    return _session(request)


@session_router.post("/session", auth=None, operation_id="sign_in", response={200: SessionOut, **_REFUSED})
def post_session(request: HttpRequest, payload: SignIn) -> SessionOut:
    """Sign in."""
    require_csrf(request)
    user = sign_in(payload.username, payload.password, source_ip(request))
    begin_session(request, user)
    with acting_as(principal_of_user(user)):
        return _session(request)


@session_router.delete("/session", operation_id="sign_out", response={204: None, **_REFUSED})
def delete_session(request: HttpRequest) -> Status[None]:
    """Sign out: the session ends on the server too."""
    end_session(request)
    return Status(204, None)


@system_router.get("/meta", operation_id="get_meta", response={200: Meta, **_REFUSED})
def get_meta(request: HttpRequest) -> Meta:
    """Resources, enumerations and places, as far as this person may use them."""
    principal = current_principal()
    shown = [r for r in registered() if r.read_permission in principal.permissions]
    codes = frozenset().union(*(grant.regions for grant in principal.grants))
    zones = frozenset().union(*(grant.zones for grant in principal.grants))
    overlaying = ZoneRegion.objects.filter(region_id__in=codes).values("zone_id")
    overlaid = ZoneRegion.objects.filter(zone_id__in=zones).values("region_id")
    named = Region.objects.filter(Q(code__in=codes) | Q(code__in=overlaid))
    seen = FunctionalZone.objects.filter(Q(id__in=zones) | Q(id__in=overlaying))
    return Meta(
        version=__version__,
        resources=[resource_meta(resource, principal) for resource in shown],
        enums=enums_of(registered()),
        regions=[_place(r.code, r.zh, r.en) for r in named],
        zones=[_place(z.id, z.zh, z.en) for z in seen],
    )


@system_router.get("/status", operation_id="get_status", response={200: SystemStatus, **_REFUSED})
def get_status(request: HttpRequest) -> SystemStatus:
    """What each process says of itself."""
    decide(current_principal(), STATUS_PERMISSION)
    names = sorted(path.stem for path in (settings.RUN / "health").glob("[!.]*.json"))
    beats = {name: read_beat(settings.RUN, name) for name in names}
    return SystemStatus(
        as_of=now(),
        processes=[
            ProcessStatus(
                name=name,
                at=beat.at,
                age_s=round(beat.age_s, 3),
                ok=beat.ok,
                stale=beat.age_s > STALE_S,
                detail=beat.detail,
            )
            for name, beat in beats.items()
            if beat is not None
        ],
    )


def build_api() -> NinjaAPI:
    """The API over everything that apps have registered; the registries are closed by this."""
    api = NinjaAPI(
        title="anlan 安澜",
        version=__version__,
        auth=SessionAuth(),
        renderer=JsonRenderer(),
        docs_url=None,
        urls_namespace="api",
    )
    add_error_handlers(api)
    api.add_router("", session_router)
    api.add_router("", system_router)
    for prefix, router in routers().items():
        api.add_router(f"/{prefix}", router)
    for resource in freeze():
        api.add_router(f"/{resource.plural}", resource_router(resource))
    return api


def _place(code: str, zh: str, en: str) -> Place:
    return Place(code=code, zh=zh, en=en)


def _session(request: HttpRequest) -> SessionOut:
    principal = current_principal()
    user = session_user(request)
    if user is None:
        raise NotSignedIn
    return SessionOut(
        id=user.id,
        username=user.username,
        display_name=user.display_name,
        permissions=sorted(principal.permissions),
        expires_at=request.session.get_expiry_date(),
    )
