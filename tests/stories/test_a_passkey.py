"""中村 adds a passkey and signs in with it alone. No other story uses this account: a code is good only once."""

import pytest

from tests.stories.cast import PASSWORD, sign_in
from tests.stories.conftest import DESKTOP

pytestmark = pytest.mark.browser
EMAIL = "nakamura@minatono.example"


@pytest.fixture
def device(chromium, hall):
    """A computer with a built-in authenticator. Passkeys are bound to names: the hall is `localhost` here."""
    context = chromium.new_context(
        viewport=DESKTOP, locale="ja-JP", base_url=hall.url.replace("127.0.0.1", "localhost")
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    told = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    yield page, devtools, told["authenticatorId"]
    context.close()


def test_an_officer_signs_in_with_a_passkey_alone(device, violations):
    page, devtools, authenticator = device
    sign_in(page, EMAIL)
    page.goto("/desk/me/")
    page.click("text=2つめの確認方法")
    page.click("a[href*='webauthn/add']")
    page.fill("[name=password]", PASSWORD)  # asked again before anything about signing in changes
    page.click("main button[type=submit]")
    page.fill("[name=name]", "執務室のパソコン")
    page.check("[name=passwordless]")
    assert violations(page) == []
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/2fa/recovery-codes/")  # codes for the day when the computer is lost
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_text("執務室のパソコン").first.wait_for()
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]) == 1

    page.context.clear_cookies()
    page.goto("/desk/")
    page.click("#passkey_login")
    page.locator("a[href='/desk/me/']", has_text="中村").wait_for()
    assert page.url.endswith("/desk/")


def test_a_device_without_the_passkey_is_told_what_to_do(device):
    page, _devtools, _authenticator = device
    page.goto("/accounts/login/")
    page.click("#passkey_login")
    page.get_by_text("パスキーを使えませんでした").wait_for()
    assert "/accounts/login/" in page.url
