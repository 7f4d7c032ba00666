"""Every change is a command: one transaction, one principal, one record."""

from anlan.platform.commands.execution import (
    read_scope,
    record_thread,
    record_version,
    service,
    transaction_as,
)
from anlan.platform.identity.principals import (
    Principal,
    acting_as,
    current_principal,
    decide,
    decide_there,
    principal_of_user,
    service_principal,
)

__all__ = [
    "Principal",
    "acting_as",
    "current_principal",
    "decide",
    "decide_there",
    "principal_of_user",
    "read_scope",
    "record_thread",
    "record_version",
    "service",
    "service_principal",
    "transaction_as",
]
