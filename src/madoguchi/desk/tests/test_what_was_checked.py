"""Who decides sees what was checked, by whom and when; what nobody checked is told, and never printed as done."""

import pytest
from django.urls import reverse

from madoguchi.cases.actions import tick
from madoguchi.cases.flow import BY_DECISION
from madoguchi.cases.queries import flows
from madoguchi.catalogue.queries import current
from madoguchi.decisions.actions import next_seat, propose, send_back
from tests import town

pytestmark = pytest.mark.django_db
SITE = ("検査", "調査し", "立入", "実地", "現地")
"""Words of a paper that say that somebody went and looked."""


def seat_page(draft) -> str:
    holder = town.holder_of_seat(next_seat(draft))
    page = town.browser_of(holder).get(reverse("desk:case", args=[draft.case.reference])).content.decode()
    return page.split('id="seat-title"')[1].split("</section>")[0]


def test_the_approver_sees_the_check_list_with_name_and_time():
    case = town.applied()
    item = case.compiled.procedure.checklist["intake"][0]
    tick(case, item=item.id, done=True, by=town.sasaki())
    seat = seat_page(town.drafted(case))
    line = seat.split("checked__item--done")[1].split("</li>")[0]
    assert item.text in line and town.sasaki().officer.name in line and "年" in line
    assert seat.count("checked__item--done") == 1
    assert "checked__item--open" in seat


def test_the_approver_sees_why_a_draft_was_sent_back_before():
    draft = town.drafted(town.applied())
    assert "前の差戻しの理由" not in seat_page(draft)
    send_back(draft, comment="図面の縮尺を確かめること", by=town.holder_of_seat(next_seat(draft)))
    draft.case.refresh_from_db()
    again = propose(draft.case, result="granted", by=town.worker_of(draft.case))
    assert "図面の縮尺を確かめること" in seat_page(again)


def press(case, **typed):
    return town.browser_of(town.worker_of(case)).post(reverse("desk:acknowledge", args=[case.reference]), typed)


def test_before_a_notification_is_acknowledged_what_is_unchecked_is_told():
    case = town.applied(town.CLOSURE)
    town.compared(case, town.sasaki())
    page = press(case)
    said = page.content.decode()
    lines = case.compiled.procedure.checklist["intake"]
    assert page.status_code == 200 and all(line.text in said for line in lines)
    assert not case.credentials.exists()
    assert press(case, anyway="1").status_code == 302
    assert case.credentials.count() == 1


def test_where_all_is_checked_and_nothing_due_it_is_asked_all_the_same():
    case = town.applied(town.CLOSURE)
    town.compared(case, town.sasaki())
    for line in case.compiled.procedure.checklist["intake"]:
        tick(case, item=line.id, done=True, by=town.worker_of(case))
    page = town.browser_of(town.worker_of(case)).get(reverse("desk:acknowledge", args=[case.reference]))
    assert "この案件は終わります" in page.content.decode() and not case.credentials.exists()
    assert press(case).status_code == 200 and not case.credentials.exists()
    assert press(case, anyway="1").status_code == 302
    assert case.credentials.count() == 1


def test_where_it_is_acknowledged_already_its_page_leads_to_the_case():
    case = town.applied(town.CLOSURE)
    town.compared(case, town.sasaki())
    press(case, anyway="1")
    page = town.browser_of(town.worker_of(case)).get(reverse("desk:acknowledge", args=[case.reference]))
    assert (page.status_code, page["Location"]) == (302, reverse("desk:case", args=[case.reference]))


def test_another_office_is_refused_and_told_nothing():
    case = town.applied(town.CLOSURE)
    town.compared(case, town.sasaki())
    browser = town.browser_of(town.kato())
    assert browser.post(reverse("desk:acknowledge", args=[case.reference])).status_code == 404


def without_looking(flow) -> bool:
    """Whether a case can be granted or acknowledged though no step was taken that looks at the place."""
    seen, ahead = set(), [flow.start]
    while ahead:
        step = flow.step_by_id.get(ahead.pop())
        if step is None or step.id in seen or any(word in step.name for word in ("検査", "調査")):
            continue
        seen.add(step.id)
        ahead += [outcome.to for outcome in step.outcomes.values()]
        if any(one.to == BY_DECISION or _ends_well(flow, one.to) for one in step.outcomes.values()):
            return True
    return False


def _ends_well(flow, to) -> bool:
    end = flow.end_by_id.get(to)
    return end is not None and end.decision is not None


def test_no_paper_says_that_somebody_looked_where_nobody_had_to():
    for listed in current().values():
        procedure = listed.compiled.procedure
        said = f"{procedure.outcome.title}{procedure.outcome.lead}"
        if without_looking(flows()[procedure.flow]):
            assert not [word for word in SITE if word in said], procedure.code
            title = listed.compiled.words("en").text("outcome.title", procedure.outcome.title)
            assert "inspect" not in title.lower(), procedure.code


def test_the_guard_sees_that_every_flow_can_be_walked_without_looking():
    assert without_looking(flows()["permit"]) and without_looking(flows()["notification"])
