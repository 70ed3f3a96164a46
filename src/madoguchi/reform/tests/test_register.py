"""The register of what the office still uses: lines, states, their log."""

from datetime import date

import pytest

from madoguchi.platform.refusing import ActionRefused
from madoguchi.reform import actions
from madoguchi.reform.five_less import boards
from madoguchi.reform.models import State
from tests import town

pytestmark = pytest.mark.django_db


def registered(kind="fax", *, by=None, office=town.HEALTH, label="受付の回線"):
    return actions.register(
        kind=kind, office=office, label=label, since=date(2026, 4, 1), evidence="回線の契約書", by=by or town.sasaki()
    )


def changed(item, value="abolished", *, seen=1, cause="電子の受付に替えた。", since=date(2026, 5, 1), by=None):
    return actions.change(
        item, value=value, since=since, evidence="解約の通知", cause=cause, seen=seen, by=by or town.sasaki()
    )


def test_the_register_counts_what_is_still_used(clock):
    clock("2026-05-20")
    item = registered()
    registered(label="裏の回線")
    changed(item)
    (health,) = next(board.register for board in boards() if board.less == "fax")
    assert (health.bureau.code, health.total, health.used) == ("health", 2, 1)


def test_a_state_that_begins_later_does_not_count_yet(clock):
    clock("2026-05-20")
    changed(registered(), since=date(2026, 6, 1))
    (health,) = next(board.register for board in boards() if board.less == "fax")
    assert health.used == 1


def test_another_office_does_not_change_the_register(clock):
    clock("2026-05-20")
    item = registered()
    with pytest.raises(ActionRefused):
        changed(item, by=town.kato())
    with pytest.raises(ActionRefused):
        registered(label="別の回線", by=town.kato())
    assert town.browser_of(town.kato()).get(f"/desk/reform/register/{item.pk}/").status_code == 403


@pytest.mark.parametrize("change", [{"value": "melted"}, {"cause": ""}, {"seen": 0}])
def test_an_unfit_state_is_refused(clock, change):
    clock("2026-05-20")
    item = registered()
    with pytest.raises(ActionRefused):
        changed(item, **change)
    assert State.objects.count() == 1


def test_the_same_line_is_registered_once(clock):
    clock("2026-05-20")
    registered()
    with pytest.raises(ActionRefused, match="すでに登録"):
        registered()


def test_an_officer_keeps_the_register_on_the_page(clock):
    clock("2026-05-20")
    browser = town.browser_of(town.sasaki())
    form = {"kind": "fax", "office": town.HEALTH, "label": "回線の名", "since": "2026-04-01", "evidence": ""}
    answer = browser.post("/desk/reform/register/", form)
    assert (answer.status_code, "回線の名" in answer.content.decode()) == (422, True)
    assert browser.post("/desk/reform/register/", {**form, "evidence": "契約書"}).status_code == 302
    place = f"/desk/reform/register/{State.objects.get().item_id}/"
    form = {"value": "law", "since": "いつか", "evidence": "法令", "cause": "調べた", "seen": "1"}
    assert browser.post(place, form).status_code == 422
    assert browser.post(place, {**form, "since": "2026-05-01"}).status_code == 302
    assert browser.post(place, {**form, "since": "2026-05-01"}).status_code == 409
