"""A quarter is reported by the owner office, shows as late by its date, and is never changed without a cause."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from madoguchi.reform.models import Report
from madoguchi.reform.queries import quarters
from madoguchi.reform.rules import Quarter, days_late, ended, months_before
from tests import town

from .stage import FIRST, OWN, REAL, reported

pytestmark = pytest.mark.django_db
PLACE = f"/desk/reform/projects/{OWN}/reports/2026/1/"


@pytest.mark.parametrize(
    ("day", "quarter", "begins", "ends", "due"),
    [
        ("2026-04-01", (2026, 1), "2026-04-01", "2026-06-30", "2026-07-31"),
        ("2026-12-31", (2026, 3), "2026-10-01", "2026-12-31", "2027-01-31"),
        ("2027-03-31", (2026, 4), "2027-01-01", "2027-03-31", "2027-04-30"),
    ],
)
def test_quarters_follow_the_fiscal_year(day, quarter, begins, ends, due):
    found = Quarter.of(date.fromisoformat(day))
    assert (found.fiscal_year, found.number) == quarter
    assert [str(found.begins), str(found.ends), str(found.due)] == [begins, ends, due]


def test_the_quarters_that_ended_are_listed_from_the_newest():
    assert [str(one) for one in ended(date(2026, 4, 1), date(2027, 1, 5))] == ["2026-3", "2026-2", "2026-1"]
    assert ended(date(2026, 4, 1), date(2026, 6, 30)) == []


def test_months_run_over_the_year_end():
    assert [f"{one:%Y-%m}" for one in months_before(date(2027, 2, 1), 3)] == ["2026-12", "2027-01", "2027-02"]


def test_a_report_is_late_from_the_day_after_it_was_due():
    assert days_late(FIRST, date(2026, 7, 31), date(2026, 9, 1)) == 0
    assert days_late(FIRST, date(2026, 8, 2), date(2026, 9, 1)) == 2
    assert days_late(FIRST, None, date(2026, 8, 10)) == 10


def test_a_late_report_shows_as_late_also_after_it_came_and_was_revised(clock):
    clock("2026-08-10")
    assert quarters(OWN)[0].late == 10
    reported()
    clock("2026-09-20")
    reported(seen=1, cause="数字を直した。")
    found = quarters(OWN)[-1] if len(quarters(OWN)) > 1 else quarters(OWN)[0]
    assert (found.late, found.report.revision, len(found.revisions)) == (10, 2, 2)
    page = town.visitor().get(f"/reform/projects/{OWN}/").content.decode()
    assert "10日の遅れ" in page
    assert "数字を直した。" in page


def test_a_real_project_has_no_reports_of_this_town(clock):
    clock("2026-08-10")
    assert quarters(REAL) == []
    with pytest.raises(ActionRefused, match="参考の記録"):
        reported(ref=REAL)


@pytest.mark.parametrize("who", [town.sasaki, town.kato, town.kanno, lambda: PUBLIC])
def test_only_the_owner_office_reports(clock, who):
    clock("2026-08-10")
    with pytest.raises(ActionRefused):
        reported(by=who())
    assert not Report.objects.exists()


def test_a_quarter_that_has_not_begun_is_refused(clock):
    clock("2026-08-10")
    with pytest.raises(ActionRefused):
        reported(Quarter(2026, 4))


@pytest.mark.parametrize("change", [{"progress": ""}, {"next": " "}, {"progress": "長" * 4001}, {"next": "あ\0い"}])
def test_an_unfit_report_is_refused(clock, change):
    clock("2026-08-10")
    with pytest.raises(ActionRefused):
        reported(**change)


def test_a_revision_needs_a_cause_and_the_newest_page(clock):
    clock("2026-08-10")
    reported()
    with pytest.raises(ActionRefused, match="理由"):
        reported(seen=1)
    with pytest.raises(ActionRefused) as refused:
        reported(seen=0, cause="同時に書いた。")
    assert refused.value.conflict


@pytest.mark.parametrize("change", [{"progress": "よくなった。"}, None])
def test_the_database_keeps_every_report_as_it_was_written(clock, change):
    clock("2026-08-10")
    row = Report.objects.filter(pk=reported().pk)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.update(**change) if change else row.delete()


def test_an_officer_writes_a_report_and_loses_nothing_when_it_is_refused(clock):
    clock("2026-08-10")
    browser = town.browser_of(town.nakamura())
    answer = browser.post(PLACE, {"progress": "書きかけの文", "next": "", "seen": "0"})
    assert (answer.status_code, "書きかけの文" in answer.content.decode()) == (422, True)
    assert browser.post(PLACE, {"progress": "終えた。", "next": "続ける。", "seen": "0"}).status_code == 302
    assert browser.post(PLACE, {"progress": "終えた。", "next": "続ける。", "seen": "0"}).status_code == 409
    assert "続ける。" in town.visitor().get(f"/reform/projects/{OWN}/").content.decode()


def test_another_office_does_not_see_the_desk_page_of_the_project():
    answer = town.browser_of(town.sasaki()).get(PLACE)
    assert answer.status_code == 403


@pytest.mark.parametrize("place", ["reports/2026/0/", "reports/2026/5/", "reports/1/1/"])
def test_a_quarter_that_does_not_exist_has_no_page(place):
    assert town.browser_of(town.nakamura()).get(f"/desk/reform/projects/{OWN}/{place}").status_code == 404
