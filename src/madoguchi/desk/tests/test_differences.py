"""An officer sees what differs from the provider's list, and settles it with a note."""

import pytest
from django.urls import reverse
from django.utils import timezone

from madoguchi.payments.models import Difference
from madoguchi.payments.paying import actions
from madoguchi.people.actor import PUBLIC
from tests import town

pytestmark = pytest.mark.django_db
URL = "/desk/differences/"


@pytest.fixture
def row():
    now = timezone.now()
    return Difference.objects.create(
        provider="sandbox", day=now.date(), kind="only-there", provider_reference="strange", theirs=700, found_at=now
    )


def test_it_is_listed_and_settled(row):
    browser = town.browser_of(town.sasaki())
    assert "strange" in browser.get(reverse("desk:differences")).content.decode()
    assert browser.post(URL, {"difference": row.pk, "note": "確認した"}).status_code == 302
    row.refresh_from_db()
    assert (row.note, row.settled_by) == ("確認した", town.sasaki().officer)
    assert "strange" not in browser.get(URL).content.decode()


def test_without_a_note_it_stays_with_a_sentence(row):
    answer = town.browser_of(town.sasaki()).post(URL, {"difference": row.pk, "note": " "})
    assert answer.status_code == 422
    assert "どのように処理したか" in answer.content.decode()


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30])
def test_what_does_not_exist_is_said_kindly(number):
    answer = town.browser_of(town.sasaki()).post(URL, {"difference": number})
    assert answer.status_code == 422
    assert "見つかりません" in answer.content.decode()


def test_a_clerk_does_not_see_it():
    assert town.browser_of(town.suzuki()).get(URL).status_code == 403


def test_money_that_came_is_booked_where_the_officer_says(row):
    charge = actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=700, by=PUBLIC)
    browser = town.browser_of(town.sasaki())
    wrong = browser.post(URL, {"difference": row.pk, "note": "確認した", "charge": "0000-0000-000", "book": "1"})
    assert wrong.status_code == 422 and "0000-0000-000" in wrong.content.decode()
    told = {"difference": row.pk, "note": "確認した", "charge": charge.reference, "book": "1"}
    assert browser.post(URL, told).status_code == 302
    charge.refresh_from_db()
    assert charge.due == 0
