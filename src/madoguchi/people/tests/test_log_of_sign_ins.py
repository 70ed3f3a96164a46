"""Each sign-in leaves a line: right or wrong, on a known device or a new one; lines are added and never changed."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from madoguchi.people import sign_in_letter, sign_ins
from madoguchi.people.models import CredentialChange, SignIn
from tests import town
from tests.signing_in import FIREFOX, SAFARI, fresh, officer_with_password, signs_in, types_password

pytestmark = pytest.mark.django_db


def kinds(**of):
    return list(SignIn.objects.filter(**of).order_by("id").values_list("kind", flat=True))


def test_right_and_wrong_stand_in_the_log():
    officer, browser = officer_with_password(), fresh()
    types_password(browser, officer, "falsch-falsch-falsch")
    types_password(browser, officer)
    browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    signs_in(officer, browser=browser)
    browser.post("/accounts/logout/")
    assert kinds(officer=officer) == ["wrong-password", "wrong-factor", "signed-in", "signed-out"]
    page = signs_in(officer).get("/accounts/devices/").content.decode()
    for words in ("パスワードの間違い", "2つめの確認の間違い", "サインアウト", "Firefox, Windows"):
        assert words in page


def test_an_address_that_nobody_has_is_noted_without_the_address():
    fresh().post("/accounts/login/", {"login": "niemand@minatono.example", "password": "x" * 12})
    row = SignIn.objects.get()
    assert (row.kind, row.officer) == ("wrong-password", None)


def test_the_log_tells_no_address_and_the_same_code_for_the_same_sender():
    officer = officer_with_password()
    for _time in range(2):
        signs_in(officer)
    first, second = SignIn.objects.order_by("id")
    assert first.sender == second.sender
    assert len(first.sender) == 16
    assert "127.0.0.1" not in str(list(SignIn.objects.values()))
    assert first.device == "Firefox, Windows"


def test_a_new_device_is_noted_and_told_by_letter(settings):
    from procrastinate.contrib.django.models import ProcrastinateJob

    officer = officer_with_password()
    for agent in (FIREFOX, SAFARI, SAFARI):
        signs_in(officer, agent)
    assert kinds(officer=officer) == ["signed-in", "new-device", "signed-in"]
    job = ProcrastinateJob.objects.get(task_name="madoguchi.new-device-letter")
    sign_in_letter.new_device(**job.args)
    (letter,) = mail.outbox
    assert letter.to == [officer.email]
    assert "Safari, iPhone" in letter.body
    assert f"{settings.PUBLIC_URL}/accounts/devices/" in letter.body


def test_who_may_read_the_log_of_all():
    officer = officer_with_password()
    signs_in(officer)
    page = signs_in(officer_with_password(town.kanno)).get("/accounts/sign-ins/").content.decode()
    assert officer.name in page
    assert town.browser_of(town.yamamoto()).get("/accounts/sign-ins/").status_code == 403


@pytest.mark.parametrize("change", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize(("table", "column"), [("people_signin", "kind"), ("people_credentialchange", "what")])
def test_no_line_is_changed_or_removed(change, table, column):
    signs_in(officer_with_password())
    assert CredentialChange.objects.exists()
    with pytest.raises(IntegrityError, match="kept as it is"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(change.format(table, f"{column} = 'x'"))


def test_nobody_dates_a_line_back():
    row = SignIn.objects.create(kind="signed-in", at=timezone.now() - timedelta(days=400))
    row.refresh_from_db()
    assert timezone.now() - row.at < timedelta(minutes=5)


def test_after_a_year_the_lines_go():
    signs_in(officer_with_password())
    with connection.cursor() as cursor:  # the control too: only without its guards can a line be made older
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE people_signin SET at = now() - interval '367 days'")
        cursor.execute("UPDATE people_credentialchange SET at = now() - interval '367 days'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    sign_ins.sweep()
    assert not SignIn.objects.exists()
    assert not CredentialChange.objects.exists()
