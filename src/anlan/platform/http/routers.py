"""Routers that apps add beside the routes generated from their resources."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ninja import Router

_routers: dict[str, "Router"] = {}


def register_router(prefix: str, router: "Router") -> None:
    """Serve *router* under ``/api/{prefix}``; call it in `AppConfig.ready`.

    Its routes come before the generated ones, need a session, and run as the
    signed-in principal.
    """
    if prefix in _routers:
        raise ValueError(f"a router is already registered under {prefix!r}")
    _routers[prefix] = router


def routers() -> dict[str, "Router"]:
    """The registered routers by prefix."""
    return dict(_routers)
