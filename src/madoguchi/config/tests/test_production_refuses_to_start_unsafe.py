"""A production process with a failpoint, a switched-off lock, debug pages or no HTTPS does not start."""

import pytest

from madoguchi.config.boot import UnsafeStart, commits_are_durable, refuse_unsafe_start

SAFE = {
    "PRODUCTION": True,
    "DEBUG": False,
    "SANDBOX": False,
    "PUBLIC_URL": "https://city.example",
    "SECRET_IS_GIVEN": True,
}


@pytest.fixture
def production(settings, monkeypatch):
    """A safe production, changed by keywords. The test database itself is not durable, so that part is asked apart."""
    monkeypatch.setattr("madoguchi.config.boot._settings", dict)

    def as_set(**changes):
        for name, value in {**SAFE, **changes}.items():
            setattr(settings, name, value)

    return as_set


def test_a_safe_production_starts(production):
    production()
    refuse_unsafe_start()


@pytest.mark.parametrize(
    ("variable", "value"), [("MADOGUCHI_FAILPOINTS", "after-commit=exit"), ("MADOGUCHI_LOCKS_OFF", "idempotency")]
)
def test_failpoints_and_switched_off_locks_stop_it(production, monkeypatch, variable, value):
    production()
    monkeypatch.setenv(variable, value)
    with pytest.raises(UnsafeStart, match=variable):
        refuse_unsafe_start()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DEBUG": True}, "DEBUG"),
        ({"SANDBOX": True}, "SANDBOX"),
        ({"PUBLIC_URL": "http://city.example"}, "https"),
        ({"SECRET_IS_GIVEN": False}, "SECRET"),
        ({"BRAKE": 0}, "BRAKE"),
    ],
)
def test_unsafe_settings_stop_it_and_say_what_to_change(production, change, words):
    production(**change)
    with pytest.raises(UnsafeStart, match=words):
        refuse_unsafe_start()


def test_outside_production_the_same_settings_are_fine(production, monkeypatch):
    production(PRODUCTION=False, DEBUG=True)
    monkeypatch.setenv("MADOGUCHI_FAILPOINTS", "after-commit=exit")
    refuse_unsafe_start()


@pytest.mark.django_db
def test_a_database_that_may_lose_commits_is_told(settings):
    from django.db import connection

    settings.PRODUCTION = True
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        found = commits_are_durable(databases=["default"])
    assert any("synchronous_commit" in message.msg for message in found)
