"""`docs/reference/settings.md` names every variable of the environment that the program reads, and no other."""

import re

import pytest

from madoguchi.platform import failpoints
from tests.docs.reading import DOCS, ROOT

PAGE = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "src" / "madoguchi"
READER = re.compile(
    r"(?:os\.environ(?:\.get\(|\[)|env\.(?:text|flag|number|names|secret|networks)\(|\b(?:text|flag|number|names|secret|networks)\()"
    r"\s*\"([A-Z0-9_]+)\""
)
DJANGO = {"DJANGO_SETTINGS_MODULE", "PATH"}


def own_files():
    """The program's files, without tests."""
    return [file for file in PACKAGE.rglob("*.py") if "tests" not in file.parts]


def read_variables():
    """Every variable that the program reads, by name."""
    found = {failpoints.POINTS_VARIABLE, failpoints.LOCKS_VARIABLE}
    for file in own_files():
        found |= set(READER.findall(file.read_text(encoding="utf-8")))
    return found - DJANGO


READ = read_variables()
LISTED = set(re.findall(r"`((?:MADOGUCHI|DATABASE)_[A-Z0-9_]+)`", PAGE))


def test_the_reader_finds_what_the_settings_read():
    assert {"MADOGUCHI_SECRET_KEY", "MADOGUCHI_HOME", "DATABASE_URL", "MADOGUCHI_SMTP_PORT"} <= READ


def test_every_variable_that_is_read_is_listed():
    assert set() == READ - LISTED


def test_every_variable_that_is_listed_is_read():
    assert set() == LISTED - READ


@pytest.mark.parametrize(("function", "variable"), [("failpoint", "FAILPOINTS"), ("switched_off", "LOCKS_OFF")])
def test_every_point_and_every_lock_is_named(function, variable):
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `MADOGUCHI_{variable}`")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in own_files() if file.name != "failpoints.py")
    names = set(re.findall(rf"\b{function}\(\"([a-z-]+)\"", code))
    assert names
    assert all(f"`{name}`" in row for name in names)
