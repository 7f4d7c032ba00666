"""Runs: what a computed number can prove, for ever."""

from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from anlan.kernel.models import Manifest, Verification
from anlan.platform.commands import acting_as, read_scope, service_principal

AT = datetime(2026, 11, 1, tzinfo=UTC)


def manifest(rate_kg_s=1.0, **changed):
    said = {
        "model": "chemical.plume",
        "model_version": "1",
        "software_version": "0.1.0",
        "inputs": {"rate_kg_s": rate_kg_s},
        "tables": {"aegl": "v1"},
        "verification": Verification.VERIFIED,
    }
    return Manifest(**{**said, **changed})


def record(subject, manifest, result, region="640181"):
    from anlan.platform.provenance.services import RunPlace, RunSubject, record_run

    with acting_as(service_principal("worker")):
        return record_run(
            manifest,
            result,
            RunSubject("incident", subject, "footprint"),
            RunPlace(region),
            valid_at=AT,
        )


def standing(subject):
    from anlan.platform.provenance.queries import standing_run

    with acting_as(service_principal("worker")), read_scope():
        return standing_run("incident", subject, "footprint")


def test_the_same_inputs_are_the_same_run(db):
    subject = uuid4()
    first = record(subject, manifest(), {"distance_m": 900.0})
    assert record(subject, manifest(), {"distance_m": 900.0}) == first


def test_revised_inputs_make_a_new_run_and_the_old_one_stays(db):
    from anlan.platform.provenance.models import Run

    subject = uuid4()
    first = record(subject, manifest(1.0), {"distance_m": 900.0})
    second = record(subject, manifest(2.0), {"distance_m": 1300.0})
    assert standing(subject).id == second
    with acting_as(service_principal("worker")), read_scope():
        old = Run.objects.get(id=first)
        assert old.superseded_by_id == second
        assert old.result == {"distance_m": 900.0}


def test_what_a_run_said_cannot_be_changed(db, application: psycopg.Connection):
    for statement in (
        "UPDATE provenance_run SET result = '{}'",
        "UPDATE provenance_run SET manifest = '{}'",
        "UPDATE provenance_run SET digest = ''",
        "DELETE FROM provenance_run",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(statement)


def test_a_number_that_is_none_is_kept_as_none(db):
    subject = uuid4()
    record(subject, manifest(), {"distance_m": float("nan")})
    assert standing(subject).result == {"distance_m": None}
