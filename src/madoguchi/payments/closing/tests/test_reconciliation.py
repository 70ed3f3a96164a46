"""Every planted difference between a provider's list and ours is found, and nothing else is."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from madoguchi.payments.closing import reconciliation, settling
from madoguchi.payments.closing.reconciliation import Found, Ours, compare
from madoguchi.payments.ledger import differences
from madoguchi.payments.models import Difference, SandboxPayment
from madoguchi.payments.paying import actions
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import town

DAYS, SEED = 200, 20261123


def a_day(rng):
    """(ours, theirs, planted differences) of one random day."""
    ours, theirs, planted = [], [], set()
    for number in range(rng.randint(0, 60)):
        name, yen = f"p{number}", rng.choice([500, 3000, 16_000, rng.randint(1, 1_000_000)])
        fate = rng.choices(["same", "only-here", "only-there", "amount", "twice", "other-day"], [20, 1, 1, 1, 1, 2])[0]
        if fate != "only-there":
            ours.append(Ours(name, yen, fate != "other-day"))
        if fate != "only-here":
            theirs.append((name, yen + rng.randint(1, 99) * (fate == "amount")))
        if fate == "twice":
            theirs.append((name, yen))
        if fate in ("only-here", "only-there", "amount", "twice"):
            planted.add((fate, name))
    rng.shuffle(theirs)
    return ours, theirs, planted


def test_two_hundred_random_days_give_up_every_difference_and_no_other():
    print(f"seed {SEED}")
    rng, planted_in_all = random.Random(SEED), 0
    for _day in range(DAYS):
        ours, theirs, planted = a_day(rng)
        found = list(compare(ours, theirs))
        assert {(one.kind, one.reference) for one in found} == planted
        assert len(found) == len(planted)
        planted_in_all += len(planted)
    assert planted_in_all > DAYS


def test_a_payment_paid_twice_is_one_difference_of_all_that_came():
    found = list(compare([Ours("a", 100, True)], [("a", 90), ("a", 90), ("b", 5), ("b", 5)]))
    assert found == [Found("twice", "a", 100, 180), Found("only-there", "b", 0, 10)]


def paid(yen=3000):
    """A payment through the sandbox that both sides know."""
    charge = actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=yen, by=PUBLIC)
    attempt = actions.start(charge=charge, provider="sandbox", language="ja", by=PUBLIC)
    SandboxPayment.objects.filter(reference=attempt.provider_reference).update(state="paid", at=timezone.now())
    return actions.look(attempt)


def reconcile(day=None):
    found = reconciliation.reconcile(provider="sandbox", day=day or timezone.localdate())
    return sorted((row.kind, row.provider_reference, row.ours, row.theirs) for row in found)


def at_theirs(attempt, **changes):
    SandboxPayment.objects.filter(reference=attempt.provider_reference).update(**changes)


@pytest.mark.django_db
def test_a_day_on_which_both_agree_has_no_difference():
    paid()
    assert reconcile() == []
    assert reconcile(timezone.localdate() - timedelta(days=1)) == []


@pytest.mark.django_db
def test_what_differs_becomes_a_row_once():
    lost, changed, gone = paid(), paid(), paid()
    SandboxPayment.objects.create(attempt="x", reference="strange", yen=700, state="paid", at=timezone.now())
    at_theirs(changed, yen=2900)
    at_theirs(gone, state="failed")
    expected = [
        ("amount", changed.provider_reference, 3000, 2900),
        ("only-here", gone.provider_reference, 3000, 0),
        ("only-there", "strange", 0, 700),
    ]
    assert reconcile() == expected
    assert reconcile() == []
    assert Difference.objects.count() == 3
    assert lost.provider_reference not in {row.provider_reference for row in Difference.objects.all()}


@pytest.mark.django_db
def test_a_repayment_that_only_they_know_is_found():
    attempt = paid()
    at_theirs(attempt, refunds={"unknown": {"yen": 500, "at": timezone.now().isoformat()}})
    assert reconcile() == [("only-there", "unknown", 0, 500)]


@pytest.mark.django_db
def test_a_repayment_both_know_is_no_difference():
    attempt = paid()
    actions.refund(charge=attempt.charge, yen=500, reason="枚数の変更", by=town.sasaki())
    assert actions.pay_back(attempt.charge) == 1
    assert reconcile() == []


def a_difference():
    at_theirs(attempt := paid(), state="failed")
    reconcile()
    return Difference.objects.get(attempt=attempt)


@pytest.mark.django_db
def test_an_officer_settles_a_difference_with_a_note():
    row = settling.settle_difference(a_difference(), note="翌日の一覧で確認した", by=town.yamamoto())
    assert row.settled_by == town.yamamoto().officer
    assert list(differences.open_differences(town.yamamoto())) == []
    assert reconcile() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("by", "note"), [(town.sasaki, " "), (town.suzuki, "見た"), (town.kanno, "見た"), (town.kato, "見た")]
)
def test_a_difference_is_not_settled_without_a_note_or_by_others(by, note):
    row = a_difference()
    with pytest.raises(ActionRefused):
        settling.settle_difference(row, note=note, by=by())
    row.refresh_from_db()
    assert row.settled_at is None


@pytest.mark.django_db
def test_a_difference_waits_for_its_own_office_and_the_treasury():
    row = a_difference()
    treasurer = town.officer("出納 係", "accounting", "officer")
    assert [list(differences.open_differences(by)) for by in (town.sasaki(), treasurer)] == [[row], [row]]
    assert list(differences.open_differences(town.kato())) == []
    assert list(differences.open_differences(town.suzuki())) == []


@pytest.mark.django_db
def test_what_belongs_to_no_charge_of_ours_waits_for_every_office():
    SandboxPayment.objects.create(attempt="x", reference="strange", yen=700, state="paid", at=timezone.now())
    reconcile()
    row = Difference.objects.get(attempt=None)
    assert list(differences.open_differences(town.kato())) == [row]


@pytest.mark.django_db
def test_a_settled_difference_is_not_settled_again():
    row = settling.settle_difference(a_difference(), note="確認した", by=town.sasaki())
    with pytest.raises(ActionRefused) as refused:
        settling.settle_difference(row, note="もう一度", by=town.sasaki())
    assert refused.value.conflict
