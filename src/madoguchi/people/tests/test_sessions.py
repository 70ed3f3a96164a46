"""A session ends when it is not used, when the day is over, when somebody ends it, and when a password changes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from madoguchi.people import sign_ins
from madoguchi.people.models import CredentialChange, Session, SignIn
from tests import town
from tests.signing_in import (
    SAFARI,
    code,
    fresh,
    key_of,
    officer_with_password,
    remove_factor,
    sessions_of,
    signs_in,
    types_password,
)

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def is_in(browser):
    return browser.get("/desk/me/").status_code == 200


def unused_for(browser, **time):
    Session.objects.filter(pk=key_of(browser)).update(used_at=timezone.now() - timedelta(**time))


def kinds(officer):
    return list(SignIn.objects.filter(officer=officer).order_by("id").values_list("kind", flat=True))


def test_an_unused_session_ends_and_the_page_is_found_again_after_signing_in():
    officer = officer_with_password()
    browser = signs_in(officer)
    unused_for(browser, minutes=59)
    assert is_in(browser)
    unused_for(browser, minutes=60)
    answer = browser.get("/desk/?tab=closed")
    assert answer.headers["Location"] == f"{LOGIN}?next=%2Fdesk%2F%3Ftab%3Dclosed&ended=1"
    assert "サインインが終わりました" in browser.get(answer.headers["Location"]).content.decode()
    assert kinds(officer) == ["signed-in", "unused"]
    types_password(browser, officer, next="/desk/?tab=closed")
    assert browser.post("/accounts/2fa/authenticate/", {"code": code()}).headers["Location"] == "/desk/?tab=closed"


def test_use_keeps_a_session_but_not_beyond_its_day():
    officer = officer_with_password()
    browser = signs_in(officer)
    Session.objects.update(started_at=timezone.now() - timedelta(hours=7, minutes=59))
    browser.post("/desk/me/", {"post": "x"})
    assert is_in(browser)
    session = sessions_of(officer).get()
    assert session.expire_date - session.started_at == timedelta(hours=8) or session.expire_date > timezone.now()
    Session.objects.update(expire_date=timezone.now())
    assert not is_in(browser)
    assert kinds(officer) == ["signed-in", "day-over"]


def test_writing_into_a_session_does_not_make_it_longer():
    """Django's own store would move the end with every write."""
    officer = officer_with_password()
    browser = signs_in(officer)
    began = timezone.now() - timedelta(hours=5)
    Session.objects.update(started_at=began)
    session = browser.session
    session["word"] = "x"
    session.save()
    row = sessions_of(officer).get()
    assert (row.started_at, row.expire_date) == (began, began + timedelta(hours=8))


def test_the_last_use_is_written_once_a_minute(django_assert_num_queries):
    browser = signs_in(officer_with_password())
    store = type(browser.session)
    with django_assert_num_queries(1):
        store(key_of(browser)).load()
    unused_for(browser, minutes=2)
    with django_assert_num_queries(2):
        store(key_of(browser)).load()


def test_an_officer_sees_the_own_sessions_and_ends_one_or_all_others():
    officer = officer_with_password()
    here, phone, other = signs_in(officer), signs_in(officer, SAFARI), signs_in(officer)
    page = here.get("/accounts/devices/").content.decode()
    assert page.count("Firefox, Windows") >= 2
    assert "Safari, iPhone" in page
    assert not any(key_of(browser) in page for browser in (here, phone, other)), "a key opens the session"
    name = Session.objects.get(pk=key_of(phone)).name
    assert here.post("/accounts/devices/end/", {"session": name}).headers["Location"].startswith("/accounts/")
    assert is_in(phone), "not without a second look at who it is"
    again = here.get("/accounts/devices/end/", follow=True)
    assert again.status_code == 405
    here.post("/accounts/2fa/reauthenticate/", {"code": code(), "next": "/accounts/devices/"})
    here.post("/accounts/devices/end/", {"session": name})
    assert (is_in(here), is_in(phone), is_in(other)) == (True, False, True)
    here.post("/accounts/devices/end/", {"session": "others"})
    assert (is_in(here), is_in(other)) == (True, False)
    assert kinds(officer)[-2:] == ["ended", "ended"]


def test_nobody_ends_a_session_of_somebody_else():
    mine, theirs = signs_in(officer_with_password()), signs_in(officer_with_password(town.tanaka))
    mine.post("/accounts/2fa/reauthenticate/", {"code": code()})
    mine.post("/accounts/devices/end/", {"session": Session.objects.get(pk=key_of(theirs)).name})
    assert is_in(theirs)


def test_an_administrator_ends_every_session_of_an_officer():
    lost = officer_with_password()
    phone = signs_in(lost)
    admin = signs_in(officer_with_password(town.kanno))
    admin.post("/accounts/2fa/reauthenticate/", {"code": code()})
    assert "サインイン中の端末：1台" in admin.get(f"/accounts/sign-ins/?officer={lost.pk}").content.decode()
    admin.post("/accounts/sign-ins/end/", {"officer": lost.pk})
    assert not is_in(phone)
    assert kinds(lost)[-1] == "ended-by-admin"
    assert phone.get("/accounts/sign-ins/").status_code == 302


def test_a_changed_password_ends_every_other_session():
    officer = officer_with_password()
    here, phone = signs_in(officer), signs_in(officer, SAFARI)
    new = "まったく別の長い合言葉-2027"
    here.post("/accounts/password/change/", {"oldpassword": town.PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(phone)) == (True, False)
    assert CredentialChange.objects.filter(officer=officer, what="password").exists()


@pytest.mark.django_db(transaction=True)
def test_a_changed_second_factor_ends_every_other_session():
    officer = officer_with_password()
    here, phone = signs_in(officer), signs_in(officer, SAFARI)
    here.post("/accounts/2fa/reauthenticate/", {"code": code()})
    assert here.post("/accounts/2fa/recovery-codes/generate/").status_code == 302
    assert (is_in(here), is_in(phone)) == (True, False)
    remove_factor(officer)
    assert not is_in(here)


def test_who_is_deactivated_is_signed_out():
    officer = officer_with_password()
    browser = signs_in(officer)
    type(officer).objects.filter(pk=officer.pk).update(is_active=False)
    assert not Session.objects.filter(officer=officer).exists()
    assert not is_in(browser)


def test_without_the_trigger_the_sessions_stay():
    """The control: what ends them is the database."""
    from django.db import connection

    officer = officer_with_password()
    browser = signs_in(officer)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER mfa_authenticator_noted ON mfa_authenticator")
    remove_factor(officer)
    assert Session.objects.filter(pk=key_of(browser)).exists()


def test_what_was_sent_into_an_ended_session_is_handed_back_and_can_be_sent_again():
    officer, case = officer_with_password(), town.applied()
    browser = signs_in(officer)
    unused_for(browser, hours=2)
    where = f"/desk/cases/{case.reference}/notes/"
    answer = browser.post(where, {"text": "長い調査のメモ\n二行目", "csrfmiddlewaretoken": "x"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "保存されていません" in page
    assert 'value="長い調査のメモ\n二行目"' in page
    assert f'action="{where}"' in page
    assert not case.notes.exists()
    signs_in(officer, browser=browser)
    assert browser.post(where, {"text": "長い調査のメモ\n二行目"}).status_code == 302
    assert case.notes.get().text.splitlines() == ["長い調査のメモ", "二行目"]


def test_a_page_from_before_the_sign_in_is_handed_back_with_a_token_that_fits():
    import re

    officer, case = officer_with_password(), town.applied()
    browser = fresh(strict=True)
    browser.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    where = f"/desk/cases/{case.reference}/notes/"
    page = browser.post(where, {"text": "メモ", "csrfmiddlewaretoken": "a" * 64}).content.decode()
    assert "もう一度送ってください" in page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert browser.post(where, {"text": "メモ", "csrfmiddlewaretoken": token}).status_code == 302
    assert case.notes.get().text == "メモ"


def test_a_password_is_never_handed_back():
    officer = officer_with_password()
    browser = signs_in(officer)
    unused_for(browser, hours=2)
    answer = browser.post("/accounts/password/change/", {"oldpassword": "geheim-geheim"})
    assert answer.status_code == 302
    assert "geheim" not in answer.headers["Location"]


def test_what_nobody_comes_back_to_is_swept():
    officer = officer_with_password()
    browser = signs_in(officer)
    unused_for(browser, hours=2)
    assert sign_ins.sweep() == 1
    assert (sign_ins.sweep(), kinds(officer)[-1]) == (0, "unused")
