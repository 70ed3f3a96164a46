"""What the people of the stories answer and type."""

import time
from threading import Event

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from madoguchi.catalogue.checking.examples import read_example

FOOD = "food-business-permit"
SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "窓口の長い合言葉-2026"


def kobayashis_answers(root, **changes):
    """What 小林 answers."""
    example = read_example(root / "procedures" / FOOD / "examples/accepted-new-restaurant-person.yaml")
    return {**example.answers, "electronic_notice": True, **changes}


def code_now():
    """What the authenticator app shows; who sees a code that is about to change waits for the next one."""
    left = 30 - time.time() % 30
    if left < 10:
        Event().wait(left)
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def sign_in(page, email):
    """Password, then the second factor."""
    page.goto("/accounts/login/")
    page.fill('[name="login"]', email)
    page.fill('[name="password"]', PASSWORD)
    page.click("button:has-text('サインインする')")
    page.wait_for_selector('[name="code"]')
    page.fill('[name="code"]', code_now())
    page.locator("form:has([name=code]) button[type=submit]").first.click()
    page.wait_for_url("**/desk/**")


def press(page, words):
    """A button; what cannot be undone asks once more, and is pressed twice."""
    asking = page.locator(f"summary:has-text('{words}')")
    if asking.count() and not asking.locator("..").evaluate("details => details.open"):
        asking.click()
    page.click(f"button:has-text('{words}')")
