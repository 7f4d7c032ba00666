"""Server-side sessions: who a session belongs to, and whether it still holds.

A session ends when its account is closed or its password changes, wherever
that happens; the session's own stamp of the password says so.
"""

from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from anlan.platform.accounts.services import sign_out
from anlan.platform.identity.models import User

_USER, _STAMP = "user", "stamp"


def begin_session(request: HttpRequest, user: User) -> None:
    """A fresh session for *user*: new key, new CSRF token, nothing of the old one."""
    request.session.flush()
    request.session.cycle_key()
    request.session[_USER] = str(user.id)
    request.session[_STAMP] = user.get_session_auth_hash()
    rotate_token(request)


def end_session(request: HttpRequest) -> None:
    """Sign the session's user out and forget the session; harmless without one."""
    user = session_user(request)
    request.session.flush()
    if user is not None:
        sign_out(user.id)


def session_user(request: HttpRequest) -> User | None:
    """The user of the request's session, if it still holds."""
    return _user_of(request.session.get(_USER), request.session.get(_STAMP))


def user_of_session_key(key: str) -> User | None:
    """The user of the session with this key: for a process that has only the cookie."""
    stored = SessionStore(key).load()
    return _user_of(stored.get(_USER), stored.get(_STAMP))


def _user_of(user_id: object, stamp: object) -> User | None:
    if not isinstance(user_id, str) or not isinstance(stamp, str):
        return None
    user = User.objects.filter(id=UUID(user_id), is_active=True).first()
    if user is None or not constant_time_compare(stamp, user.get_session_auth_hash()):
        return None
    return user
