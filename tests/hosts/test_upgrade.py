"""A database of an earlier version is taken over by today's program with all that is in it (docs/decisions/0052)."""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone

from madoguchi.config.database.embedded import _program
from madoguchi.config.database.roles import APP_ROLE, READER_ROLE, ensure_database, with_parts
from tests.hosts.conftest import Host, signed_in, start_web
from tests.hosts.make_the_old_town import WHERE, keys_of
from tests.hosts.visitor import Visitor
from tests.stories.conftest import ROOT, collect_static, free_port, wait_until_open

ARCHIVE = Path(__file__).with_name("town-of-0.1.0.tar.xz")
ANSWERS = ARCHIVE.with_name("answers-of-0.1.0.json")
LARGEST = 1_000_000
LAST_DAY_TO_PAY = date(2026, 12, 15)
"""Of the one application in the archive that waits for its fee."""
ROLES = f"""
DO $$ BEGIN CREATE ROLE {APP_ROLE} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE {READER_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
"""
REVERSE = """
import json, sys, django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
targets = [tuple(one) for one in json.loads(sys.argv[1])]
executor.migrate([one for one in targets if one in executor.loader.graph.nodes])  # some applications are gone
"""


class Old:
    """The archive, unpacked; databases as the earlier version left them."""

    def __init__(self, folder):
        self.folder = folder
        with tarfile.open(ARCHIVE) as archive:
            archive.extractall(folder, filter="data")
        self.told = json.loads((folder / "told.json").read_text())

    def restored(self, name):
        """A database with the dump in it, as the guide says."""
        owner = ensure_database(os.environ["DATABASE_URL"], f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(ROLES)
        psql = [_program("psql"), "--quiet", "--set=ON_ERROR_STOP=1", "--file", str(self.folder / "town.sql"), owner]
        subprocess.run(psql, check=True, stdout=subprocess.DEVNULL)
        return owner

    def home(self):
        """The home folder that the earlier version left."""
        home = self.folder / "home"
        keys_of(home / "keys", self.told["certificates"])
        (self.folder / "datasets").rename(home / "datasets")
        return home


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """What the earlier version left."""
    return Old(tmp_path_factory.mktemp("old"))


def environment(owner, home):
    return {
        **os.environ, **WHERE, "MADOGUCHI_HOME": str(home), "DATABASE_OWNER_URL": owner,
        "DATABASE_URL": with_parts(owner, user=APP_ROLE), "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
    }  # fmt: skip


@pytest.fixture(scope="module")
def hall(old):
    """The steps of the guide: migrate, set up, let the jobs run, serve."""
    owner, port = old.restored("upgraded"), free_port()
    host = Host(f"http://127.0.0.1:{port}", environment(owner, old.home()))
    for command in ("migrate", "setup"):
        host.run("-m", "madoguchi.config.cli", command)
    collect_static()
    host.run("-m", "django", "procrastinate", "--skip-checks", "worker", "--one-shot")
    with psycopg.connect(owner) as connection:  # the dump is older than a letter's link
        connection.execute("UPDATE applications_invitation SET expires_at = now() + interval '1 hour'")
    web = start_web(host, workers=1)
    try:
        wait_until_open(host.url + "/", web)
        yield host
    finally:
        web.terminate()
        web.wait(30)


@pytest.fixture(scope="module")
def now(hall, old):
    """What today's program reads."""
    return json.loads(hall.run(str(ROOT / "tests/hosts/look_at_the_old_town.py"), str(old.folder / "told.json")))


def test_the_archive_is_small_and_says_where_it_is_from(old):
    assert ARCHIVE.stat().st_size < LARGEST
    assert len(old.told["commit"]) == 40
    assert b"PRIVATE KEY" not in (old.folder / "town.sql").read_bytes() + (old.folder / "told.json").read_bytes()


def test_every_record_is_whole_and_says_what_it_said(hall, now, old):
    assert now["broken"] == []
    for case, events in zip(old.told["cases"], now["events"], strict=True):
        assert events[: len(case["events"])] == case["events"]
    assert "0 broken" in hall.run("-m", "madoguchi.config.cli", "verify-record")


def test_decisions_and_figures_are_what_they_were(now, old):
    then = [[case["step"], case["result"]] for case in old.told["cases"]]
    if timezone.localdate() > LAST_DAY_TO_PAY and now["results"] != then:  # as soon as a worker looks for unpaid ones
        then[then.index(["intake", ""], 3)] = ["lapsed", "lapsed"]
    assert now["results"] == then
    assert now["figures"] == old.told["figures"]


def test_case_keys_cookies_and_links_of_letters_still_open(hall, now, old):
    assert now["keys"] == [case["key"] for case in old.told["cases"]]
    first = old.told["cases"][0]
    assert now["cookie"] == {first["reference"]: first["key"]}
    for case in old.told["cases"]:
        url = f"{hall.url}/api/v1/applications/{case['reference']}"
        assert Visitor().get(url, Authorization=f"Bearer {case['key']}").status == 200
        assert Visitor().get(url, Authorization=f"Bearer {first['key'][::-1]}").status == 404
    reader = Visitor()
    assert reader.get(hall.url + old.told["link"]).status == 200  # reading a letter's link opens nothing yet
    answer = reader.post(hall.url + old.told["link"], {})
    while answer.status == 302:
        answer = reader.get(hall.url + answer.headers["Location"].removeprefix(hall.url))
    assert (answer.status, first["reference"] in answer.text) == (200, True)


WORDS = {"title", "name", "status_name", "description", "summary", "label", "help", "notes", "text"}
"""Fields whose value is a sentence: it may be said better, it stays a sentence."""
OF_THE_CONTENT = {"version"}
"""Fields that name a content by its hash: a town that changes a procedure changes them."""


def differences(then, now, where=""):
    """What a reader of the earlier answer would miss in today's; a field more, or a value for a null, is no loss."""
    if isinstance(then, dict) and isinstance(now, dict):
        return [line for key in then for line in differences(then[key], now.get(key, "(absent)"), f"{where}/{key}")]
    if where.endswith("/timeline"):  # what was done stays done; something may have happened since
        at = [entry["at"] for entry in now if entry["state"] == "done"]
        return [f"{where}: {entry} is gone" for entry in then if entry["at"] not in at]
    if isinstance(then, list) and isinstance(now, list):
        pairs = enumerate(zip(then, in_the_order_of(then, now), strict=False))
        missing = [f"{where}: {len(then)} became {len(now)}"] if len(now) < len(then) else []
        return missing + [line for at, (old, new) in pairs for line in differences(old, new, f"{where}/{at}")]
    a_sentence = where.rpartition("/")[2] in WORDS | OF_THE_CONTENT and type(then) is type(now)
    return [] if then is None or then == now or a_sentence else [f"{where}: {then!r} became {now!r}"]


def in_the_order_of(then, now):
    """What has a code is compared with what has the same one: a procedure that is new may stand anywhere among them."""
    codes = [one.get("code") if isinstance(one, dict) else None for one in then]
    by_code = {one["code"]: one for one in now if isinstance(one, dict) and "code" in one}
    return [by_code[code] for code in codes] if by_code and by_code.keys() >= set(codes) else now


def test_the_answers_of_the_api_say_all_that_they_said(hall, old):
    """`answers-of-0.1.0.json` is what the program of that commit answered on this dump, of cases that no job moves."""
    keys = {case["reference"]: case["key"] for case in old.told["cases"]}
    missing = {}
    for path, then in json.loads(ANSWERS.read_text()).items():
        key = keys.get(path.rpartition("/")[2])
        answer = Visitor().get(hall.url + path, **({"Authorization": f"Bearer {key}"} if key else {}))
        missing[path] = differences(then, json.loads(answer.body))
    assert not [line for lines in missing.values() for line in lines]


def test_a_field_that_is_gone_or_says_something_else_is_seen():
    done = {"state": "done", "at": "09:00"}
    then = {"fee": 100, "payment": {"due": 1}, "list": [1, 2], "timeline": [done], "title": "a", "ends": None}
    assert differences(then, then | {"more": 1, "title": "b", "ends": "x", "timeline": [done, done | {"at": ""}]}) == []
    for now in ({"fee": "100"}, {"fee": 1}, {"payment": {}}, {"list": [1]}, {"timeline": []}, {"title": None}):
        assert differences(then, then | now)


def test_an_officer_signs_in_and_goes_on_working(hall, old):
    """With password and second factor of then; whoever was signed in signs in anew."""
    officer = signed_in(hall, "suzuki@minatono.example")
    assert officer.get(f"{hall.url}/desk/").status == 200
    for case in old.told["cases"][:3]:
        assert officer.get(f"{hall.url}/desk/cases/{case['reference']}/").status == 200


def test_documents_are_genuine_and_the_same_bytes(hall, now, old):
    assert now["documents"] == old.told["documents"]
    assert now["genuine"] == ["genuine"] * len(old.told["documents"])


def test_a_ticket_that_was_sold_is_signed_as_it_was_and_admits(hall, now, old):
    assert (now["ticket"], now["admitted"]) == (old.told["ticket"]["text"], "good")
    assert Visitor().get(f"{hall.url}/orders/{old.told['ticket']['secret']}/ticket/").status == 200


def test_every_published_file_is_handed_out_from_the_database(hall, old):
    for copy in (hall.home / "datasets").rglob("*.*"):
        copy.unlink()
    for name, sha256 in old.told["datasets"].items():
        answer = Visitor().get(f"{hall.url}/datasets/old-shops/{name}")
        assert (answer.status, hashlib.sha256(answer.body).hexdigest()) == (200, sha256), name
    assert Visitor().get(f"{hall.url}/datasets/old-shops/changes/1/2/").status in {200, 404}


def test_the_jobs_of_the_earlier_version_ran(hall, old):
    assert old.told["waiting"]["madoguchi.follow"] > 0
    with psycopg.connect(hall.environment["DATABASE_OWNER_URL"]) as connection:
        statement = "SELECT status::text, count(*) FROM procrastinate_jobs WHERE task_name = ANY(%s) GROUP BY 1"
        assert dict(connection.execute(statement, [list(old.told["waiting"])]).fetchall()).keys() == {"succeeded"}


def test_the_steps_may_be_repeated(hall):
    for command in ("migrate", "setup"):
        assert "lie in the database now" not in hall.run("-m", "madoguchi.config.cli", command)


def test_the_newest_migrations_can_be_reversed_and_applied_again(old, tmp_path):
    """What reversing drops (copies of keys and files) is told in the guide: the way back is the back-up."""
    owner = old.restored("reversed")
    given = environment(owner, tmp_path) | {"DATABASE_URL": owner}
    migrate = [sys.executable, "-m", "madoguchi.config.cli", "migrate"]
    subprocess.run(migrate, env=given, check=True)
    back = [sys.executable, "-c", REVERSE, json.dumps(list(old.told["leaves"].items()))]
    subprocess.run(back, env=given, check=True)
    with psycopg.connect(owner) as connection:
        applied = dict(connection.execute("SELECT app, max(name) FROM django_migrations GROUP BY app").fetchall())
        assert applied == old.told["leaves"]
        assert connection.execute("SELECT count(*) FROM cases_case").fetchone() == (len(old.told["cases"]),)
    subprocess.run(migrate, env=given, check=True)
    with psycopg.connect(owner) as connection:
        assert connection.execute("SELECT count(*) FROM cases_case").fetchone() == (len(old.told["cases"]),)
