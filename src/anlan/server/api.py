"""The API: generated from the resources, with the session, the meta data and the system's status."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
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
from anlan.platform.http.responses import share_response_models
from anlan.platform.http.session import SessionAuth, require_csrf, source_ip
from anlan.platform.resources.registry import freeze
from anlan.platform.resources.routes import resource_router
from anlan.server.apps import STATUS_PERMISSION
from anlan.server.heartbeat import STALE_S, read_beat
from anlan.server.meta import Meta, meta_response

share_response_models()

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
def get_meta(request: HttpRequest) -> HttpResponseBase:
    """Resources, enumerations and places, as far as this person may use them."""
    return meta_response(request, current_principal())


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
