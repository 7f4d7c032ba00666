"""What the writers of connections share."""

from uuid import UUID

from anlan.domains.monitoring.access.models import Connection
from anlan.domains.monitoring.access.states import ACCESS_WORKFLOW, READ
from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import locked
from anlan.platform.commands import current_principal

TOPIC = "connection"


def moved(connection_id: UUID, event: str, permission: str) -> Connection:
    """The connection, locked, with its state moved on by *event*."""
    connection = locked(Connection, connection_id, permission)
    transition = ACCESS_WORKFLOW.require(event, connection, current_principal())
    if transition.target is not None:
        connection.state = str(transition.target)
    return connection


def saved(connection: Connection, *fields: str) -> Connection:
    """Write *fields*, count the change and tell screens."""
    connection.version += 1
    connection.save(update_fields=[*fields, "version"])
    announce(TOPIC, connection, READ)
    return connection
