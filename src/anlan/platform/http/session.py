"""Who is asking: the Django session becomes the principal in force."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja.security.apikey import APIKeyCookie
from ninja.utils import check_csrf

from anlan.kernel.errors import NotSignedIn
from anlan.platform.accounts.sessions import session_user
from anlan.platform.commands import (
    Principal,
    acting_as,
    current_principal,
    principal_of_user,
    service_principal,
)
from anlan.platform.http.errors import CsrfFailed, as_problem, problem_response

Middleware = Callable[[HttpRequest], HttpResponse]


class SessionAuth(APIKeyCookie):
    """A route for people who are signed in; a change must carry the CSRF token."""

    def __init__(self) -> None:
        self.param_name = str(settings.SESSION_COOKIE_NAME)
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Principal:
        principal = current_principal()
        if principal.kind != "user":
            raise NotSignedIn
        require_csrf(request)
        return principal


def require_csrf(request: HttpRequest) -> None:
    """Raise `CsrfFailed` when a changing request does not carry our token."""
    if check_csrf(request) is not None:
        raise CsrfFailed


def act_for_session(get_response: Middleware) -> Middleware:
    """Middleware: the request runs as the signed-in user, or as the visitors' service principal."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            principal = _principal(request)
        except Exception as error:  # noqa: BLE001 - outside the API, yet told in its words
            return problem_response(as_problem(error))
        with acting_as(principal):
            return get_response(request)

    return middleware


def source_ip(request: HttpRequest) -> str:
    """The browser's address: the front process, our only way in, states it and nothing else."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded or str(request.META.get("REMOTE_ADDR") or "127.0.0.1")


def _principal(request: HttpRequest) -> Principal:
    user = session_user(request)
    return service_principal("web") if user is None else principal_of_user(user)
