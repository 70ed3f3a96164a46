"""axe-core (wording: Japanese) on every page, on a phone and on a desktop: no violation, no sideways scroll."""

import pytest

from tests.stories.conftest import DESKTOP, PHONE, ROOT

PROCEDURES = sorted(folder.parent.name for folder in (ROOT / "procedures").glob("*/procedure.yaml"))
PUBLIC = [
    "/",
    "/procedures/",
    "/procedures/?q=店",
    "/procedures/?q=見つからない言葉",
    "/applications/",
    "/applications/open/unknown/",
    "/verify/",
    "/verify/unknown/",
    "/statistics/",
    "/statistics/food-business-permit/",
    "/accessibility/",
    "/facilities/",
    "/facilities/health-center-counter/",
    "/orders/",
    "/reform/",
    "/reform/projects/shin-tosei-1/core-2/",
    "/reform/projects/minatono-1/paperless-counter/",
    "/reform/indicators/",
    "/reform/indicators/tokyo-copies/",
    "/reform/five-less/",
    "/reform/quality/",
    "/reform/quality/food-business-permit/",
    "/datasets/requests/",
    "/datasets/requests/new/",
    "/datasets/use-cases/",
    "/datasets/",
    "/datasets/?q=見つからない言葉",
    "/datasets/procedures/",
    "/datasets/indicators/",
    "/datasets/indicators/?q=a b c d e f g h i j k l",
    "/datasets/ratings/",
    "/datasets/procedures/changes/",
    "/accounts/login/",
    "/no-such-page/",
]
DESK = [
    "/desk/",
    "/desk/?tab=closed",
    "/desk/?tab=approval",
    "/desk/me/",
    "/desk/counter/",
    "/desk/sale/",
    "/desk/sale/river-garden/",
    "/desk/procedures/food-business-permit/flow/",
    "/desk/reform/",
    "/desk/reform/register/",
    "/desk/reform/indicators/sheets-used/",
    "/desk/data/",
    "/desk/data/requests/",
    "/desk/counter/food-business-permit/apply/",
    "/accounts/2fa/",
    "/accounts/password/change/",
    "/accounts/devices/",
    "/desk/no-such-page/",
]


TOO_MANY_WORDS = "/datasets/indicators/?q=a b c d e f g h i j k l"
STATUSES = {"/no-such-page/": 404, "/desk/no-such-page/": 404, "/verify/unknown/": 404, TOO_MANY_WORDS: 400}


def opened(page, path, language=""):
    """The page, which must be there (unless its refusal is what is looked at)."""
    assert page.goto(language + path).status == STATUSES.get(path, 200), path


def is_sound(page, violations, *viewports):
    """No violation and no sideways scroll, in the window as it is or in each of these."""
    for viewport in viewports or (page.viewport_size,):
        page.set_viewport_size(viewport)
        assert violations(page) == [], viewport
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), viewport


@pytest.mark.parametrize("paths", [PUBLIC[::2], PUBLIC[1::2]], ids=["one half", "the other"])
@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"], ids=["ja", "en", "ja-easy"])
def test_public_pages(person, violations, paths, language):
    page = person(PHONE)
    for path in paths:
        page.set_viewport_size(PHONE)
        opened(page, path, language)
        is_sound(page, violations, PHONE, DESKTOP)


@pytest.mark.parametrize("code", PROCEDURES)
def test_the_pages_of_each_procedure(person, violations, code):
    page = person(PHONE)
    for path in (f"/procedures/{code}/", f"/procedures/{code}/apply/"):
        opened(page, path)
        is_sound(page, violations)
    # All questions at once, as without scripts.
    page.evaluate("document.querySelectorAll('[data-section], [data-when]').forEach(s => { s.hidden = false })")
    is_sound(page, violations)


@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"], ids=["ja", "en", "ja-easy"])
def test_what_an_officer_sees_of_sign_ins(desks, violations, language):
    """Also the page that hands back what was sent into a session that had ended."""
    page = desks("kanno")
    opened(page, "/accounts/devices/", language)
    is_sound(page, violations, PHONE, DESKTOP)
    opened(page, "/accounts/sign-ins/", language)
    is_sound(page, violations, PHONE, DESKTOP)
    page.locator("main a[href*='officer=']").first.click()
    is_sound(page, violations, PHONE, DESKTOP)
    page.goto(f"{language}/accounts/login/?ended=1")
    is_sound(page, violations, PHONE, DESKTOP)
    page.goto(f"{language}/desk/me/")
    with page.expect_navigation():
        page.locator("form[method=post]").last.evaluate(
            "form => { form.insertAdjacentHTML('beforeend', '<input name=\"from\" value=\"2026-12-01\">');"
            " form.action = location.pathname; form.csrfmiddlewaretoken.value = 'a'.repeat(64); form.submit() }"
        )
    assert page.locator("main form input[type=hidden]").count() >= 1
    is_sound(page, violations, PHONE, DESKTOP)


def test_the_desk(desks, violations):
    page = desks("sasaki")
    for path in DESK:
        opened(page, path)
        is_sound(page, violations, PHONE, DESKTOP)
