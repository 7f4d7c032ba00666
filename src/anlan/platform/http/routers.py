"""Routers that apps add beside the routes generated from their resources."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ninja import Router

_modules: dict[str, str] = {}


def register_router(prefix: str, module: str) -> None:
    """Serve the ``router`` of *module* under ``/api/{prefix}``; call it in `AppConfig.ready`.

    Its routes come before the generated ones, need a session, and run as the
    signed-in principal. The module is named, not given: only the process that
    serves the API is to load it.
    """
    if prefix in _modules:
        raise ValueError(f"a router is already registered under {prefix!r}")
    _modules[prefix] = module


def routers() -> dict[str, "Router"]:
    """The registered routers by prefix."""
    return {prefix: import_module(module).router for prefix, module in _modules.items()}
