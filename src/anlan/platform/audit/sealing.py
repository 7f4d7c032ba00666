"""Chaining audit rows, in an order that no late commit can disturb."""

from django.db import connection


def seal_once(limit: int = 2000) -> int:
    """Chain up to *limit* audit rows whose neighbours are all committed; how many were chained.

    Safe to call from several processes: the database lets one work at a time.
    """
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit.seal(%s)", [limit])
        return int(cursor.fetchone()[0])
