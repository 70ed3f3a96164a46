import os
import subprocess
import sys

import pytest

from madoguchi.platform import failpoints
from madoguchi.platform.failpoints import FailpointReached, active, failpoint, switched_off


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    monkeypatch.delenv("MADOGUCHI_FAILPOINTS", raising=False)
    monkeypatch.delenv("MADOGUCHI_LOCKS_OFF", raising=False)
    failpoints._hits.clear()


def test_nothing_happens_unless_the_environment_asks():
    failpoint("after-commit")
    assert not switched_off("decide")
    assert active() == []


def test_a_failpoint_raises_where_it_is_named_and_nowhere_else(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_FAILPOINTS", "before-commit=raise, other=exit")
    failpoint("after-commit")
    for _ in range(2):
        with pytest.raises(FailpointReached, match="before-commit"):
            failpoint("before-commit")


def test_a_numbered_failpoint_fails_on_that_hit_only(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_FAILPOINTS", "step=raise:3")
    failpoint("step")
    failpoint("step")
    with pytest.raises(FailpointReached):
        failpoint("step")
    failpoint("step")


def test_an_exit_ends_the_process_like_a_kill():
    program = (
        "from madoguchi.platform.failpoints import failpoint as f; f('a'); f('a'); print('on', flush=True); f('a')"
    )
    environment = os.environ | {"MADOGUCHI_FAILPOINTS": "a=exit:3"}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (137, "on\n")


@pytest.mark.parametrize("setting", ["after-commit", "a=explode", "=exit", "a=exit:", "a=exit:x"])
def test_an_unreadable_setting_is_an_error_not_a_quiet_pass(monkeypatch, setting):
    monkeypatch.setenv("MADOGUCHI_FAILPOINTS", setting)
    with pytest.raises(ValueError, match="MADOGUCHI_FAILPOINTS"):
        failpoint("anything")


def test_a_guard_is_off_only_when_it_is_listed(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "decide, number")
    assert switched_off("decide")
    assert switched_off("number")
    assert not switched_off("num")


def test_everything_switched_on_is_reported(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_FAILPOINTS", "a=exit,b=raise")
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "decide")
    assert active() == ["MADOGUCHI_FAILPOINTS: a=exit", "MADOGUCHI_FAILPOINTS: b=raise", "MADOGUCHI_LOCKS_OFF: decide"]
