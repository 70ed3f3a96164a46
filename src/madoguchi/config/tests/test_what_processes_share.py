"""Web processes are forked from one that has loaded what they need, and nothing that few of them ever use."""

import json
import os
import subprocess
import sys

import pytest

from madoguchi.config import warm

LARGE = ("duckdb", "numpy", "openpyxl", "lxml", "typst", "pyhanko.sign", "boto3", "moto", "stripe", "babel",
         "sudachidict_full", "rich", "pandas")  # fmt: skip
"""5 MB and more each: loaded where they are used, by the processes that use them."""


def loaded_by(program: str) -> set[str]:
    """The modules of a new process that runs a program."""
    asked = f"{program}; import json, sys; print(json.dumps(sorted(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout
    return set(json.loads(told.splitlines()[-1]))


@pytest.mark.parametrize(
    "program",
    ["import madoguchi.config.asgi", "import django; django.setup(); import madoguchi.sequence",
     "import madoguchi.config.processes.run"],
)  # fmt: skip
def test_what_is_large_and_seldom_used_is_not_loaded_at_the_start(program):
    assert loaded_by(program) & set(LARGE) == set()


def test_the_process_that_watches_the_others_needs_no_django():
    assert "django" not in loaded_by("import madoguchi.config.processes.run")


@pytest.mark.django_db
def test_before_they_are_forked_pages_are_read_and_no_connection_stays(monkeypatch):
    asked, closed = [], []
    monkeypatch.setattr(warm.connections, "close_all", lambda: closed.append(len(asked)))

    def application(environ, start_response):
        asked.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return [b""]

    warm.warm_up(application)
    assert asked[:3] == ["/", "/en/", "/ja-easy/"]
    assert any(path.endswith("/apply/") for path in asked)
    assert closed == [len(asked)]


@pytest.mark.django_db
def test_a_page_that_fails_keeps_nobody_from_starting(monkeypatch):
    closed = []
    monkeypatch.setattr(warm.connections, "close_all", lambda: closed.append(True))

    def application(environ, start_response):
        raise OSError("on purpose")

    warm.warm_up(application)
    assert closed


def test_a_forked_process_draws_other_numbers_than_its_siblings():
    from madoguchi.foundation.identifiers import new_secret

    new_secret()  # the pool is filled
    drawn = []
    for _child in range(2):
        read, write = os.pipe()
        if (child := os.fork()) == 0:
            os.write(write, new_secret().encode())
            os._exit(0)
        os.close(write)
        os.waitpid(child, 0)
        drawn.append(os.read(read, 100))
        os.close(read)
    assert len({*drawn, new_secret().encode()}) == 3
