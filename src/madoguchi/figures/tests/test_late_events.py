"""An event whose transaction commits late, with a lower id than events already read, is still counted."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.db import connection, transaction

from madoguchi.cases import events
from madoguchi.figures.models import Cursor
from madoguchi.figures.rollup import roll
from madoguchi.people.actor import PUBLIC
from tests import town

from .test_statistics import recounted, rolled


def rate_slowly(case, written, may_commit):
    """Append an event in another connection, and commit only when told."""
    try:
        with transaction.atomic():
            events.append(events.lock(case), "rated", by=PUBLIC, data={"score": 5})
            written.set()
            may_commit.wait(30)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("waits_for_open_transactions", [True, False])
def test_a_late_event_is_counted_and_would_not_be_without_the_horizon(waits_for_open_transactions):
    slow, quick, written, may_commit = town.applied(), town.applied(), Signal(), Signal()
    roll()
    with ThreadPoolExecutor(1) as other:
        late = other.submit(rate_slowly, slow, written, may_commit)
        assert written.wait(30)
        with transaction.atomic():
            events.append(events.lock(quick), "rated", by=PUBLIC, data={"score": 1})
        roll()
        roll()
        if not waits_for_open_transactions:  # the control: a cursor that simply takes the highest id it has seen
            newest = quick.events.latest("seq").pk
            Cursor.objects.update(settled=newest, seen=newest)
        may_commit.set()
        late.result()
    roll()
    roll()
    assert (rolled() == recounted()) is waits_for_open_transactions
