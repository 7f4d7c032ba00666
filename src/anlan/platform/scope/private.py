"""Statements whose parameters nobody may read."""

from typing import Any

import psycopg
from django.db import connection


def ask_privately(query: str, parameters: list[str]) -> tuple[Any, ...]:
    """The one row that *query* gives, with *parameters* bound by the server.

    Django writes parameters into the text of a statement, and every session of
    the application role can read that text in ``pg_stat_activity``: a scope token
    there would be another session's to use.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(query, parameters)
        row = cursor.fetchone()
    if row is None:
        raise LookupError("the statement gave no row")
    return tuple(row)
