"""Every page that anybody can open is whole in three languages; error pages say a sentence and never a stack trace."""

import re

import pytest
from django.db import OperationalError

from madoguchi.catalogue.queries import current
from madoguchi.design.middleware import HEADERS
from tests import town
from tests.guards.urls import LANGUAGES

pytestmark = pytest.mark.django_db
PREFIX = {"ja": "", "en": "/en", "ja-easy": "/ja-easy"}
LOST = (
    "Traceback", "NoReverseMatch", "{{", "{%", "&lt;bound method", "object at 0x",
    "None</dd", "None</td", "None</p", "None</h", "None</time",
)  # fmt: skip
each_language = pytest.mark.parametrize("language", LANGUAGES)


def pages():
    """Public pages, one of each kind, and those of every procedure."""
    yield from ("/", "/procedures/", "/procedures/?q=レストラン", "/procedures/?q=zzz", "/applications/", "/verify/")
    yield from ("/statistics/", "/accessibility/", "/accounts/login/")
    yield from ("/reform/", "/reform/five-less/", "/reform/quality/", "/reform/indicators/")
    for code in current():
        yield from (f"/procedures/{code}/", f"/procedures/{code}/apply/")


def whole(answer, language):
    page = answer.content.decode()
    assert [(mark, page[page.index(mark) - 80 :][:120]) for mark in LOST if mark in page] == []
    assert f'<html lang="{"en" if language == "en" else "ja"}"' in page
    assert re.search(r"<title>[^<｜]+｜", page), "a page has a title"
    assert page.count("<h1") == 1
    assert 'id="main"' in page
    return page


def strict(answer):
    for name, value in HEADERS.items():
        assert answer.headers.get(name) in {value, "default-src 'none'; sandbox"}, name
    assert "Cache-Control" in answer.headers
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@each_language
def test_every_public_page_opens(language):
    browser = town.visitor()
    for place in pages():
        answer = browser.get(PREFIX[language] + place)
        assert answer.status_code == 200, place
        whole(answer, language)
        strict(answer)


@each_language
def test_every_link_on_a_public_page_leads_somewhere(language):
    browser, seen, dead = town.visitor(), set(), []
    for place in pages():
        page = browser.get(PREFIX[language] + place).content.decode()
        for link in set(re.findall(r'(?:href|action)="(/[^"#?]*)', page)) - seen:
            seen.add(link)
            if not link.startswith("/static/") and browser.get(link).status_code in {404, 500}:
                dead.append(f"{place} → {link}")
    print(f"{len(seen)} links")
    assert dead == []


@each_language
def test_the_pages_of_a_case_are_whole_at_each_of_its_stages(language):
    filed = {"language": language}
    opened, decided, refused = town.applied(**filed), town.applied(**filed), town.applied(**filed)
    told = town.applied(town.BARBER, **filed)
    town.decided(decided)
    town.decided(refused, "refused")
    town.decided(told)
    for case in (opened, decided, refused, told):
        browser = town.holder(case)
        for place in ("", "received/"):
            answer = browser.get(f"{PREFIX[language]}/applications/{case.reference}/{place}")
            assert answer.status_code == 200, (case.step, place)
            whole(answer, language)
            strict(answer)
            assert answer.headers["Cache-Control"] == "no-store"


def broken(*_anything):
    raise RuntimeError("秘密の故障")


def unreachable(*_anything):
    raise OperationalError("秘密の故障")


SENTENCES = {
    400: "読み取れませんでした",
    403: "開くことはできません",
    404: "ページが見つかりません",
    405: "この操作はできません",
}


def of_status(status, language):
    browser, prefix = town.visitor(), PREFIX[language]
    if status == 400:
        return browser.post(f"{prefix}/procedures/{town.RESTAURANT}/confirm/", {f"f{n}": "" for n in range(4000)})
    if status == 403:
        return browser.post(f"{prefix}/applications/", headers={"Sec-Fetch-Site": "cross-site"})
    return browser.delete(f"{prefix}/") if status == 405 else browser.get(f"{prefix}/nowhere/")


@each_language
@pytest.mark.parametrize("status", [400, 403, 404, 405])
def test_an_error_page_says_a_sentence_and_a_way_on(status, language):
    answer = of_status(status, language)
    page = whole(answer, language)
    assert answer.status_code == status
    assert f'href="{PREFIX[language]}/"' in page
    strict(answer)
    if language == "ja":
        assert SENTENCES[status] in page


@each_language
def test_a_broken_page_says_a_sentence_and_keeps_its_secret(language, monkeypatch):
    """Something that a page's view calls fails."""
    from madoguchi.counter import views

    monkeypatch.setattr(views.queries, "cards", broken)
    answer = town.visitor().get(f"{PREFIX[language]}/")
    page = whole(answer, language)
    assert answer.status_code == 500
    assert "秘密の故障" not in page
    strict(answer)


@each_language
def test_a_database_that_is_away_says_when_to_come_again(language, monkeypatch):
    from madoguchi.counter import views

    monkeypatch.setattr(views.queries, "cards", unreachable)
    answer = town.visitor().get(f"{PREFIX[language]}/")
    page = whole(answer, language)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "秘密の故障" not in page
    strict(answer)


@pytest.mark.parametrize(("place", "status"), [("/api/v1/nowhere", 404), ("/api/v1/procedures/x/y/z", 404)])
def test_a_program_gets_problem_details_for_an_error(place, status):
    answer = town.visitor().get(place)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")


def test_an_unknown_host_is_refused():
    answer = town.visitor().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "Traceback" not in answer.content.decode()


def test_a_page_over_https_asks_to_stay_there():
    answer = town.visitor().get("/", secure=True)
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
