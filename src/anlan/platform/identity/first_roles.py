"""A newly registered permission goes to its first roles, once."""

from django.db import connections

from anlan.platform.identity.permissions import registered_permissions


def give_new_permissions(using: str) -> None:
    """Add permissions unknown to the database to their first roles; administrators' changes stay."""
    with connections[using].cursor() as cursor:
        for permission in registered_permissions().values():
            cursor.execute(
                "INSERT INTO identity_knownpermission (code) VALUES (%s) ON CONFLICT DO NOTHING",
                [permission.code],
            )
            if cursor.rowcount == 1 and permission.roles:
                cursor.execute(
                    "UPDATE identity_role SET permissions = array_append(permissions, %s)"
                    " WHERE code = ANY (%s) AND %s <> ALL (permissions)",
                    [permission.code, sorted(permission.roles), permission.code],
                )
