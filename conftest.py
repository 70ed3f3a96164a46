"""What every test may use: a town whose procedures are published, and the means to move its clock."""

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
hypothesis.settings.load_profile("untimed")
sys.path.insert(0, str(Path(__file__).parent))  # `from tests import town`, also from tests beside the code

HERE = Path(__file__).resolve().parent
SRC = HERE / "src" / "madoguchi"
LONG = {
    # what brings up whole halls to kill, fill and renew them
    HERE / "drills", HERE / "tests/hosts", SRC / "config/processes", HERE / "tests/test_drill_of_payments.py",
    # what makes towns, or copies of the program that follow a document
    SRC / "simulation", *(HERE / "tests/docs").glob("test_a*.py"), HERE / "tests/docs/test_how_to.py",
    # what goes over every page, address, text or row of a table
    *(HERE / "tests/guards" / f"test_{name}.py" for name in (
        "brake", "headers", "methods", "packed", "pages", "published_data", "screens", "trail", "what_is_typed",
    )),
    *(HERE / "tests/stories" / f"test_{name}.py" for name in (
        "codes_to_pay_with", "every_page", "files_that_cannot_be_taken", "how_pages_lie", "pages_of_rare_hours",
        "what_the_figures_see",
    )),
    HERE / "tests/stories/visits",
    SRC / "figures/tests/test_accessibility.py", SRC / "foundation/tests/test_postal.py",
    SRC / "opendata/serving/tests/test_search_by_index.py",
    # what waits for connections that are slow or many, or guesses passwords by the hundred
    SRC / "people/tests/test_guessing.py",
    SRC / "config/serving/tests/test_slow_connections.py", SRC / "config/serving/tests/test_many_connections.py",
}  # fmt: skip
"""Files and folders whose tests take minutes; single ones elsewhere bear the mark themselves (decision 59)."""
QUEUE = ["procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers"]
KEPT = ("catalogue_", "django_migrations", "django_content_type", "auth_permission", "procrastinate_")


def pytest_collection_modifyitems(items):
    """Tests with the browser come last: its driver keeps a loop running in this thread, where nothing can be signed."""
    items.sort(key=in_browser)
    for item in filter(in_browser, items):
        item.add_marker("browser")
    for item in items:
        if LONG & {item.path, *item.path.parents}:
            item.add_marker("long")


def in_browser(item):
    """Whether a test needs the browser."""
    return "chromium" in getattr(item, "fixturenames", ())


@pytest.fixture(autouse=True)
def japanese():
    """Every test begins in Japanese: a request leaves its language active in the thread of the test client."""
    from django.utils import translation

    translation.activate("ja")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Publish `procedures/` and make the signing key, once."""
    from django.conf import settings
    from django.test import TransactionTestCase

    from madoguchi.catalogue import queries
    from madoguchi.catalogue.actions import publish
    from madoguchi.counter import finding
    from madoguchi.credentials.keys import make_file_key
    from madoguchi.people.passwords import Argon2

    make_file_key(settings.KEYS_DIR)
    Argon2.time_cost, Argon2.memory_cost = 1, 8  # KiB: nobody steals the passwords of tests
    with django_db_blocker.unblock():
        publish(settings.PROCEDURES_DIR)
        queries.current()
        finding.renew()
    TransactionTestCase._fixture_teardown = lambda self: empty_the_town()
    return django_db_setup


@pytest.fixture(autouse=True)
def read_once(monkeypatch):
    """What is published is read again when a test publishes, and never because time went by: that is a statement.

    The name is no other fixture's: one that shadowed it would run before every test of its folder.
    """
    from madoguchi.catalogue import queries
    from madoguchi.platform import same_pages

    for kept in (same_pages, queries):
        monkeypatch.setattr(kept, "FRESH_SECONDS", float("inf"))
    monkeypatch.setattr(queries, "_current", queries._current)  # what a test publishes goes with its transaction


def empty_the_town():
    """After a test that really commits: Django's flush would truncate the events, which the database refuses.

    Only tables with rows are emptied: to truncate all of them takes ten times as long.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall() if not name.startswith(KEPT)] + QUEUE
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables))  # noqa: S608
        emptied = "".join(f"DELETE FROM {name};" for (name,) in cursor.fetchall())  # noqa: S608
        cursor.execute(f"SET session_replication_role = replica; {emptied} SET session_replication_role = origin")


@pytest.fixture
def clock(monkeypatch):
    """Sets the town's time: `clock("2026-07-01")` or `clock("2026-07-01 09:30")`, in Japan."""
    from django.utils import timezone

    from madoguchi.foundation import dates

    def show(text):
        moment = timezone.make_aware(datetime.fromisoformat(text if " " in text else f"{text} 10:00")).astimezone(UTC)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        monkeypatch.setattr(dates, "today", lambda: timezone.localdate(moment))
        return moment

    return show


@pytest.fixture
def period():
    """Sets when a procedure takes applications: `period(code, since, until)`; everything is as before afterwards."""
    from madoguchi.catalogue import queries
    from madoguchi.catalogue.models import Version

    changed = []

    def set_period(code, since, until=None):
        found = Version.objects.filter(code=code, replaced_at=None)
        changed.append((code, *found.values_list("effective_from", "effective_until").get()))
        found.update(effective_from=since, effective_until=until)
        queries.forget()

    yield set_period
    for code, since, until in reversed(changed):
        Version.objects.filter(code=code, replaced_at=None).update(effective_from=since, effective_until=until)
    queries.forget()


@pytest.fixture(scope="session")
def chromium():
    """Debian's browser, one for the session; where it is missing, the tests that need it are skipped and say so.

    The one without windows takes half the time: no renderer draws a frame of menus around each page.
    """
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
    if found is None:
        pytest.skip("chromium is missing (apt-get install chromium)")
    # Playwright's loop runs in this thread while the browser lives; Django would take every query for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
        flags.append("--disable-smooth-scrolling")  # or what is clicked may still be moving
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()
