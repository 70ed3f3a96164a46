"""Who was made by somebody else chooses an own password before anything else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from madoguchi.config.demo import add_officer
from madoguchi.people.models import Officer
from tests import town
from tests.signing_in import fresh

pytestmark = pytest.mark.django_db
EMAIL, OWN = "atarashii@minatono.example", "自分で決めた長い合言葉-2027"
CHANGE = "/accounts/password/change/"


@pytest.fixture
def made():
    return add_officer(EMAIL, "新井 入", town.HEALTH, "officer")


def entered(password):
    browser = fresh()
    answer = browser.post("/accounts/login/", {"login": EMAIL, "password": password}, follow=True)
    return browser, answer


def changed(browser, old, new):
    return browser.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


@pytest.mark.parametrize("path", ["/desk/", "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/devices/"])
def test_every_page_leads_to_the_choice(made, path):
    browser, answer = entered(made)
    assert answer.redirect_chain[-1][0] == CHANGE
    assert browser.get(path).headers["Location"] == CHANGE


def test_after_the_choice_comes_the_second_factor(made):
    browser, _page = entered(made)
    assert changed(browser, made, OWN).status_code == 302
    assert browser.get("/desk/").headers["Location"] == "/accounts/2fa/"
    assert browser.get("/accounts/2fa/").status_code == 200
    assert add_officer(EMAIL, "新井 入", town.HEALTH, "chief") == "", "an own password is never replaced"


def test_the_same_password_is_no_choice(made):
    browser, _page = entered(made)
    assert "今までと違うパスワード" in changed(browser, made, made).content.decode()
    assert browser.get("/desk/").headers["Location"] == CHANGE


def test_a_first_password_that_is_not_used_in_a_week_opens_nothing_and_can_be_given_again(made):
    Officer.objects.filter(email=EMAIL).update(first_password_until=timezone.now() - timedelta(minutes=1))
    _browser, answer = entered(made)
    assert "期限が過ぎました" in answer.content.decode()
    again = add_officer(EMAIL, "新井 入", town.HEALTH, "officer")
    assert again not in {"", made}
    assert entered(again)[1].redirect_chain[-1][0] == CHANGE


def test_officers_of_the_demonstration_keep_the_password_that_the_hall_prints(db, settings, tmp_path):
    from madoguchi.config import demo

    settings.HOME = tmp_path
    demo.seed()
    assert not Officer.objects.filter(first_password_until__isnull=False).exists()
