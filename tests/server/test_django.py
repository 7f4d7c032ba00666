"""What Django checks of itself, asked with a database that is there."""

from django.core.management import call_command

from anlan.server.supervisor.postgres import EmbeddedPostgres


def test_every_system_check_passes_with_the_database_it_is_about(db: EmbeddedPostgres) -> None:
    call_command("check", fail_level="WARNING", databases=["default"])


def test_every_change_of_a_model_has_its_migration(db: EmbeddedPostgres) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
