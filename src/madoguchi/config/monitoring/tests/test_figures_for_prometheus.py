"""`/metrics` is the operator's alone, is what Prometheus reads, counts every answer once, and grows with no address."""

import math
import os
import shutil
import subprocess
import time
from io import BytesIO

import pytest
from django.core import mail
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections, connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from madoguchi.config.monitoring import counters, hall
from madoguchi.config.monitoring.requests import Measured, measured
from madoguchi.design.middleware import Guarded
from madoguchi.opendata.serving.front import Reading
from madoguchi.platform.same_pages import SamePages
from tests import town

pytestmark = pytest.mark.django_db
TOKEN = "a-token-for-the-tests-only"


@pytest.fixture(autouse=True)
def token(settings):
    """With a token; this process counts into one folder for all its tests, as a web process does."""
    settings.METRICS_TOKEN = TOKEN


def asked(given=f"Bearer {TOKEN}"):
    headers = {"Host": "10.0.0.7:8000"} | ({"Authorization": given} if given else {})
    return Client(headers=headers).get("/metrics")


def figures():
    """What Prometheus' own reader finds: (name, labels) → value."""
    answer = asked()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    families = text_string_to_metric_families(answer.content.decode())
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def value(name, **labels):
    return figures().get((name, frozenset(labels.items())), 0.0)


def of_requests(found):
    return {key: told for key, told in found.items() if key[0] == "madoguchi_requests_total"}


def web():
    """The steps of the web process, around the real Django."""
    return Measured(Guarded(Reading(SamePages(WSGIHandler()))))


def get(path, application, method="GET"):
    told = []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "HTTP_HOST": "testserver", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
    }  # fmt: skip
    for signal in (request_started, request_finished):  # their receiver would end the test's transaction
        signal.disconnect(close_old_connections)
    list(application(environ, lambda status, *rest: told.append(status)))
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    return int(told[0][:3])


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"])
def test_without_the_token_nothing_is_told(given):
    answer = asked(given)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert b"madoguchi" not in answer.content


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}"])
def test_where_no_token_is_set_the_address_is_not_there(settings, given):
    settings.METRICS_TOKEN = ""
    assert asked(given).status_code == 404


def test_an_officers_session_opens_no_figures():
    assert town.browser_of(town.kanno()).get("/metrics").status_code == 401


def test_each_answer_is_counted_once_wherever_it_is_made():
    application = web()
    form = {"route": "applications:form", "method": "GET", "status": "200"}
    before = value("madoguchi_requests_total", **form)
    for _time in range(3):  # the first by Django, the others from the kept page
        assert get("/procedures/food-business-permit/apply/", application) == 200
    assert value("madoguchi_requests_total", **form) == before + 3
    ckan = {"route": "opendata-api:ckan", "method": "GET", "status": "200"}
    before = value("madoguchi_requests_total", **ckan)
    assert get("/api/3/action/package_list", application) == 200
    assert value("madoguchi_requests_total", **ckan) == before + 1


def test_the_time_of_an_answer_falls_into_one_bucket():
    route = {"route": "monitoring:healthz", "method": "GET"}
    before = value("madoguchi_request_seconds_count", **route)
    assert get("/healthz", web()) == 200
    found = figures()
    assert found["madoguchi_request_seconds_count", frozenset(route.items())] == before + 1
    assert found["madoguchi_request_seconds_bucket", frozenset({**route, "le": "+Inf"}.items())] == before + 1


def test_addresses_that_are_not_there_make_one_series():
    application = web()
    get("/nowhere/0/", application)
    before = len(of_requests(figures()))
    for number in range(1, 50):
        assert get(f"/nowhere/{number}/", application) == 404
        assert get(f"/applications/2026-0000-{number:03}/", application) == 404
    after = of_requests(figures())
    assert len(after) <= before + 1
    assert {"other", "counter:case"} <= {dict(labels)["route"] for _name, labels in after}


def test_methods_that_nobody_knows_make_one_series():
    application = web()
    for method in ("BREW", "WHEN", "PROPFIND"):
        get("/healthz", application, method)
    methods = {dict(labels)["method"] for _name, labels in of_requests(figures())}
    assert "other" in methods
    assert not {"BREW", "WHEN", "PROPFIND"} & methods


def test_a_fault_of_the_program_is_counted_as_500():
    def broken(environ, start_response):
        raise RuntimeError

    told = {"route": "other", "method": "GET", "status": "500"}
    before = value("madoguchi_requests_total", **told)
    with pytest.raises(RuntimeError):
        get("/", Measured(broken))
    assert value("madoguchi_requests_total", **told) == before + 1


def job(status, *, worker=None, scheduled="NULL", ago=0):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, scheduled_at)"
            f" VALUES ('default', 't', %s, %s, {scheduled}) RETURNING id",
            [status, worker],
        )
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(secs => %s)"
            " WHERE job_id = %s AND type = 'deferred'",
            [ago, cursor.fetchone()[0]],
        )


def worker(silent_for):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent_for],
        )
        return cursor.fetchone()[0]


def test_the_queue_tells_its_states_its_oldest_and_what_is_stuck():
    job("todo", ago=300)
    job("todo", ago=20)
    job("todo", ago=9000, scheduled="now() + interval '1 day'")  # not due
    job("doing", worker=worker(5))
    job("doing", worker=worker(900))
    job("doing")
    job("failed")
    found = {name: told for (name, labels), told in figures().items() if not labels}
    states = {state: value("madoguchi_jobs", state=state) for state in hall.STATES}
    assert states == {"todo": 3, "doing": 3, "failed": 1}
    assert 300 <= found["madoguchi_job_oldest_seconds"] < 400
    assert (found["madoguchi_jobs_stalled"], found["madoguchi_workers"]) == (2, 1)
    assert found["madoguchi_database_up"] == 1
    assert found["madoguchi_database_size_bytes"] > 1_000_000
    assert found["madoguchi_home_free_bytes"] > 0


def test_an_empty_queue_has_no_oldest():
    assert value("madoguchi_job_oldest_seconds") == 0


def test_without_a_database_the_other_figures_are_told(monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    found = {name for name, _labels in figures()}
    assert "madoguchi_home_free_bytes" in found
    assert "madoguchi_jobs" not in found
    assert value("madoguchi_database_up") == 0


def test_the_newest_file_of_the_back_ups_has_an_age(settings, tmp_path):
    assert ("madoguchi_backup_age_seconds", frozenset()) not in figures()
    settings.BACKUPS = str(tmp_path)
    assert value("madoguchi_backup_age_seconds") == math.inf
    for name, hours in (("old", 50), ("new", 3)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - hours * 3600,) * 2)
    assert value("madoguchi_backup_age_seconds") == pytest.approx(3 * 3600, abs=120)
    settings.BACKUPS = str(tmp_path / "unmounted")
    assert value("madoguchi_backup_age_seconds") == math.inf


def test_letters_are_counted_and_so_are_those_that_fail(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "madoguchi.config.monitoring.letters.Files", tmp_path
    sent, failed = (value("madoguchi_letters_total", result=one) for one in ("sent", "failed"))
    mail.send_mail("件名", "本文", None, ["a@minatono.example"])
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "madoguchi.config.monitoring.letters.Smtp", 1
    settings.EMAIL_HOST = "127.0.0.1"
    with pytest.raises(ConnectionRefusedError):
        mail.send_mail("件名", "本文", None, ["a@minatono.example"])
    assert value("madoguchi_letters_total", result="sent") == sent + 1
    assert value("madoguchi_letters_total", result="failed") == failed + 1


def test_sign_ins_are_counted():
    officer = town.suzuki().officer
    officer.email = "suzuki@minatono.example"
    officer.authenticator_set.all().delete()  # the password is the last step then
    officer.set_password("correct horse battery")
    officer.save()
    wrong, right = (value("madoguchi_logins_total", result=one) for one in ("failure", "success"))
    sent = {"login": officer.email, "password": "wrong"}
    town.visitor().post("/accounts/login/", sent)
    assert value("madoguchi_logins_total", result="failure") == wrong + 1
    town.visitor().post("/accounts/login/", sent | {"password": "correct horse battery"})
    assert value("madoguchi_logins_total", result="success") == right + 1


def test_a_wrong_second_factor_is_counted():
    measured(WSGIHandler())  # what the web process does when it starts
    officer = town.suzuki().officer
    officer.email = "suzuki@minatono.example"
    officer.set_password("correct horse battery")
    officer.save()
    browser = town.visitor()
    answer = browser.post("/accounts/login/", {"login": officer.email, "password": "correct horse battery"})
    before = value("madoguchi_logins_total", result="failure")
    assert browser.post(answer.headers["Location"], {"code": "abcdef"}).status_code == 200
    assert value("madoguchi_logins_total", result="failure") == before + 1


def test_no_label_says_whose_it_is():
    application = web()
    get("/procedures/food-business-permit/apply/", application)
    known = {"route", "method", "status", "le", "state", "result"}
    assert {label for _name, labels in figures() for label, _value in labels} <= known


def test_the_files_of_an_earlier_start_are_forgotten_when_all_its_processes_are_dead(tmp_path):
    dead = subprocess.Popen(["true"])
    dead.wait()
    (tmp_path / f"counter_{dead.pid}.db").touch()
    (tmp_path / f"counter_{os.getpid()}.db").touch()
    counters.forget_an_earlier_start(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2  # one lives: the sum may not fall
    (tmp_path / f"counter_{os.getpid()}.db").unlink()
    counters.forget_an_earlier_start(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_prometheus_own_tool_finds_nothing_to_complain_of():
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is missing (apt-get install prometheus)")
    told = subprocess.run([promtool, "check", "metrics"], input=asked().content, capture_output=True, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (0, b"", b"")
