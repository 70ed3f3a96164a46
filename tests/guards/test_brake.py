"""Every write that anybody may make has a brake: tried at every URL, with the limits as good as zero."""

import pytest

from madoguchi.people.rules import table
from tests import town
from tests.guards.test_access import call
from tests.guards.urls import addresses
from tests.guards.world import values

UNBRAKED = {"payments:notify", "opendata-api:ckan"}
"""Added to only with a reason in the access table, and a look at what a stranger could do there."""


def anonymous_writes():
    return [one for one in addresses() if (rule := table().get(one.name)) and rule.who in {"anyone", "holder"}
            and "POST" in rule.methods]  # fmt: skip


def test_there_are_anonymous_writes_and_the_exceptions_are_those_that_were_agreed():
    assert len(anonymous_writes()) > 30
    assert {name for name, rule in table().items() if rule.unbraked} == UNBRAKED


@pytest.mark.parametrize("brake", ["on", "off"])
def test_every_anonymous_write_is_braked(world, settings, monkeypatch, brake):
    """With the brake off none is: the control."""
    settings.BRAKE = 1e-9
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "" if brake == "on" else "brake")
    unbraked = set()
    for address in anonymous_writes():
        answer = call(town.visitor(), address, address.path(**values(address, "own", world)[0]), "POST", None)
        if answer.status_code != 429 or "Retry-After" not in answer:
            unbraked.add(address.name)
    assert unbraked == (UNBRAKED if brake == "on" else {one.name for one in anonymous_writes()})


def test_reading_is_not_braked(world, settings):
    settings.BRAKE = 1e-9
    for address in anonymous_writes():
        answer = town.visitor().get(address.path(**values(address, "own", world)[0]))
        assert answer.status_code != 429, address
