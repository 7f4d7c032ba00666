"""How a session finds its user again; signing in is a service, not a backend's business."""

from uuid import UUID

from anlan.platform.identity.models import User


class SessionBackend:
    """Resolves the user id of a session; an inactive account has no session.

    Django's own base class lives beside models of an app that is not installed.
    """

    def authenticate(self, request: object, **credentials: object) -> None:
        """Never signs anyone in."""

    def get_user(self, user_id: UUID | str) -> User | None:
        return User.objects.filter(id=user_id, is_active=True).first()
