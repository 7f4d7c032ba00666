"""Row security's traps: each test takes a guard away, sees the leak, and sees that with the guard there is none.

What reads here is the application role on a bare connection: what an injected statement would have.
"""

from typing import Any

import psycopg
import pytest
from django.conf import settings
from tests.people import LINGWU, NINGXIA, YANCHI, as_service, grant, new_principal, new_user, principal

from anlan.platform.commands import Principal, acting_as, read_scope, service_principal, transaction_as

COUNT = "SELECT count(*) FROM identity_organisation"


@pytest.fixture
def two_counties(db: Any) -> None:
    from anlan.platform.accounts.services import create_organisation

    with as_service("demo"):
        create_organisation("灵武市应急管理局", LINGWU)
        create_organisation("盐池县应急管理局", YANCHI)


def as_application(superuser: psycopg.Connection, token: str, statement: str) -> Any:
    """The first value of *statement*, asked as the application role under *token*."""
    with superuser.transaction(force_rollback=True):
        superuser.execute("SELECT set_config('anlan.scope', %s, true)", [token])
        superuser.execute("SET LOCAL ROLE anlan_app")
        return superuser.execute(statement).fetchone()[0]  # type: ignore[call-overload,index]


def value(connection: psycopg.Connection, statement: str) -> Any:
    return connection.execute(statement).fetchone()[0]  # type: ignore[call-overload,index]


@pytest.fixture
def yanchi(two_counties: None) -> Principal:
    return new_principal("local_bureau", YANCHI)


# -- 1: a view reads with its owner's rights -------------------------------------------------


def test_a_plain_view_leaks_every_county_and_one_with_its_caller_s_rights_does_not(
    yanchi: Principal, superuser: psycopg.Connection
) -> None:
    own = as_application(superuser, yanchi.scope_token, COUNT)
    everything = value(superuser, COUNT)
    assert 0 < own < everything
    superuser.execute("CREATE VIEW leak AS SELECT * FROM identity_organisation")
    superuser.execute("GRANT SELECT ON leak TO anlan_app")
    assert as_application(superuser, yanchi.scope_token, "SELECT count(*) FROM leak") == everything
    superuser.execute("ALTER VIEW leak SET (security_invoker = true)")
    assert as_application(superuser, yanchi.scope_token, "SELECT count(*) FROM leak") == own


# -- 2: the table's owner --------------------------------------------------------------------


def test_the_owner_is_bound_by_force_and_only_by_force(
    two_counties: None, owner: psycopg.Connection, superuser: psycopg.Connection
) -> None:
    assert value(owner, COUNT) == 0
    superuser.execute("ALTER TABLE identity_organisation NO FORCE ROW LEVEL SECURITY")
    assert value(owner, COUNT) == 2
    superuser.execute("ALTER TABLE identity_organisation FORCE ROW LEVEL SECURITY")
    assert value(owner, COUNT) == 0


def test_the_application_role_owns_nothing_and_cannot_take_the_guard_away(
    two_counties: None, application: psycopg.Connection
) -> None:
    for statement in (
        "ALTER TABLE identity_organisation DISABLE ROW LEVEL SECURITY",
        "DROP POLICY row_scope ON identity_organisation",
        "SET ROLE anlan_owner",
        "SET row_security = off; SELECT * FROM identity_organisation",
        "CREATE TABLE mine (x int)",
        "INSERT INTO scope_zoneregion (zone_id, region_id) VALUES ('ningdong', '640323')",
        "UPDATE scope_region SET parent = '640181' WHERE code = '640323'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(statement)  # type: ignore[call-overload]
        application.execute("RESET row_security")


# -- 3: an empty context ---------------------------------------------------------------------


@pytest.mark.parametrize("setting", [None, "", " ", "%", "640000", "service:console"])
def test_no_token_or_one_that_nobody_minted_shows_no_row(
    two_counties: None, application: psycopg.Connection, setting: str | None
) -> None:
    if setting is not None:
        application.execute("SELECT set_config('anlan.scope', %s, false)", [setting])
    assert value(application, COUNT) == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(
            "INSERT INTO identity_organisation (id, name, region) VALUES (gen_random_uuid(), 'x', '640181')"
        )


def test_a_prefix_for_a_policy_would_open_everything_with_an_empty_context(
    two_counties: None, application: psycopg.Connection, superuser: psycopg.Connection
) -> None:
    """The policy that looks right, and why ours asks for a token."""
    superuser.execute(
        "CREATE POLICY naive ON identity_organisation"
        " USING (region LIKE coalesce(current_setting('anlan.scope', true), '') || '%')"
    )
    assert value(application, COUNT) == 2
    superuser.execute("DROP POLICY naive ON identity_organisation")
    assert value(application, COUNT) == 0


def test_after_its_transaction_a_pooled_connection_shows_nothing(two_counties: None) -> None:
    from django.db import connection

    with acting_as(service_principal("demo")), read_scope(), connection.cursor() as cursor:
        cursor.execute(COUNT)
        assert cursor.fetchone() == (2,)
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        assert cursor.fetchone() == (0,)


# -- 4: the role that can set its own context ------------------------------------------------


def test_whoever_sets_the_context_gets_no_further_than_the_tokens_they_hold(
    yanchi: Principal, superuser: psycopg.Connection
) -> None:
    own = as_application(superuser, yanchi.scope_token, COUNT)
    for guess in (NINGXIA, "640181", yanchi.scope_token[:-1] + "0", yanchi.scope_token.upper()):
        assert as_application(superuser, guess, COUNT) == (own if guess == yanchi.scope_token else 0)


def test_tokens_cannot_be_read_minted_or_kept_alive_by_the_application_role(
    two_counties: None, application: psycopg.Connection
) -> None:
    for statement in (
        "SELECT * FROM scope.token",
        "UPDATE scope.token SET expires_at = 'infinity'",
        "SELECT * FROM scope.secret",
        "SELECT scope.mint('guess', 'service:console')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(statement)  # type: ignore[call-overload]


def test_an_expired_token_opens_nothing(yanchi: Principal, superuser: psycopg.Connection) -> None:
    superuser.execute("UPDATE scope.token SET expires_at = now() - interval '1 second'")
    assert as_application(superuser, yanchi.scope_token, COUNT) == 0


def test_the_tokens_of_a_principal_end_with_its_grants(
    two_counties: None, superuser: psycopg.Connection
) -> None:
    from anlan.platform.accounts.services import revoke_grant

    user = new_user(home=YANCHI)
    held = grant(user, "local_bureau", YANCHI)
    token = principal(user).scope_token
    assert as_application(superuser, token, COUNT) > 0
    with as_service("demo"):
        revoke_grant(held)
    assert as_application(superuser, token, COUNT) == 0


def test_other_sessions_of_the_role_cannot_read_a_token_or_the_secret_out_of_running_statements(
    two_counties: None, application: psycopg.Connection
) -> None:
    """Parameters that Django writes into the statement's text are everybody's to read."""
    shown = "SELECT query FROM pg_stat_activity WHERE usename = current_user"
    from anlan.platform.identity.principals import forget_cached_principals

    forget_cached_principals()
    minting = service_principal("demo")
    assert not [text for (text,) in application.execute(shown) if settings.SCOPE_SECRET in text]
    with transaction_as(minting):
        texts = [text for (text,) in application.execute(shown)]
    assert any("set_config" in text for text in texts), "the statement in question is not the one shown"
    assert not [text for text in texts if minting.scope_token in text]
