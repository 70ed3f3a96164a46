"""Nothing depends on the day, the hour or the zone of the machine: what is red on 29 February is found in the code."""

import ast

import pytest

from tests.guards.code.test_code import ROOT, short

FOLDERS = ("src", "tests", "verify", "drills", "bench")
ZONELESS = {("date", "today"), ("datetime", "today"), ("datetime", "utcnow"), ("datetime", "now")}
SAFE_DAY = 28


def of(node):
    """The last name of what a method is called on: `date` in `datetime.date.today()`."""
    return getattr(node, "attr", getattr(node, "id", ""))


def days(call):
    """The keywords of a call whose value stands there as a number."""
    return {one.arg: getattr(one.value, "value", None) for one in call.keywords}


def fault(call):
    """What is wrong with a call of a method, or ''."""
    name, given = call.func.attr, days(call)
    if (of(call.func.value), name) in ZONELESS and not call.args and not given:
        return "the machine's zone decides: foundation.dates.today, timezone.localdate or a zone"
    if name == "replace" and {"year", "month"} & given.keys() and not _exists(given):
        return "29 or 31 may not exist there: add_years or add_months of foundation.dates"
    if name == "replace" and isinstance(given.get("day"), int) and given["day"] > SAFE_DAY:
        return "not every month has that day"
    if name == "date" and not call.args and _in_utc(call.func.value):
        return "a day of UTC, where Japan's is meant: timezone.localdate(moment)"
    return ""


def _exists(given):
    return isinstance(given.get("day"), int) and given["day"] <= SAFE_DAY


def _in_utc(moment):
    """What the database and `timezone.now()` give."""
    if isinstance(moment, ast.Call):
        return of(moment.func) == "now" and not moment.args
    return of(moment) == "at" or of(moment).endswith("_at")


def faults(source):
    """(line, what is wrong) of a module."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    methods = (call for call in calls if isinstance(call.func, ast.Attribute))
    return [(call.lineno, wrong) for call in methods if (wrong := fault(call))]


def test_no_code_and_no_test_depends_on_the_machines_day():
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))] + [ROOT / "conftest.py"]
    assert len(paths) > 500
    outside = (path for path in paths if "simulation" not in path.parts)  # which counts in Japan's time throughout
    found = {short(path): wrong for path in outside if (wrong := faults(path.read_text()))}
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "day.replace(year=day.year + 1)", "day.replace(month=2)", "day.replace(day=31)",
        "date.today()", "datetime.date.today()", "datetime.now()", "datetime.datetime.now()", "datetime.utcnow()",
        "day.replace(year=2026, day=29)", "timezone.now().date()", "case.closed_at.date()", "entry.at.date()",
    ],
)  # fmt: skip
def test_what_depends_on_the_day_is_found(line):
    assert faults(line)


@pytest.mark.parametrize(
    "line",
    [
        "day.replace(day=1)", "day.replace(year=2027, month=4, day=1)", "datetime.now(UTC)", "timezone.localdate()",
        "datetime.now(tz=TOWN_TIME)", "text.replace('a', 'b')", "timezone.localtime(case.closed_at).date()",
    ],
)  # fmt: skip
def test_what_holds_on_every_day_is_left_alone(line):
    assert not faults(line)
