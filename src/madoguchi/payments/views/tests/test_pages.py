"""The payment page: whoever has the link may pay, sees only what for and how much, and every end is a kind sentence."""

import json
import re

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from madoguchi.payments.models import Attempt, Charge, Difference, Notification, SandboxPayment
from madoguchi.payments.paying import actions
from madoguchi.payments.paying.providers import sandbox
from madoguchi.people.actor import PUBLIC, worker
from tests import paying, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def charge():
    return paying.charged(town.applied(applicant={**town.example()["applicant"], "name": "カナリア甲"}))


def text(answer):
    return re.sub(r"<[^>]+>|\s+", "", answer.content.decode())


def started(charge, browser):
    """The checkout's path, after the button of the payment page."""
    answer = browser.post(f"/pay/{charge.secret}/start/", {"provider": "sandbox"})
    assert answer.status_code == 302
    return answer.url


def test_a_stranger_with_the_link_sees_what_for_and_how_much_and_nobody(charge):
    page = text(town.visitor().get(f"/pay/{charge.secret}/"))
    assert "飲食店営業許可の手数料" in page
    assert "18,300円" in page
    assert "カナリア甲" not in page
    assert charge.case.reference not in page


def test_paying_at_the_checkout_ends_on_a_page_that_says_so(charge):
    browser = town.visitor()
    back = browser.post(started(charge, browser), {"how": "pay"}).url
    assert "支払いを確認しました" in text(browser.get(back))
    assert "支払いは済んでいます" in text(browser.get(f"/pay/{charge.secret}/"))
    charge.case.refresh_from_db()
    assert charge.case.unpaid == 0


@pytest.mark.parametrize(
    ("how", "paid", "words"),
    [
        ("fail", 0, "お金は動いていません"),
        ("twice", 18300, "支払いを確認しました"),
        ("lost", 18300, "支払いを確認しました"),  # the page asked
        ("late", 18300, "支払いを確認しました"),
    ],
)
def test_however_the_notification_behaves_it_counts_once(charge, how, paid, words):
    browser = town.visitor()
    back = browser.post(started(charge, browser), {"how": how}).url
    assert words in text(browser.get(back))
    charge.refresh_from_db()
    assert charge.paid == paid
    if how == "late":
        assert ProcrastinateJob.objects.filter(task_name="madoguchi.sandbox-late").count() == 1
        assert sandbox_send() == "nothing"


def sandbox_send():
    from madoguchi.payments.views.sandbox import send

    return send(SandboxPayment.objects.get())


def test_paying_again_is_answered_kindly(charge):
    paying.pays(charge)
    answer = town.visitor().post(f"/pay/{charge.secret}/start/", {"provider": "sandbox"})
    assert (answer.status_code, "すでに支払いが済んでいます" in text(answer)) == (409, True)


def test_a_lapsed_charge_says_so_and_takes_nothing(charge):
    actions.waive_rest(charge=charge, by=worker("fees"))
    browser = town.visitor()
    assert "支払いの期限が過ぎた" in text(browser.get(f"/pay/{charge.secret}/"))
    answer = browser.post(f"/pay/{charge.secret}/start/", {"provider": "sandbox"})
    assert (answer.status_code, "もう支払えません" in text(answer)) == (409, True)


@pytest.mark.parametrize("provider", ["", "counter", "invented", "x" * 5000, "sandbox\x00"])
def test_a_way_to_pay_that_does_not_exist_is_a_sentence(charge, provider):
    answer = town.visitor().post(f"/pay/{charge.secret}/start/", {"provider": provider})
    assert (answer.status_code, "支払方法を選んでください" in text(answer)) == (422, True)


def test_another_link_does_not_exist(charge):
    for secret in ("a" * 32, charge.secret[:-1] + "1", "x" * 500):
        assert town.visitor().get(f"/pay/{secret}/").status_code == 404


def test_an_attempt_of_another_charge_is_not_shown(charge):
    other = actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=500, by=PUBLIC)
    attempt = actions.start(charge=other, provider="sandbox", language="ja", by=PUBLIC)
    assert town.visitor().get(f"/pay/{charge.secret}/attempts/{attempt.pk}/").status_code == 404


def test_the_qr_code_holds_the_link(charge):
    answer = town.visitor().get(f"/pay/{charge.secret}/qr.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<?xml")


def test_a_notification_comes_in_by_its_address_and_a_forged_one_leaves_nothing(charge):
    attempt = actions.start(charge=charge, provider="sandbox", language="ja", by=PUBLIC)
    payment = SandboxPayment.objects.get()
    headers, body = sandbox.told("e1", payment, "paid")
    server = Client(raise_request_exception=False)

    def post(content, **sent):
        return server.post("/pay/notify/sandbox/", content, content_type="application/json", headers=sent).status_code

    assert post(body) == 400
    assert post(body + b" ", **headers) == 400
    assert post(b"", **{sandbox.HEADER: "t=1"}) == 400
    assert not (Notification.objects.exists() or Difference.objects.exists())
    assert (post(body, **headers), post(body, **headers)) == (200, 200)
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.PAID
    assert server.post("/pay/notify/invented/", body, content_type="application/json").status_code == 404
    assert server.post("/pay/notify/counter/", body, content_type="application/json").status_code == 400


def test_the_case_page_shows_what_is_due_before_any_worker_ran():
    case = town.applied()
    page = town.holder(case).get(f"/applications/{case.reference}/").content.decode()
    assert f"/pay/{Charge.objects.get().secret}/" in page
    assert "審査に進みます" in page


def test_where_the_sandbox_is_off_it_does_not_exist(charge, settings):
    path = started(charge, town.visitor())
    settings.SANDBOX, settings.SLIP_PAYLOAD = False, ""
    assert town.visitor().get(path).status_code == 404
    assert "支払方法がありません" in text(town.visitor().get(f"/pay/{charge.secret}/"))


def call(charge, method="get", path="", token=None, body=None):
    headers = {"Authorization": f"Bearer {charge.secret if token is None else token}"}
    send = getattr(town.visitor(), method)
    return send(
        f"/api/v1/payments/{charge.reference}{path}",
        data=json.dumps(body) if body is not None else None,
        content_type="application/json",
        headers=headers,
    )


def test_a_program_reads_what_is_due_and_starts_to_pay(charge):
    told = call(charge).json()
    assert (told["owed"], told["due"], told["providers"]) == (18300, 18300, ["sandbox", "slip"])
    first = call(charge, "post", "/attempts", body={"provider": "sandbox"})
    again = call(charge, "post", "/attempts", body={"provider": "sandbox"})
    assert (first.status_code, first.json()) == (201, again.json())
    assert first.json()["told"]["url"].startswith("http")
    paying.pays(charge)
    assert call(charge, "post", "/attempts", body={"provider": "sandbox"}).status_code == 409


def test_a_program_without_the_secret_learns_nothing(charge):
    for token in ("", "x", charge.case.reference, "é"):
        assert call(charge, token=token).status_code == 404
        assert call(charge, "post", "/attempts", token=token, body={"provider": "sandbox"}).status_code == 404
    assert call(charge, "post", "/attempts", body={"provider": "counter"}).status_code == 422
    assert call(charge, "post", "/attempts", body={}).status_code == 422


def test_the_application_tells_its_payment_to_its_holder():
    case = town.applied()
    key = town.case_key(case.pk, case.key_salt)
    told = town.visitor().get(f"/api/v1/applications/{case.reference}", headers={"Authorization": f"Bearer {key}"})
    payment = told.json()["payment"]
    assert payment["access_token"] == Charge.objects.get().secret
    assert payment["due"] == 18300


def test_the_pages_cost_the_same_however_much_happened(charge, django_assert_max_num_queries):
    browser = town.visitor()
    paying.pays(charge)
    with django_assert_max_num_queries(3):
        assert browser.get(f"/pay/{charge.secret}/").status_code == 200
