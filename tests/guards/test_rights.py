"""What the application's role may do with each table, and which guards bind everybody, stands in the reference.

A table that is not listed there fails; so does a right or a trigger that is there and not told, or told and not there.
"""

import re
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.utils import timezone

from madoguchi.config.database.rights import RIGHTS
from madoguchi.config.database.roles import APP_ROLE, GRANTS
from tests import town
from tests.forced import without_guards

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[2] / "docs/reference/rights.md"
ONLY_WHERE_IT_SERVES = {"cache"}
"""The tests keep their cache in memory."""


def told():
    """Table → (may add, columns it may change, may remove, guards), as the page says."""
    rows = {}
    for line in PAGE.read_text().splitlines():
        cells = [one.strip() for one in line.strip("|").split("|")]
        if len(cells) == 6 and cells[0].startswith("`"):
            add, change, remove, guards = cells[1:5]
            rows[cells[0].strip("`")] = (add == "yes", words(change), remove == "yes", words(guards))
    return rows


def words(cell):
    return frozenset({"*"}) if cell == "all" else frozenset(re.findall(r"`([^`]+)`", cell))


def given():
    """The same, as the database says."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTS)
        cursor.execute(
            "SELECT relname, oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return {table: _of(cursor, oid) for table, oid in cursor.fetchall()}


def _of(cursor, oid):
    may = lambda right: _one(cursor, "SELECT has_table_privilege(%s, %s::oid, %s)", APP_ROLE, oid, right)  # noqa: E731
    assert may("SELECT"), oid
    assert not may("TRUNCATE")
    assert not may("TRIGGER")
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped"
        " AND has_column_privilege(%s, attrelid, attnum, 'UPDATE')",
        [oid, APP_ROLE],
    )
    columns = frozenset(name for (name,) in cursor.fetchall())
    cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s AND NOT tgisinternal", [oid])
    guards = frozenset(name for (name,) in cursor.fetchall() if not name.startswith("procrastinate_"))
    return may("INSERT"), frozenset({"*"}) if may("UPDATE") else columns, may("DELETE"), guards


def _one(cursor, statement, *values):
    cursor.execute(statement, values)
    return cursor.fetchone()[0]


def test_every_table_has_the_rights_and_the_guards_that_the_page_tells():
    page, database = told(), given()
    assert set(page) - ONLY_WHERE_IT_SERVES == set(database), "list a new table in config/database/rights.py, too"
    assert {table: row for table, row in database.items() if page[table] != row} == {}


def test_the_page_and_the_code_list_the_same():
    assert {table: row[:3] for table, row in told().items()} == {
        table: (one.add, frozenset(one.change), one.remove) for table, one in RIGHTS.items()
    }


def test_a_table_that_is_not_listed_is_told_and_cannot_be_read():
    """The control: a new table would be found, and until it is listed the application cannot use it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE unheard_of (id int)")
        cursor.execute(GRANTS)
        assert not _one(cursor, "SELECT has_table_privilege(%s, 'unheard_of', 'SELECT')", APP_ROLE)
        cursor.execute("GRANT SELECT ON unheard_of TO madoguchi_app")
        cursor.execute(GRANTS)
        assert not _one(cursor, "SELECT has_table_privilege(%s, 'unheard_of', 'SELECT')", APP_ROLE)
    with pytest.raises(AssertionError):
        test_every_table_has_the_rights_and_the_guards_that_the_page_tells()


def test_the_role_cannot_put_a_function_of_the_owner_to_work_on_a_table_of_its_own():
    """Else it could make lines of the log of credentials that tell of changes that never were."""
    town.sasaki()
    with as_the_role() as cursor:
        cursor.execute("CREATE TEMP TABLE people_officer (LIKE public.people_officer)")
        cursor.execute("INSERT INTO pg_temp.people_officer SELECT * FROM public.people_officer LIMIT 1")
        cursor.execute(
            "CREATE TRIGGER mine AFTER UPDATE ON pg_temp.people_officer FOR EACH ROW"
            " EXECUTE FUNCTION public.note_credential_change()"
        )
        with pytest.raises(ProgrammingError, match="no table of credentials"), transaction.atomic():
            cursor.execute("UPDATE pg_temp.people_officer SET password = 'x'")


class as_the_role:  # noqa: N801 - reads as a sentence
    """The test's transaction goes on as the application's role."""

    def __enter__(self):
        self.cursor = connection.cursor()
        self.cursor.execute(GRANTS)
        self.cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
        return self.cursor

    def __exit__(self, *fault):
        if not connection.needs_rollback:
            self.cursor.execute("RESET ROLE")
        self.cursor.close()


FORGED = [
    "UPDATE credentials_credential SET number = '偽'",
    "UPDATE credentials_credential SET sha256 = repeat('a', 64)",
    "UPDATE credentials_credential SET code = 'x'",
    "UPDATE credentials_credential SET issued_at = now()",
    "UPDATE credentials_credential SET valid_until = '2099-01-01'",
    "UPDATE credentials_credential SET pdf = 'other'",
    "UPDATE credentials_credential SET pdf = ''",
    "DELETE FROM credentials_credential",
    "UPDATE decisions_decision SET result = 'granted'",
    "UPDATE decisions_decision SET number = number + 1",
    "UPDATE decisions_decision SET decided_on = '2020-01-01'",
    "UPDATE decisions_decision SET explanation = '別の理由'",
    "UPDATE decisions_decision SET conditions = '[\"x\"]'",
    "DELETE FROM decisions_decision",
    "UPDATE decisions_approval SET by_id = (SELECT min(id) FROM people_officer WHERE id <> by_id)",
    "UPDATE decisions_approval SET outcome = 'sent-back'",
    "UPDATE decisions_approval SET at = now()",
    "UPDATE decisions_approval SET comment = '別の意見'",
    "UPDATE decisions_draft SET state = 'pending'",
    "UPDATE decisions_draft SET result = 'granted'",
    "DELETE FROM decisions_draft",
    "UPDATE applications_filing SET answers = '{}'",
    "DELETE FROM applications_filing",
    "UPDATE applications_upload SET content = 'x'",
    "UPDATE applications_upload SET case_id = NULL",
    "DELETE FROM applications_upload",
    "UPDATE cases_case SET reference = 'x'",
    "UPDATE cases_case SET retention_until = '2020-01-01'",
    "UPDATE cases_case SET purged_at = now()",
    "DELETE FROM cases_case",
    "UPDATE cases_documentnumber SET last = 0",
    "DELETE FROM cases_documentnumber",
    "UPDATE catalogue_version SET definition = '{}'",
    "DELETE FROM catalogue_version",
    "UPDATE cases_event SET kind = 'issued'",
    "DELETE FROM cases_event",
    'UPDATE mfa_authenticator SET data = \'{"secret": "MINE"}\'',
    "UPDATE mfa_authenticator SET type = 'webauthn'",
    "UPDATE people_signin SET kind = 'signed-out'",
    "DELETE FROM people_signin",
    "INSERT INTO people_credentialchange (at, what, factor, role) VALUES (now(), 'added', '', '')",
    "UPDATE people_credentialchange SET what = 'added'",
    "DELETE FROM people_credentialchange",
]


@pytest.fixture
def a_decided_case():
    """A case with answers, files, a draft, seats, a decision and its document, and somebody who signed in."""
    case = town.decided(town.applied(), "refused").case
    town.browser_of(town.sasaki())
    from madoguchi.people.models import SignIn

    SignIn.objects.create(kind="signed-in", officer=town.sasaki().officer)
    return case


def test_nothing_that_was_signed_or_noted_can_be_changed_by_the_application(a_decided_case):
    with as_the_role() as cursor:
        for statement in FORGED:
            cursor.execute(f"SELECT count(*) FROM {table_of(statement)}")
            assert cursor.fetchone()[0], f"{statement}: there is a row to change"
            with pytest.raises((ProgrammingError, IntegrityError)) as refused, transaction.atomic():
                cursor.execute(statement)
                pytest.fail(f"{statement} went through")
            cause = refused.value.__cause__
            assert isinstance(cause, psycopg.errors.InsufficientPrivilege | psycopg.errors.IntegrityConstraintViolation)


def table_of(statement):
    return re.search(r"(?:UPDATE|FROM|INTO) (\w+)", statement)[1]


GUARDED = ("credentials_", "decisions_", "mfa_", "people_signin")
UNDER_TRIGGERS = [one for one in FORGED if table_of(one).startswith(GUARDED)]


def test_with_every_right_the_triggers_still_refuse_it(a_decided_case):
    """As the tables' owner: what was signed is not kept by rights alone."""
    with connection.cursor() as cursor:
        for statement in UNDER_TRIGGERS:
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(statement)
                pytest.fail(f"{statement} went through")


def test_without_rights_and_triggers_it_would_go_through(a_decided_case):
    """The control: each of these statements is a change that the database could make."""
    with connection.cursor() as cursor:
        for statement in UNDER_TRIGGERS:
            with transaction.atomic(), without_guards():
                cursor.execute(statement.replace("DELETE FROM", "SELECT FROM"))
                transaction.set_rollback(True)


def test_the_application_does_what_it_has_to(a_decided_case):
    """The other control: withdrawal, sign-in and the end of retention go on as the role."""
    from madoguchi import retention
    from madoguchi.cases.forgetting import FORGOTTEN
    from madoguchi.cases.models import Case
    from madoguchi.credentials.actions import withdraw

    case = a_decided_case
    with as_the_role():
        withdraw(case.credentials.get(), reason="誤り", by=town.yamamoto())
    with without_guards():  # the years go by
        Case.objects.filter(pk=case.pk).update(retention_until="2020-03-31")
    with as_the_role():
        retention.forget(Case.objects.get(pk=case.pk))
    document = case.credentials.get()
    assert (bytes(document.pdf), document.withdrawal_reason) == (b"", FORGOTTEN)
    assert document.sha256
    assert not case.filings.exists()
    assert case.decision.explanation == ""


def test_an_officer_adds_and_removes_a_second_factor_and_each_change_is_noted():
    from allauth.mfa.models import Authenticator

    from madoguchi.people.models import CredentialChange

    officer = town.sasaki().officer
    before = CredentialChange.objects.count()
    with as_the_role():
        codes = Authenticator.objects.create(user=officer, type="recovery_codes", data={"seed": "s", "used_mask": 0})
        codes.data["used_mask"] = 5
        codes.last_used_at = timezone.now()
        codes.save()
        with pytest.raises(IntegrityError), transaction.atomic():  # a used code is not made good again
            Authenticator.objects.filter(pk=codes.pk).update(data={"seed": "s", "used_mask": 1})
        codes.delete()
    found = CredentialChange.objects.order_by("id")[before:]
    assert [(one.officer, one.what, one.factor) for one in found] == [
        (officer, "added", "recovery_codes"), (officer, "removed", "recovery_codes"),
    ]  # fmt: skip
