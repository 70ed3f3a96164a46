"""Back and reload send nothing: every page between form and receipt has an address of its own, for a day."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from madoguchi.applications import sheets
from madoguchi.applications.models import Sheet
from madoguchi.applications.sheets import Sheet as Form
from madoguchi.cases.models import Case
from madoguchi.sequence import sweep
from tests import forms, town

pytestmark = pytest.mark.django_db
BASE = f"/procedures/{town.RESTAURANT}"


def confirmed(browser, **changes):
    """The address of the confirmation, and its page."""
    answer = browser.post(f"{BASE}/confirm/", forms.typed(town.answers(**changes)))
    assert answer.status_code == 303, answer.content[:300]
    return answer["Location"], browser.get(answer["Location"])


def sent(browser, page):
    fields = {name: page.context[name] for name in ("answers", "key")}
    return browser.post(f"{BASE}/submit/", fields)


def test_the_confirmation_is_a_page_that_can_be_read_again():
    browser = town.visitor()
    address, page = confirmed(browser, trade_name="定食みなと")
    again = browser.get(address)
    assert page.content == again.content and "定食みなと" in page.content.decode()
    assert not Case.objects.exists()


def test_what_is_wrong_is_a_page_that_can_be_read_again_in_any_language():
    browser = town.visitor()
    address = browser.post(f"{BASE}/confirm/", forms.typed(town.answers(seats="たくさん")))["Location"]
    for prefix in ("", "/en", "/ja-easy"):
        page = browser.get(prefix + address)
        assert [place for place, _text in forms.faults_on(page)] == ["seats"]
        assert 'value="たくさん"' in page.content.decode()


def test_back_after_sending_says_that_it_was_sent_and_leads_to_the_case():
    browser = town.visitor()
    address, page = confirmed(browser)
    sent(browser, page)
    reference = Case.objects.get().reference
    for old in (address, address.replace("confirm", "apply")):
        after = browser.get(old)
        assert after.status_code == 200 and "この申請は送信済みです" in after.content.decode()
        assert f'href="/applications/{reference}/"' in after.content.decode()
        assert "定食みなと" not in after.content.decode()


def test_whoever_does_not_hold_the_case_is_led_to_its_entrance_only():
    browser = town.visitor()
    address, page = confirmed(browser)
    sent(browser, page)
    after = town.visitor().get(address).content.decode()
    assert 'href="/applications/"' in after
    assert f'href="/applications/{Case.objects.get().reference}/"' not in after


def test_an_application_that_was_changed_and_sent_cannot_be_sent_again_from_its_older_page():
    browser = town.visitor()
    old, page = confirmed(browser)
    form = browser.get(page.context["edit_url"])
    (key,) = re.findall(r'name="form:key" value="(\w+)"', form.content.decode())
    fields = {**forms.typed(town.answers(seats=99)), "form:key": key}
    new = browser.get(browser.post(f"{BASE}/confirm/", fields)["Location"])
    assert (new.context["key"], new.context["edit_url"]) != ("", page.context["edit_url"])
    sent(browser, new)
    assert "この申請は送信済みです" in browser.get(old).content.decode()
    assert sent(browser, page).status_code == 409
    assert Case.objects.get().filings.get().answers["seats"] == 99


def test_the_pages_hold_a_secret_and_say_so_to_stores_indexes_and_other_sites():
    browser = town.visitor()
    address, page = confirmed(browser)
    for one in (page, browser.get(address.replace("confirm", "apply"))):
        assert one["Cache-Control"] == "no-store"
        assert (one["X-Robots-Tag"], one["Referrer-Policy"]) == ("noindex", "strict-origin")


def test_the_rows_tell_nothing_without_the_address():
    address, _page = confirmed(town.visitor(), trade_name="定食みなと")
    row, token = Sheet.objects.get(), address.split("/")[-2]
    assert token not in row.id and token[:32] not in row.application
    assert b"\xe5\xae\x9a" not in bytes(row.sealed) and b"trade_name" not in bytes(row.sealed)
    other = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert town.visitor().get(address.replace(token, other)).status_code == 410


def test_the_sheet_of_one_procedure_is_none_of_another():
    token = sheets.put(Form(town.RESTAURANT, {"trade_name": "x"}, sheets.new_key()))
    assert sheets.get(token, town.RESTAURANT).answers == {"trade_name": "x"}
    assert sheets.get(token, town.BARBER) is None
    assert town.visitor().get(f"/procedures/{town.BARBER}/apply/{token}/").status_code == 410


def test_sheets_go_when_the_application_is_filed_and_no_others():
    browser = town.visitor()
    _address, page = confirmed(browser)
    other, _page = confirmed(town.visitor())
    sent(browser, page)
    assert Sheet.objects.count() == 1
    assert browser.get(other).status_code == 200


def test_a_day_later_the_page_says_so_and_the_row_is_swept(clock):
    browser, now = town.visitor(), timezone.now()
    address, _page = confirmed(browser)
    Sheet.objects.update(at=now - timedelta(hours=24, minutes=1))
    page = browser.get(address)
    assert page.status_code == 410 and "この画面の期限が切れました" in page.content.decode()
    assert Sheet.objects.count() == 1
    sweep.func(0)
    assert not Sheet.objects.exists()


def test_an_address_without_a_sheet_leads_to_the_form():
    browser = town.visitor()
    for place in ("confirm", "submit"):
        answer = browser.get(f"{BASE}/{place}/")
        assert (answer.status_code, answer["Location"]) == (302, f"{BASE}/apply/")


def test_the_counter_has_the_same_pages_for_officers_only():
    clerk, base = town.browser_of(town.suzuki()), f"/desk/counter/{town.RESTAURANT}"
    address = clerk.post(f"{base}/confirm/", forms.typed(town.answers()))["Location"]
    assert address.startswith(f"{base}/confirm/")
    page = clerk.get(address)
    assert page.status_code == 200
    received = clerk.post(f"{base}/submit/", {name: page.context[name] for name in ("answers", "key")})["Location"]
    assert f'href="{received}"' in clerk.get(address).content.decode()
    assert clerk.get(f"{base}/apply/{'a' * 40}/").status_code == 410
    assert town.visitor().get(address).status_code in {302, 403}


def test_the_confirmation_costs_six_statements_with_files_and_four_without():
    """To judge: the count of the brake, the files, the sheet. To show: the sheet, the files, one like it."""
    browser, fields = town.visitor(), forms.typed(town.answers())
    with CaptureQueriesContext(connection) as judged:
        address = browser.post(f"{BASE}/confirm/", fields)["Location"]
    with CaptureQueriesContext(connection) as shown:
        browser.get(address)
    assert (len(judged), len(shown)) == (3, 3)
