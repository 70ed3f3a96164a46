"""A decision grants an entitlement, and the shop honours it: once for a slot, as long as the document holds."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from madoguchi.bookings.facilities.wording import needs_check
from madoguchi.bookings.models import Order
from madoguchi.bookings.sales import cancelling, changing, entitlement
from madoguchi.bookings.sales.shop import offered, quote
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import shop, town
from tests.forced import without_guards

pytestmark = pytest.mark.django_db
NPO, REDUCTION = "npo-incorporation", "admission-fee-reduction"


def proof(code, slot):
    """What is shown for a slot."""
    return entitlement.proof(code, offered(slot))


@pytest.fixture
def document():
    """The certificate of a non-profit corporation, as decided and issued."""
    return town.decided(town.applied(NPO))


@pytest.fixture
def registered():
    """The certificate of somebody who enters free of charge, with a companion."""
    return town.decided(town.applied(REDUCTION))


def hidden(answer):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.content.decode()))


def test_the_shop_honours_what_a_decision_granted(document):
    slot, browser = shop.slot(shop.ZOO, capacity=40), town.visitor()
    path = f"/facilities/hill-zoo/slots/{slot.pk}/"
    typed = {"email": "npo@example.jp", "count-adult": "12", "proof": f"https://example.jp/verify/{document.code}/"}
    fields = hidden(browser.post(path, {**typed, "do": "confirm"}, follow=True))
    assert fields["shown"] == str(10 * 300 + 2 * 600)
    assert browser.post(path, {**fields, "do": "order"}).status_code == 302
    made = Order.objects.get()
    assert made.charge.owed == 4200 and made.entitlement == "npo-activity" and document.code not in made.entitled
    typed["email"] = "another@example.jp"
    again = browser.post(path, {**hidden(browser.post(path, {**typed, "do": "confirm"}, follow=True)), "do": "order"})
    assert again.status_code == 409 and "すでにあります" in again.content.decode() and Order.objects.count() == 1


def test_it_counts_again_in_another_slot_and_after_cancelling(document):
    slot, other = shop.slot(shop.ZOO), shop.slot(shop.ZOO, days=5)
    first = shop.bought(slot, proof=proof(document.code, slot), adult=1)
    shop.bought(other, proof=proof(document.code, other), adult=1)
    with pytest.raises(ActionRefused):
        shop.bought(slot, proof=proof(document.code, slot), adult=1)
    cancelling.cancel(order=first.pk, by=PUBLIC)
    assert shop.bought(slot, proof=proof(document.code, slot), adult=1).charge.owed == 300


def test_what_was_withdrawn_ended_invented_or_granted_for_nothing_is_refused(document):
    slot = shop.slot(shop.ZOO)
    restaurant = town.decided(town.applied())
    for code, told in (("a" * 32, "見つかりません"), ("\0", "見つかりません"), (restaurant.code, "割引はありません")):
        with pytest.raises(ActionRefused, match=told):
            proof(code, slot)
    with pytest.raises(ActionRefused, match="割引はありません"):
        proof(document.code, shop.slot(shop.GARDEN))
    document.valid_until = timezone.localdate() + timedelta(days=1)
    with without_guards():
        document.save()
    with pytest.raises(ActionRefused, match="有効期間"):
        proof(document.code, slot)
    document.valid_until, document.withdrawn_at = None, timezone.now()
    document.withdrawn_by, document.withdrawal_reason = town.sasaki().officer, "誤りのため"
    with without_guards():
        document.save()
    with pytest.raises(ActionRefused, match="取り消されて"):
        proof(document.code, slot)


@pytest.mark.parametrize("facility", [shop.MUSEUM, shop.ZOO, shop.GARDEN])
def test_a_reduction_admits_one_and_one_companion_free_of_charge(registered, facility):
    days = (shop.slot(facility), shop.slot(facility, days=4))  # the garden is free for all on 1 October
    slot, usual = next((one, yen) for one in days if (yen := quote(offered(one), {"adult": 1}).yen))
    assert quote(offered(slot), {"adult": 1, "companion": 1}).yen == 2 * usual
    made = shop.bought(slot, proof=proof(registered.code, slot), adult=1, companion=2)
    assert sorted(made.tickets.values_list("category", "yen")) == [("adult", 0), ("companion", 0), ("companion", usual)]
    assert made.charge.owed == usual
    with pytest.raises(ActionRefused, match="すでにあります"):
        shop.bought(slot, proof=proof(registered.code, slot), companion=1)


def test_what_is_free_with_a_reduction_is_confirmed_at_once_and_the_companion_is_looked_at(registered):
    slot, browser = shop.slot(), town.holder(registered.case)
    path = f"/facilities/art-museum/slots/{slot.pk}/"
    typed = {"email": "yuna@example.jp", "count-adult": "1", "count-companion": "1", "proof": registered.code}
    fields = hidden(browser.post(path, {**typed, "do": "confirm"}, follow=True))
    assert fields["shown"] == "0"
    assert browser.post(path, {**fields, "do": "order"}).status_code == 302
    made = Order.objects.get()
    assert (made.state, made.charge, made.entitlement) == ("confirmed", None, "admission-reduction")
    assert needs_check(slot.facility, "companion")


def test_a_reduction_that_was_refused_withdrawn_or_is_over_admits_nobody_free_of_charge(registered):
    slot = shop.slot()
    assert registered.valid_until > shop.day_of(slot)
    refused = town.decided(town.applied(REDUCTION), "refused")
    with pytest.raises(ActionRefused, match="割引はありません"):
        proof(refused.code, slot)
    with pytest.raises(ActionRefused, match="有効期間"):
        proof(registered.code, shop.slot(days=(registered.valid_until - timezone.localdate()).days + 1))
    registered.withdrawn_at, registered.withdrawal_reason = timezone.now(), "手帳の有効期限を誤ったため"
    registered.withdrawn_by = town.mori().officer
    registered.save()
    with pytest.raises(ActionRefused, match="取り消されて"):
        proof(registered.code, slot)


def test_the_phone_that_holds_the_case_has_the_proof_at_hand(document):
    slot = shop.slot(shop.ZOO)
    path = f"/facilities/hill-zoo/slots/{slot.pk}/"
    assert document.code in town.holder(document.case).get(path).content.decode()
    assert document.code not in town.visitor().get(path).content.decode()


def test_a_refused_proof_leaves_what_was_typed():
    slot = shop.slot(shop.ZOO)
    typed = {"email": "npo@example.jp", "count-adult": "3", "proof": "wrong", "do": "confirm"}
    answer = town.visitor().post(f"/facilities/hill-zoo/slots/{slot.pk}/", typed)
    text = answer.content.decode()
    assert answer.status_code == 422 and 'value="wrong"' in text and 'value="npo@example.jp"' in text


def test_moving_looks_at_the_document_again(document):
    slot, later = shop.slot(shop.ZOO), shop.slot(shop.ZOO, days=9)
    made = shop.bought(slot, proof=proof(document.code, slot), adult=1)
    Order.objects.update(state="confirmed")
    made.refresh_from_db()
    assert changing.difference(made, later)[1] == 0
    document.valid_until = shop.day_of(slot)
    with without_guards():
        document.save()
    with pytest.raises(ActionRefused, match="有効期間"):
        changing.difference(made, later)
    assert changing.choices(made, [later], timezone.now()) == []
    with without_guards():
        document.delete()
    with pytest.raises(ActionRefused, match="見つかりません"):
        changing.difference(made, later)
