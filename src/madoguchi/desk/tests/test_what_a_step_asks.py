"""A step asks: day, inspector, result and photographs of an inspection, judged, kept, shown to whom it says."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from madoguchi.applications.actions import NotAccepted, last_filing
from madoguchi.applications.models import Filing
from madoguchi.applications.step_answers import answers_of, file_step
from madoguchi.cases import events
from madoguchi.cases.actions import advance_step, tick
from madoguchi.credentials import paper
from madoguchi.desk import actions as desk
from madoguchi.platform.refusing import ActionRefused
from tests import paying, town

pytestmark = pytest.mark.django_db
FIT = {"inspected_on": "2026-06-15", "inspector": "佐々木 実", "inspection_verdict": "fit"}
UNFIT = {**FIT, "inspection_verdict": "unfit", "inspection_findings": "消毒設備がない。"}


def at_inspection(code=town.BARBER):
    """(case, officer): a case whose inspection is to be made."""
    case = paying.paid(town.applied(code))
    by = town.worker_of(case)
    if code == town.RESTAURANT:
        advance_step(case, outcome="complete", by=by)
        case.refresh_from_db()
        advance_step(case, outcome="inspection-needed", by=by)
    else:
        advance_step(case, outcome="confirmed", by=by)
    case.refresh_from_db()
    return case, by


def checked(case, by):
    town.ticked(case, by)
    return case


def finish(case, by, answers, outcome):
    desk.finish_step(case, outcome=outcome, answers=answers, seen=case.step, by=by)
    case.refresh_from_db()
    return case


def form_of(case):
    return reverse("desk:step-answers", args=[case.reference])


def test_a_barbers_shop_is_acknowledged_by_its_inspection_and_the_paper_says_when_it_was():
    case, by = at_inspection()
    finish(checked(case, by), by, FIT, "passed")
    assert (case.step, case.result) == ("acknowledged", "acknowledged")
    filing = case.filings.get(step="inspection")
    assert (filing.answers, filing.by, filing.number) == (FIT, by.officer, 1)
    printed = paper.of_notification(case, "1", "x" * 32)
    assert ("検査した日", "2026年6月15日") in printed.rows or any("6月15日" in text for _label, text in printed.rows)
    assert [event.kind for event in case.events.order_by("seq")][-4:-1] == ["step-answered", "moved", "closed"]
    assert events.verify(case) is None


def test_the_application_stays_what_the_applicant_sent():
    case, by = at_inspection()
    before = last_filing(case).answers
    finish(checked(case, by), by, FIT, "passed")
    assert last_filing(case).answers == before
    assert answers_of(case) == {**before, **FIT}


def test_without_answers_the_step_is_not_finished_by_any_way():
    case, by = at_inspection()
    checked(case, by)
    ways = [lambda one=one: advance_step(case, outcome=one, by=by) for one in ("passed", "improve")]
    for way in (lambda: desk.acknowledge(case, by=by), *ways):
        with pytest.raises(ActionRefused, match="検査の結果"):
            way()
    assert not case.credentials.exists()


def test_what_must_be_checked_is_ticked_first():
    case, by = at_inspection()
    with pytest.raises(ActionRefused, match="適することを確認した"):
        finish(case, by, FIT, "passed")
    assert not case.filings.filter(step="inspection").exists()  # one press, or nothing
    assert finish(checked(case, by), by, FIT, "passed").result == "acknowledged"


def test_a_tick_belongs_to_the_filing_on_which_it_was_made():
    case, by = at_inspection()
    checked(case, by)
    case.filing += 1  # as a correction makes it
    case.save(update_fields=["filing"])
    with pytest.raises(ActionRefused, match="適することを確認した"):
        finish(case, by, FIT, "passed")
    tick(case, item="confirmed", done=True, by=by)
    assert case.checks.filter(item="confirmed").count() == 2


def test_answers_that_do_not_allow_an_outcome_are_told_so():
    case, by = at_inspection()
    with pytest.raises(ActionRefused, match="この結果を選べません"):
        finish(checked(case, by), by, UNFIT, "passed")
    with pytest.raises(ActionRefused, match="この結果を選べません"):
        finish(case, by, FIT, "improve")


def test_an_inspection_that_finds_faults_is_kept_and_made_again():
    case, by = at_inspection()
    finish(case, by, UNFIT, "improve")
    assert case.step == "improvement"
    advance_step(case, outcome="improved", by=by)
    case.refresh_from_db()
    finish(checked(case, by), by, FIT, "passed")
    assert list(case.filings.filter(step="inspection").order_by("number").values_list("number", "answers")) == [
        (1, UNFIT), (2, FIT),
    ]  # fmt: skip
    assert answers_of(case)["inspection_verdict"] == "fit"


@pytest.mark.parametrize("who", [town.kato, town.suzuki])
def test_only_the_cases_office_answers(who):
    case, _by = at_inspection()
    with pytest.raises(ActionRefused):
        file_step(case, answers=FIT, outcome="passed", by=who())


def test_an_officer_who_lost_the_post_meanwhile_is_refused():
    case, by = at_inspection()
    checked(case, by)
    by.officer.posts.all().delete()
    browser = town.browser_of(by)
    assert browser.post(form_of(case), {**FIT, "seen": case.step, "outcome": "passed"}).status_code in {403, 404}
    assert case.step == "inspection"


def test_what_is_answered_twice_is_answered_once():
    case, by = at_inspection()
    browser = town.browser_of(by)
    checked(case, by)
    typed = {
        "inspected_on.year": "2026", "inspected_on.month": "6", "inspected_on.day": "15", "inspector": "佐々木 実",
        "inspection_verdict": "fit", "seen": case.step, "outcome": "passed",
    }  # fmt: skip
    first, second = browser.post(form_of(case), typed), browser.post(form_of(case), typed)
    assert (first.status_code, second.status_code) == (302, 409)
    assert "次の段階に進めました" in second.content.decode()
    assert (case.filings.filter(step="inspection").count(), case.credentials.count()) == (1, 1)


def test_a_form_with_faults_keeps_what_was_typed_and_the_file():
    case, by = at_inspection()
    photo = SimpleUploadedFile("店内.png", town.small_image())
    typed = {"inspector": "佐々木 実", "inspection_verdict": "unfit", "seen": case.step, "outcome": "improve"}
    answer = town.browser_of(by).post(form_of(case), {**typed, "inspection_photos": photo})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "佐々木 実" in page and "店内.png" in page and "検査した日" in page
    assert not Filing.objects.filter(step="inspection").exists()


def test_a_day_to_come_and_an_unknown_answer_are_refused():
    case, by = at_inspection()
    for answers in ({**FIT, "inspected_on": "2999-01-01"}, {**FIT, "moon": 1}, {}):
        with pytest.raises(NotAccepted):
            finish(case, by, answers, "passed")


def test_who_comes_to_a_step_that_asks_nothing_is_told():
    case = town.applied()
    answer = town.browser_of(town.worker_of(case)).get(form_of(case))
    assert (answer.status_code, "記入することはありません" in answer.content.decode()) == (409, True)


def test_officers_and_applicants_read_the_result_and_its_photographs():
    case, by = at_inspection(town.RESTAURANT)
    photo = town.uploaded("png", name="調理場.png")
    finish(case, by, {**FIT, "inspection_photos": [photo.pk]}, "inspected")
    assert case.step == "drafting"
    for browser, page in (
        (town.browser_of(by), reverse("desk:case", args=[case.reference])),
        (town.holder(case), f"/applications/{case.reference}/"),
    ):
        said = browser.get(page).content.decode()
        assert "現地調査の結果" in said and "佐々木 実" in said and "調理場.png" in said
    assert town.holder(case).get(f"/applications/{case.reference}/files/{photo.pk}/").status_code == 200


def test_what_is_not_shown_to_the_applicant_is_not_handed_out_either(monkeypatch):
    case, by = at_inspection(town.RESTAURANT)
    photo = town.uploaded("png", name="調理場.png")
    finish(case, by, {**FIT, "inspection_photos": [photo.pk]}, "inspected")
    asked = case.compiled.procedure.asks["inspection"]
    monkeypatch.setitem(asked.__dict__, "shown_to", ())
    holder = town.holder(case)
    assert "調理場.png" not in holder.get(f"/applications/{case.reference}/").content.decode()
    assert holder.get(f"/applications/{case.reference}/files/{photo.pk}/").status_code == 404


def test_the_approver_sees_what_the_inspection_found():
    case, by = at_inspection(town.RESTAURANT)
    finish(case, by, {**UNFIT, "inspection_photos": []}, "inspected")
    draft = desk.propose(case, result="granted", by=by)
    page = town.browser_of(town.tanaka()).get(reverse("desk:case", args=[draft.case.reference])).content.decode()
    assert "消毒設備がない。" in page


def test_the_step_may_be_left_aside_without_answers():
    case, by = at_inspection(town.RESTAURANT)
    advance_step(case, outcome="review-again", by=by)
    case.refresh_from_db()
    assert (case.step, case.filings.count()) == ("review", 1)
