"""How the platform speaks HTTP: problems, sessions, and a place for an app's own routes."""

from anlan.platform.http.routers import register_router, routers

__all__ = ["register_router", "routers"]
