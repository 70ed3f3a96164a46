"""One e-mail address holds few places that nobody has paid for; who pays, or stands at a counter, is not stopped."""

import pytest
from django.db.models import F
from django.utils import timezone

from madoguchi.bookings.models import Order, Slot
from madoguchi.bookings.sales import address, cancelling, holds
from madoguchi.bookings.sales.shop import Buyer, buy, offered, quote
from madoguchi.payments.models import Charge
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import plans, shop, town

pytestmark = pytest.mark.django_db
FULL = "すでに20人分あります"


def garden(**more):
    return shop.slot(shop.GARDEN, capacity=1500, **more)


def test_one_order_is_no_more_than_the_offer_says_but_a_group_is():
    with pytest.raises(ActionRefused, match="20人まで"):
        shop.bought(garden(), adult=21)
    assert shop.bought(garden(), group=60).tickets.get().people == 60


@pytest.mark.parametrize("category", ["adult", "child"], ids=["not paid yet", "free"])
def test_presses_with_one_address_do_not_fill_a_day(category):
    day = garden()
    shop.bought(day, **{category: 20})
    for _press in range(3):
        with pytest.raises(ActionRefused, match=FULL):
            shop.bought(day, **{category: 20})
    with pytest.raises(ActionRefused, match=FULL):
        shop.bought(garden(hours=1), adult=1)  # another slot of the day
    assert Slot.objects.get(pk=day.pk).taken == 20


def test_the_same_press_again_is_the_same_order():
    made = shop.bought(garden(), key="pressed-twice-by-mistake", adult=20)
    assert shop.bought(garden(), key="pressed-twice-by-mistake", adult=20).pk == made.pk


def test_a_few_more_fit_and_others_are_others():
    shop.bought(garden(), adult=15)
    shop.bought(garden(), adult=5)
    shop.bought(garden(), email="taro@example.jp", adult=20)
    shop.bought(garden(days=4), adult=20)
    shop.bought(shop.slot(shop.ZOO, capacity=400), adult=20)


def test_who_paid_or_gave_back_may_book_again():
    made = shop.bought(garden(), adult=20)
    Charge.objects.update(paid=F("owed"))
    assert holds.confirm(order=made.pk, by=PUBLIC)
    free = shop.bought(garden(), child=20)
    cancelling.cancel(order=free.pk, tickets=None, by=PUBLIC)
    shop.bought(garden(), adult=20)


def test_a_clerk_at_the_counter_sells_to_whoever_stands_there():
    clerk = town.officer("園 守", "parks", "clerk")
    for _party in range(2):
        wanted = quote(offered(garden()), {"adult": 20})
        buy(quote=wanted, shown=None, buyer=Buyer("hanako@example.jp"), key=f"party-{_party}", by=clerk,
            channel="counter")  # fmt: skip


@pytest.mark.parametrize(
    ("prefix", "words"), [("", FULL), ("/en", "already holds places for 20 people"), ("/ja-easy", "もう 20")]
)
def test_the_page_says_so_and_keeps_what_was_typed(prefix, words):
    day = garden()
    shop.bought(day, adult=20)
    typed = {"count-adult": "3", "email": "hanako@example.jp", "key": "another-press-of-hanako", "shown": "900"}
    answer = town.visitor().post(f"{prefix}/facilities/{day.facility}/slots/{day.pk}/", {**typed, "do": "order"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page and 'value="3"' in page and 'value="hanako@example.jp"' in page


def test_a_program_is_told_as_well():
    day = garden()
    shop.bought(day, adult=20)
    told = {"slot": str(day.pk), "tickets": {"child": 1}, "total": 0, "email": "hanako@example.jp"}
    answer = town.visitor().post("/api/v1/orders", told, content_type="application/json",
                                 headers={"Idempotency-Key": "a-press-of-a-program"})  # fmt: skip
    assert answer.status_code == 422 and FULL in answer.content.decode()
    assert Order.objects.count() == 1


def test_the_question_is_answered_by_its_small_index():
    now = timezone.now()
    asked = ["hanako@example.jp", "k", shop.GARDEN, now, now]
    assert plans.answers("order_of_an_address", address.HELD, asked)


def test_a_question_that_an_index_cannot_answer_is_seen():
    """The control: the index holds unpaid orders only, and this asks for all of an address."""
    everything = "SELECT FROM bookings_order WHERE email = %s"
    assert not plans.answers("order_of_an_address", everything, ["hanako@example.jp"])
