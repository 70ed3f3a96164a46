"""One world for the guards over all URLs."""

import pytest
from django.db import transaction

from madoguchi.opendata.publishing.actions import renew_all
from madoguchi.opendata.publishing.sources import numbers
from madoguchi.people.actor import worker
from tests import town

from .world import OTHER, OWN, with_canary


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Both applicants, built once: every test's own transaction lies inside the one that is taken back here."""
    with django_db_blocker.unblock(), transaction.atomic():
        renew_all(register=[numbers.sources], by=worker("test"))
        yield {"own": with_canary(town.RESTAURANT, OWN), "other": with_canary(town.LICENCE, OTHER)}
        transaction.set_rollback(True)
