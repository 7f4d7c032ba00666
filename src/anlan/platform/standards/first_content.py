"""Version 1 of every declared table enters the database once; people's versions are never touched."""

from dataclasses import asdict

from django.db import transaction

from anlan.kernel.clock import now
from anlan.platform.standards.declaration import StandardTable, registered_tables
from anlan.platform.standards.models import Row, Table, Version
from anlan.platform.standards.views import rows_digest

PUBLISHER = "set-up"


def load_first_content(using: str) -> None:
    """As the owner, after migrations: names and columns follow the declaration, first rows are added once."""
    with transaction.atomic(using=using):
        for declared in registered_tables().values():
            _load(declared, using)


def _load(declared: StandardTable, using: str) -> None:
    columns = [{**asdict(column), "title": column.title._asdict()} for column in declared.columns]
    table, _ = Table.objects.using(using).update_or_create(
        code=declared.code,
        defaults={
            "zh": declared.title.zh,
            "en": declared.title.en,
            "basis": declared.basis,
            "columns": columns,
        },
    )
    if Version.objects.using(using).filter(table=table).exists():
        return
    rows = list(declared.first())
    version = Version.objects.using(using).create(
        table=table,
        number=1,
        effective_from=declared.effective_from,
        source=declared.basis,
        note=declared.note.zh,
        published_at=now(),
        published_by=PUBLISHER,
        digest=rows_digest(rows),
    )
    Row.objects.using(using).bulk_create(
        Row(
            version=version,
            position=position,
            key=row.key,
            values=dict(row.values),
            clause=row.clause,
            certainty=row.certainty.value,
            note=row.note,
        )
        for position, row in enumerate(rows)
    )
