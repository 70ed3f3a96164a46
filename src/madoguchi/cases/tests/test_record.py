"""The record only grows: nobody changes an event, and a change by a superuser is found."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from madoguchi.cases import actions, events
from madoguchi.cases.models import Event
from tests import paying, town

pytestmark = pytest.mark.django_db


def as_a_superuser(statement, *values):
    """Change the table behind the trigger's back."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def case():
    """A case with a handful of events."""
    case, by = town.applied(), town.sasaki()
    actions.take(case, by=by)
    actions.note(case, text="図面を確かめた。", by=by)
    actions.advance_step(paying.paid(case), outcome="complete", by=by)
    case.refresh_from_db()
    return case


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_event SET kind = 'decided'",
        "UPDATE cases_event SET data = '{}' WHERE seq = 1",
        "DELETE FROM cases_event",
        "TRUNCATE cases_event",
        "TRUNCATE cases_event CASCADE",
    ],
)
def test_the_table_refuses_every_change(case, statement):
    before = list(case.events.values_list("hash", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert list(case.events.values_list("hash", flat=True)) == before


def test_the_models_own_ways_are_refused_too(case):
    event = case.events.first()
    event.kind = "decided"
    for change in (event.save, event.delete, case.events.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_whole_chain_verifies(case):
    assert events.verify(case) is None
    assert [event.seq for event in case.events.order_by("seq")] == list(range(1, case.last_seq + 1))


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'decided'",
        "at = at - interval '1 day'",
        "actor_code = '1'",
        "actor_kind = 'system'",
        """data = data || '{"outcome": "refused"}'""",
        "hash = repeat('0', 64)",
        "previous = repeat('1', 64)",
    ],
)
@pytest.mark.parametrize("seq", [1, 3])
def test_a_superusers_change_is_found_where_it_was_made(case, change, seq):
    as_a_superuser(f"UPDATE cases_event SET {change} WHERE case_id = %s AND seq = %s", case.pk, seq)
    assert events.verify(case) in {seq, seq + 1}


def test_a_superusers_deletion_is_found(case):
    as_a_superuser("DELETE FROM cases_event WHERE case_id = %s AND seq = 2", case.pk)
    assert events.verify(case) is not None


def test_a_chain_cut_at_its_end_is_found(case):
    as_a_superuser("DELETE FROM cases_event WHERE case_id = %s AND seq = %s", case.pk, case.last_seq)
    assert events.verify(case) == case.last_seq


def test_an_emptied_chain_is_found(case):
    as_a_superuser("DELETE FROM cases_event WHERE case_id = %s", case.pk)
    assert events.verify(case) is not None


def test_an_event_moved_from_another_case_is_found(case):
    other = town.applied()
    as_a_superuser("DELETE FROM cases_event WHERE case_id = %s AND seq = 1", case.pk)
    as_a_superuser("UPDATE cases_event SET case_id = %s WHERE case_id = %s", case.pk, other.pk)
    assert events.verify(case) == 1


def test_the_chain_cannot_fork(case):
    second = case.events.get(seq=2)
    event = Event(**events.next_row(case.pk, "rated", by=town.sasaki(), seq=99, previous=second.previous))
    with pytest.raises(IntegrityError, match="event_chain_does_not_fork"), transaction.atomic():
        event.save(force_insert=True)


def test_a_sequence_number_is_used_once(case):
    event = Event(**events.next_row(case.pk, "rated", by=town.sasaki(), seq=2, previous="a" * 64))
    with pytest.raises(IntegrityError, match="event_once"), transaction.atomic():
        event.save(force_insert=True)


def test_an_unknown_kind_of_event_is_refused(case):
    with pytest.raises(ValueError, match="not an event kind"):
        events.append(case, "invented", by=town.sasaki())


def test_no_name_address_or_free_text_stands_in_the_events():
    case = town.applied()
    actions.note(case, text="秘密のメモ", by=town.sasaki())
    actions.consult(case, office="legal", question="秘密の照会", by=town.sasaki())
    town.decided(case, "refused")
    told = str(list(Event.objects.values_list("data", "actor_code")))
    for secret in ("髙橋", "結衣", "伊勢佐木町", "045-210", "minato@example.jp", "秘密", "定食みなと", "手洗い"):
        assert secret not in told
