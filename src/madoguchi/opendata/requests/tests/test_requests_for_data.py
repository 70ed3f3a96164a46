"""Anyone asks for data; the state is public, an office answers, the history stays; feeds and the gallery tell of it."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from madoguchi.foundation.dates import open_days_between
from madoguchi.opendata import usecases
from madoguchi.opendata.models.datasets import Dataset
from madoguchi.opendata.models.requests import DataRequest, Step
from madoguchi.opendata.requests import actions, letters
from madoguchi.platform.brake.limits import ASK
from tests import town

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
TYPED = {
    "title": "公園の遊具の一覧",
    "purpose": "子どもと行く公園を選ぶアプリを作ります。",
    "email": "",
    "key": "k" * 32,
}


@pytest.fixture
def public():
    return Client(headers=town.SAME_SITE)


def asked(public, **changes):
    answer = public.post("/datasets/requests/new/", {**TYPED, **changes})
    assert answer.status_code == 302, answer.content.decode()
    return DataRequest.objects.get(pk=int(answer["Location"].rstrip("?sent=1").rstrip("/").rsplit("/", 1)[1]))


def body(answer):
    return answer.content.decode()


@pytest.fixture
def dataset(settings, tmp_path):
    from madoguchi.opendata.publishing.actions import freeze
    from madoguchi.opendata.publishing.columns import Column

    settings.DATASETS_DIR = tmp_path
    made = Dataset.objects.create(
        code="parks", title="公園の一覧", description="公園", office=town.HEALTH, theme="community", source="upload",
        changed_at=timezone.now(),
    )  # fmt: skip
    freeze(dataset=made, columns=[Column("名称")], key=[], rows=[("緑公園",)], by=town.sasaki())
    Dataset.objects.filter(pk=made.pk).update(is_public=True)
    return made


def test_anyone_asks_and_sees_the_state(public):
    made = asked(public)
    assert open_days_between(timezone.localdate(), made.due) == actions.ANSWER_DAYS
    page = body(public.get(f"/datasets/requests/{made.pk}/"))
    assert "受付" in page
    assert f"第{made.pk}号" in body(public.get("/datasets/requests/"))


def test_no_word_is_public_before_an_office_has_read_it(public):
    made = asked(public)
    for path in ("", f"{made.pk}/", "feed.xml"):
        assert TYPED["title"] not in body(public.get(f"/datasets/requests/{path}"))
        assert TYPED["purpose"] not in body(public.get(f"/datasets/requests/{path}"))
    actions.take(made, office=town.HEALTH, by=town.sasaki())
    for path in ("", f"{made.pk}/", "feed.xml"):
        assert TYPED["title"] in body(public.get(f"/datasets/requests/{path}"))


def test_the_address_of_who_asked_is_never_shown(public):
    made = asked(public, email="someone@example.jp")
    actions.take(made, office=town.HEALTH, by=town.sasaki())
    desk = town.browser_of(town.sasaki())
    for browser, path in (
        (public, "/datasets/requests/"), (public, f"/datasets/requests/{made.pk}/"),
        (public, "/datasets/requests/feed.xml"), (desk, "/desk/data/requests/"),
        (desk, f"/desk/data/requests/{made.pk}/"),
    ):  # fmt: skip
        assert "someone@example.jp" not in body(browser.get(path))


def told(mailbox):
    """Let the worker send what is queued; the letters."""
    for job in ProcrastinateJob.objects.filter(task_name="madoguchi.data-request-letter").order_by("id"):
        letters.send(job.args["step_id"])
    return mailbox


def test_who_asked_is_told_in_their_language_and_then_forgotten(public, dataset, mailoutbox):
    made = asked(public, email="someone@example.jp")
    DataRequest.objects.filter(pk=made.pk).update(language="en")
    actions.take(made, office=town.HEALTH, by=town.sasaki())
    actions.open_up(made, dataset="parks", reason="", by=town.sasaki())
    taken, opened = told(mailoutbox)
    assert "received your request" in taken.body
    assert f"/en/datasets/requests/{made.pk}/" in opened.body
    made.refresh_from_db()
    assert made.email == ""
    assert len(told(mailoutbox)) == 2, "a repeated job tells nobody"


def test_a_refusal_tells_its_reason(public, mailoutbox):
    made = asked(public, email="someone@example.jp")
    actions.take(made, office=town.HEALTH, by=town.sasaki())
    actions.refuse(made, reason="遊具の点検記録は、県では作っていません。", by=town.sasaki())
    assert "県では作っていません" in told(mailoutbox)[-1].body


def test_who_gave_no_address_is_sent_nothing(public):
    actions.take(asked(public), office=town.HEALTH, by=town.sasaki())
    assert not ProcrastinateJob.objects.filter(task_name="madoguchi.data-request-letter").exists()


def test_the_same_press_twice_is_one_request(public):
    assert asked(public) == asked(public)
    other = public.post("/datasets/requests/new/", {**TYPED, "title": "別のデータ"})
    assert other.status_code == 409
    assert DataRequest.objects.count() == Step.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": ""}, "両方を書いてください"),
        ({"purpose": " "}, "両方を書いてください"),
        ({"title": "あ" * 81}, "80文字以内"),
        ({"purpose": "あ" * 1001}, "1,000文字以内"),
        ({"purpose": "連絡は 090-1234-5678 まで"}, "書かないでください"),
        ({"title": "taro@example.jp に送って"}, "書かないでください"),
        ({"email": "not an address"}, "メールアドレスの形"),
        ({"title": "だめ\x00"}, "画面に表示できない文字"),
        ({"key": ""}, "画面を開き直して"),
    ],
)
def test_a_faulty_request_is_told_and_nothing_typed_is_lost(public, change, told):
    answer = public.post("/datasets/requests/new/", {**TYPED, "email": "me@example.jp", **change})
    assert answer.status_code == 422
    assert told in body(answer)
    kept = {**TYPED, "email": "me@example.jp", **change}
    assert kept["purpose"].strip() in body(answer)
    assert kept["email"] in body(answer)
    assert not DataRequest.objects.exists()


def test_a_flood_is_braked_and_what_was_typed_stays_on_the_page(public, clock):
    clock("2026-12-01 10:00")
    for number in range(ASK[0].most):
        asked(public, key=str(number))
    page = public.post("/datasets/requests/new/", {**TYPED, "key": "last"})
    assert page.status_code == 429 and TYPED["purpose"] in body(page)
    clock("2026-12-01 11:13")
    assert asked(public, key="last")


def test_an_office_opens_it_with_a_dataset(public, dataset):
    made, desk = asked(public), town.browser_of(town.sasaki())
    page = f"/desk/data/requests/{made.pk}/"
    assert desk.post(page, {"do": "open", "dataset": "parks"}).status_code == 422, "nobody has taken it yet"
    assert desk.post(page, {"do": "take", "office": town.HEALTH}).status_code == 302
    assert desk.post(page, {"do": "open", "dataset": "nothing"}).status_code == 422
    assert desk.post(page, {"do": "open", "dataset": "parks", "word": "公開しました。"}).status_code == 302
    shown = body(public.get(f"/datasets/requests/{made.pk}/"))
    assert "/datasets/parks/" in shown
    assert desk.post(page, {"do": "refuse", "reason": "やはり公開できない理由です。"}).status_code == 409
    assert list(made.steps.values_list("state", flat=True)) == ["received", "office", "opened"]


def test_a_refusal_needs_a_reason_which_is_public(public):
    made, desk = asked(public), town.browser_of(town.sasaki())
    page = f"/desk/data/requests/{made.pk}/"
    desk.post(page, {"do": "take", "office": town.HEALTH})
    short = desk.post(page, {"do": "refuse", "reason": "だめ"})
    assert short.status_code == 422
    assert ">だめ</textarea>" in body(short)
    assert desk.post(page, {"do": "refuse", "reason": "遊具の点検記録は、県では作っていません。"}).status_code == 302
    assert "県では作っていません" in body(public.get(f"/datasets/requests/{made.pk}/"))


def test_another_office_does_not_answer_but_the_reform_office_may(public):
    made = asked(public)
    actions.take(made, office=town.HEALTH, by=town.sasaki())
    page = f"/desk/data/requests/{made.pk}/"
    reason = {"do": "refuse", "reason": "遊具の点検記録は、県では作っていません。"}
    assert town.browser_of(town.kato()).post(page, reason).status_code == 422
    assert town.browser_of(town.nakamura()).post(page, reason).status_code == 302


def test_an_overdue_request_is_shown_as_late(public):
    made = asked(public)
    assert "期限を過ぎています" not in body(public.get("/datasets/requests/"))
    DataRequest.objects.filter(pk=made.pk).update(due=date(2026, 1, 5))
    assert "期限を過ぎています" in body(public.get("/datasets/requests/"))
    assert "期限を過ぎています" in body(town.browser_of(town.sasaki()).get("/desk/data/requests/"))


def test_the_history_is_never_changed(public):
    asked(public)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Step.objects.update(state="opened")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Step.objects.all().delete()


# ---------------------------------------------------------------- feeds and use cases


@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"])
def test_the_feeds_are_valid_atom(public, dataset, language):
    made = asked(public)
    actions.take(made, office=town.HEALTH, by=town.sasaki())
    for path, entries in (("/datasets/feed.xml", 1), ("/datasets/requests/feed.xml", 2)):
        answer = public.get(language + path)
        assert answer["Content-Type"].startswith("application/atom+xml")
        feed = ElementTree.fromstring(answer.content)
        assert feed.tag == f"{ATOM}feed"
        for one in (feed, *feed.findall(f"{ATOM}entry")):
            assert all(one.find(ATOM + name) is not None for name in ("id", "title", "updated", "link"))
        assert feed.find(f"{ATOM}author/{ATOM}name").text
        ids = [one.find(f"{ATOM}id").text for one in feed.findall(f"{ATOM}entry")]
        assert len(ids) == len(set(ids)) == entries
        own = next(one for one in feed.findall(f"{ATOM}link") if one.get("rel") == "self")
        assert own.get("href").endswith(language + path)


def test_the_pages_name_their_feeds(public):
    made = asked(public)
    for path in ("requests/", f"requests/{made.pk}/", "use-cases/"):
        assert 'type="application/atom+xml"' in body(public.get(f"/datasets/{path}"))


@pytest.mark.parametrize(
    ("language", "word"), [("", "架空の例"), ("/en", "A map of waiting times"), ("/ja-easy", "地図")]
)
def test_the_gallery_is_shown_and_says_what_is_invented(public, language, word):
    assert word in body(public.get(f"{language}/datasets/use-cases/"))


def test_the_gallery_of_this_tree_has_no_fault(settings):
    assert usecases.check(settings.USECASES_DIR) == []
    assert all(one.fictional for one in usecases.gallery())


def test_every_fault_of_an_entry_is_told_with_its_line(tmp_path, settings):
    good = (settings.USECASES_DIR / "permit-calendar.yaml").read_text()
    (tmp_path / "other-name.yaml").write_text(
        good.replace("datasets: [procedures]", "datasets: []\nlink: javascript:x")
    )
    (tmp_path / "permit-map.yaml").write_text(good)
    (tmp_path / "broken.yaml").write_text("code: [")
    told = [str(one) for one in usecases.check(tmp_path)]
    assert [
        any(word in one for one in told) for word in ("datasets", "link", "the code is not the file's name", "broken")
    ] == [True] * 4
