"""The demo town's boards are not empty, show what is late, and are filled once."""

import pytest

from madoguchi.config import demo
from madoguchi.reform import queries
from madoguchi.reform.demo import fill
from madoguchi.reform.five_less import boards
from madoguchi.reform.models import Entry, Item, Reply, Report, State, Voice
from tests import town

pytestmark = pytest.mark.django_db
ROWS = (Report, Reply, Voice, Entry, Item, State)


@pytest.fixture
def seeded(settings, tmp_path, clock):
    settings.HOME = tmp_path

    def on(day):
        clock(day)
        demo.seed()
        fill()

    return on


def test_every_board_has_something_and_a_second_start_adds_nothing(seeded):
    seeded("2026-11-23")
    counts = [model.objects.count() for model in ROWS]
    assert all(counts)
    fill()
    assert [model.objects.count() for model in ROWS] == counts
    found = {board.less: board for board in boards()}
    assert all(found[less].register for less in ("fax", "seal", "cash"))
    assert all(row.last for less in ("paper", "fax") for row in found[less].rows if row.indicator.entered)


def test_a_late_and_a_missing_report_show_as_late(seeded):
    seeded("2026-11-23")
    (second, first) = queries.quarters("minatono-1/procedures-online")
    assert (first.late, second.late) == (0, 13)
    (missing, told) = queries.quarters("minatono-1/road-sensors")
    assert (told.late, missing.report) == (0, None)
    assert missing.late > 0
    page = town.visitor().get("/reform/").content.decode()
    assert "遅れ 1件" in page


@pytest.mark.parametrize("day", ["2026-04-01", "2026-07-02", "2031-01-15"])
def test_it_can_be_started_on_any_day(seeded, day):
    seeded(day)
    for place in ("/reform/", "/reform/five-less/", "/reform/projects/minatono-1/paperless-counter/"):
        assert town.visitor().get(place).status_code in (200, 404)
    assert Voice.objects.count() > 0
