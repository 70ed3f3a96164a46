"""After every retention has ended, no personal field holds a word any more: a canary is planted in each and sought.

The fields are those of `tests/personal.py`, which `tests/guards/code/test_code.py` holds complete.
"""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from madoguchi import sequence
from madoguchi.applications.models import Sheet
from madoguchi.applications.models import Upload as FormUpload
from madoguchi.bookings.models import Slot
from madoguchi.cases.correspondence import Correction
from madoguchi.cases.models import Case
from madoguchi.opendata.models.requests import DataRequest, State, Step
from madoguchi.opendata.models.uploads import Upload
from madoguchi.participation.models import Rating
from madoguchi.people.actor import PUBLIC
from madoguchi.reform import actions as reform
from madoguchi.reform.models import Voice
from madoguchi.registers.models import Batch, Holding
from tests import town
from tests.forced import without_guards
from tests.guards.world import with_canary
from tests.personal import KEPT, PERSONAL

pytestmark = pytest.mark.django_db
CANARY = "kanaria"
AGO = timedelta(days=4000)
LONG_AGO = {Step: "at", Upload: "at", Voice: "at", FormUpload: "created_at"}
"""Where the world says today."""
WITHDRAWN = (
    "UPDATE credentials_credential SET withdrawn_at = issued_at, withdrawal_reason = 'x', "
    "withdrawn_by_id = (SELECT id FROM people_officer LIMIT 1)"
)
LISTS = {"cases.Correction.items": '["kanaria"]'}


@pytest.fixture
def past(monkeypatch):
    """A town in which everything happened eleven years ago, with a canary in every personal field."""
    them, long_ago = with_canary(town.RESTAURANT, CANARY), timezone.now() - AGO
    reform.rate("minatono-1/paperless-counter", score=2, comment=CANARY, key="k" * 32, by=PUBLIC)
    Rating.objects.create(case=them.decided, score=3, comment=CANARY, at=long_ago)
    asker = town.worker_of(them.drafting).officer
    Correction.objects.create(case=them.drafting, asked_by=asker, asked_at=long_ago, items=["x"], answer_by=long_ago)
    Sheet.objects.create(id="t" * 64, application="a" * 64, sealed=b"x", at=long_ago)
    DataRequest.objects.filter(pk=them.wish.pk).update(email="x@example.jp", state=State.REFUSED)
    Case.objects.filter(closed_at=None).update(result="withdrawn", closed_at=long_ago)
    with without_guards():
        Case.objects.update(retention_until=long_ago.date())
    Holding.objects.update(retention_until=long_ago.date())
    read = {
        "register": "food-business",
        "office": them.decided.office,
        "sha256": "0" * 64,
        "mapping": {},
        "rows": ["x"],
    }
    Batch.objects.create(drafted_by=asker, drafted_at=long_ago, **read)
    Slot.objects.update(starts_at=long_ago, ends_at=long_ago + timedelta(hours=1))
    plant()
    return them


def fields():
    """(label, table, field) of everything that must be purged."""
    for label in PERSONAL.keys() - KEPT.keys():
        app, model, name = label.split(".")
        found = apps.get_model(app, model)
        yield label, found._meta.db_table, found._meta.get_field(name)


def plant():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(WITHDRAWN)
        for label, table, field in fields():
            if getattr(field, "generated", False):
                continue
            cursor.execute(f'UPDATE "{table}" SET "{field.column}" = %s', [value_of(label, field)])
        for model, moment in LONG_AGO.items():
            cursor.execute(f'UPDATE "{model._meta.db_table}" SET "{moment}" = %s', [timezone.now() - AGO])
        cursor.execute("SET LOCAL session_replication_role = origin")


def value_of(label, field):
    kind = field.db_type(connection)
    return LISTS.get(label, '{"a": "kanaria"}') if kind == "jsonb" else CANARY.encode() if kind == "bytea" else CANARY


def where():
    """The personal fields in which a canary sits."""
    found = set()
    with connection.cursor() as cursor:
        for label, table, field in fields():
            is_bytes = field.db_type(connection) == "bytea"
            sought = f"convert_from(\"{field.column}\", 'LATIN1')" if is_bytes else f'"{field.column}"::text'
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" WHERE strpos({sought}, %s) > 0)', [CANARY])
            found |= {label} if cursor.fetchone()[0] else set()
    return found


def every_night():
    sequence.purge(timestamp=0)
    sequence.sweep(timestamp=0)


def test_what_was_long_ago_is_forgotten(past):
    assert where() == PERSONAL.keys() - KEPT.keys(), "the control: each field has its canary"
    every_night()
    assert where() == set()


def test_what_is_kept_is_personal_and_says_why():
    assert KEPT.keys() <= PERSONAL.keys() and all(KEPT.values())
