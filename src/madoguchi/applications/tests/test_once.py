"""However often an application is sent, and whatever dies on the way: one case."""

import json

import pytest

from madoguchi.applications.actions import Submitted, submit
from madoguchi.cases.models import Case
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.failpoints import EXIT_CODE
from tests import town
from tests.elsewhere import at_the_same_time, in_a_process

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "once" * 8
SEND = """
from madoguchi.applications.actions import submit
from madoguchi.people.actor import PUBLIC
from tests import town
compiled = town.without_files()[0] if given["short"] else town.compiled()
done = submit(compiled=compiled, answers=given["answers"], key=given["key"],
              channel="online", language="ja", by=PUBLIC)
print(json.dumps([done.case.reference, done.key, done.replayed]))
"""


def send(given, compiled=None):
    compiled = compiled or town.compiled()
    return submit(compiled=compiled, answers=given, key=KEY, channel="online", language="ja", by=PUBLIC)


def test_eight_threads_with_the_same_key_make_one_case():
    given = town.answers()
    done = at_the_same_time(*[lambda: send(given)] * 8)
    assert all(isinstance(one, Submitted) for one in done), done
    assert len({one.case.pk for one in done}) == len({one.key for one in done}) == 1
    assert sorted(one.replayed for one in done) == [False] + [True] * 7
    assert Case.objects.get().uploads.count() == 3


def test_eight_threads_without_the_lock_make_many_cases(monkeypatch):
    """The control: without the idempotency key the test above would be red."""
    short, given = town.without_files()
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "idempotency")
    at_the_same_time(*[lambda: send(given, short)] * 8)
    assert Case.objects.count() == 8


def killed_then_retried(given, **environment):
    """The process dies between commit and answer, as by kill -9; then the same application is sent again."""
    killed = in_a_process(SEND, given, MADOGUCHI_FAILPOINTS="after-commit=exit", **environment)
    assert (killed.returncode, killed.stdout) == (EXIT_CODE, ""), killed.stderr
    again = in_a_process(SEND, given, **environment)
    assert again.returncode == 0, again.stderr
    return json.loads(again.stdout)


def test_a_worker_killed_between_commit_and_answer_has_filed_the_application_once():
    given = {"short": False, "answers": town.answers(), "key": KEY}
    reference, _key, replayed = killed_then_retried(given)
    assert Case.objects.get().reference == reference
    assert replayed


def test_without_the_key_the_retry_after_a_kill_makes_a_second_case():
    """The control: with the guard switched off the drill above turns red."""
    _short, answers = town.without_files()
    killed_then_retried({"short": True, "answers": answers, "key": KEY}, MADOGUCHI_LOCKS_OFF="idempotency")
    assert Case.objects.count() == 2
