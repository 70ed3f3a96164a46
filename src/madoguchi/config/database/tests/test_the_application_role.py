"""The application's database role reads and writes rows, and cannot change the record or the tables."""

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from madoguchi.config.database.roles import APP_ROLE, GRANTS
from tests import town


@pytest.fixture
def as_the_application(db):
    """The test's transaction goes on as the application's role; its end takes everything back, the role too."""
    case = town.applied()
    with connection.cursor() as cursor:
        cursor.execute(GRANTS)
        cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
        yield cursor, case
        if not connection.needs_rollback:
            cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cases_event SET kind = 'issued'",
        "DELETE FROM cases_event",
        "TRUNCATE cases_event",
        "DROP TABLE cases_event",
        "ALTER TABLE cases_event DISABLE TRIGGER ALL",
        "DROP TRIGGER events_append_only ON cases_event",
        "CREATE TABLE own (id int)",
    ],
)
def test_the_record_and_the_tables_are_out_of_its_reach(as_the_application, change):
    cursor, _case = as_the_application
    with pytest.raises(ProgrammingError) as refused, transaction.atomic():
        cursor.execute(change)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_it_adds_events_and_changes_what_may_change(as_the_application):
    cursor, case = as_the_application
    before = case.events.count()
    town.decided(case)
    assert case.events.count() > before
    cursor.execute("SELECT current_user")
    assert cursor.fetchone() == (APP_ROLE,)


def test_the_owner_is_refused_too_by_the_trigger(db):
    town.applied()
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_event SET kind = 'issued'")
