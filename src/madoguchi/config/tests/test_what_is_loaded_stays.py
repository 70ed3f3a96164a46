"""A web process does not look for garbage among what it loaded at its start."""

import gc
import subprocess
import sys

import pytest

from madoguchi.config.boot import keep_what_is_loaded


@pytest.fixture
def thawed():
    yield
    gc.unfreeze()


def test_what_is_loaded_is_out_of_the_collectors_sight(thawed):
    loaded = {"module": []}
    assert any(one is loaded for one in gc.get_objects())
    keep_what_is_loaded()
    assert not any(one is loaded for one in gc.get_objects())


def test_the_web_process_does_so_at_its_start():
    asked = "import gc, madoguchi.config.wsgi; print(gc.get_freeze_count() > 10_000)"
    assert subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout == "True\n"
