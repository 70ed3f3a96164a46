"""A provider that is down leaves no day out; the desk tells which days were compared, when, and which not."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from madoguchi.payments.closing import comparing
from madoguchi.payments.models import Comparison, Difference, SandboxPayment
from madoguchi.payments.paying import actions
from madoguchi.payments.paying.providers import PROVIDERS, Unavailable
from madoguchi.people.actor import PUBLIC
from madoguchi.sequence import reconcile
from tests import town

pytestmark = pytest.mark.django_db
FIRST = date(2026, 11, 2)
URL = "/desk/differences/"


@pytest.fixture(autouse=True)
def no_stripe(settings):
    settings.STRIPE_KEY = ""


def paid(yen=3000):
    charge = actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=yen, by=PUBLIC)
    attempt = actions.start(charge=charge, provider="sandbox", language="ja", by=PUBLIC)
    SandboxPayment.objects.filter(reference=attempt.provider_reference).update(state="paid", at=timezone.now())
    return actions.look(attempt)


@pytest.fixture
def nights(clock, monkeypatch):
    """The nights after so many days, in which the provider answers or is down."""

    def pass_by(numbers, is_down=False):
        monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "sandbox-answers" if is_down else "")
        for n in numbers:
            clock(f"{FIRST + timedelta(days=n)} 04:11")
            reconcile(0)
        monkeypatch.delenv("MADOGUCHI_LOCKS_OFF")

    return pass_by


def days():
    return sorted(Comparison.objects.filter(provider="sandbox").values_list("day", flat=True))


def test_a_difference_of_the_first_of_five_silent_nights_is_found_on_the_sixth(clock, nights):
    clock(f"{FIRST} 10:00")
    paid()
    SandboxPayment.objects.create(attempt="x", reference="strange", yen=700, state="paid", at=timezone.now())
    nights(range(1, 6), is_down=True)
    assert days() == [] and not Difference.objects.exists()
    assert comparing.missing("sandbox", timezone.localdate()) == [FIRST + timedelta(days=n) for n in range(4, -1, -1)]
    nights([6])
    assert {FIRST + timedelta(days=n) for n in range(6)} <= set(days())
    assert Difference.objects.get().provider_reference == "strange"
    assert Difference.objects.get().day == FIRST
    assert comparing.missing("sandbox", timezone.localdate()) == []


def test_days_compared_before_a_silence_are_not_asked_for_again(clock, nights):
    clock(f"{FIRST} 10:00")
    paid()
    nights([1])
    nights(range(2, 10), is_down=True)
    nights([10])
    compared = {one.day: timezone.localdate(one.at) for one in Comparison.objects.filter(day__gte=FIRST)}
    assert compared.pop(FIRST) == FIRST + timedelta(days=1)
    assert compared == {FIRST + timedelta(days=n): FIRST + timedelta(days=10) for n in range(1, 10)}


def test_the_last_days_are_compared_again_and_two_months_at_most(clock, nights):
    clock(f"{FIRST} 10:00")
    paid()
    nights([80])
    assert len(days()) == comparing.MOST_DAYS and days()[-1] == FIRST + timedelta(days=79)
    nights([81])
    assert Comparison.objects.get(day=FIRST + timedelta(days=78)).at == timezone.now()
    assert Comparison.objects.get(day=FIRST + timedelta(days=77)).at < timezone.now()


def test_a_day_that_a_provider_tells_no_more_holds_nothing_up(clock, nights, monkeypatch):
    listed, kept = PROVIDERS["sandbox"].listed, FIRST + timedelta(days=20)

    def forgets(day):
        if day < kept:
            raise Unavailable("too long ago")
        return listed(day)

    clock(f"{FIRST} 10:00")
    paid()
    monkeypatch.setattr(PROVIDERS["sandbox"], "listed", forgets)
    nights([30])
    assert days() == [kept + timedelta(days=n) for n in range(10)]
    assert comparing.missing("sandbox", timezone.localdate())[-1] == FIRST


def test_stripe_is_not_asked_for_what_it_does_not_keep():
    with pytest.raises(Unavailable):
        PROVIDERS["stripe"].listed(timezone.localdate() - timedelta(days=30))


def test_what_files_and_clerks_bring_is_not_asked_for():
    assert comparing.listing() == ["sandbox"]


def seen():
    return town.browser_of(town.sasaki()).get(URL).content.decode()


def test_the_desk_tells_which_days_were_compared_and_which_are_missing(clock, nights):
    assert "まだ比べる日がありません" in seen()
    clock(f"{FIRST} 10:00")
    paid()
    nights([1, 2])
    page = seen()
    assert "比べていない日はありません" in page and "令和8年11月2日（比べたのは令和8年11月4日 04:11）" in page
    nights([3, 4], is_down=True)
    page = seen()
    assert "まだ比べていない日が2日あります" in page and "令和8年11月5日、令和8年11月4日" in page
    assert "比べていない日はありません" not in page


def test_where_nothing_is_compared_the_desk_says_so(settings):
    settings.SANDBOX = False
    assert "毎晩比べる事業者はありません" in seen()
