"""What a list, a detail and a form of one kind of object show: declared once, used by API and screens.

An app's ``resource.py`` builds a `Resource` and its `AppConfig.ready` registers it;
routes, CSV export and ``/api/meta`` are generated from it.
"""

from anlan.platform.resources.declaration import (
    Column,
    Filter,
    Group,
    Kind,
    Related,
    Resource,
    labelled,
)
from anlan.platform.resources.registry import add_action, register, registered, resource_named

__all__ = [
    "Column",
    "Filter",
    "Group",
    "Kind",
    "Related",
    "Resource",
    "add_action",
    "labelled",
    "register",
    "registered",
    "resource_named",
]
