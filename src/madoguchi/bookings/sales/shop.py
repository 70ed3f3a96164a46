"""Buying at the shop: what is wanted becomes places with prices, then an order. Every refusal is a sentence."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.utils.translation import override

from madoguchi.cases.actions import printable
from madoguchi.catalogue.problems import Refused
from madoguchi.catalogue.questions.contact import cleaned_email
from madoguchi.foundation.money import yen as in_yen
from madoguchi.payments.paying.till import AT_TILL
from madoguchi.people.actor import Actor
from madoguchi.platform.refusing import ActionRefused

from ..facilities.directory import facilities
from ..facilities.format import Category, Entitlement, Facility, Offer
from ..facilities.pricing import NoPrice, prices
from ..facilities.wording import facility_name
from ..models import Order, Slot
from . import actions, address
from .selling import Place

MOST = actions.MOST_PLACES
DESK = "counter"


class PriceChanged(ActionRefused):
    """What the buyer saw is not the price any more; `yen` is the price now."""

    def __init__(self, yen: int, language: str) -> None:
        told = {"yen": in_yen(yen, language)}
        sentence = _("料金が変わりました。いまの合計は%(yen)sです。まだ何も支払われていません。") % told
        super().__init__(sentence, conflict=True)
        self.yen = yen


class Buyer(NamedTuple):
    """Who buys: an address for the tickets, a name where the offer needs one, the reader's language."""

    email: str = ""
    name: str = ""
    language: str = "ja"


class Proof(NamedTuple):
    """An entitlement that was shown: its code, and the hash of the document that grants it."""

    code: str
    document: str


class Offered(NamedTuple):
    """A slot with what its definition says of it: looked up once, and handed on."""

    slot: Slot
    facility: Facility
    offer: Offer


@dataclass(frozen=True)
class Quote:
    """What is wanted with its prices: lines of (category, tickets, people, yen), and the places to sell."""

    offered: Offered
    lines: tuple[tuple[Category, int, int, int], ...]
    places: tuple[Place, ...]
    proof: Proof | None = None

    @property
    def facility(self) -> Facility:
        """Whose it is."""
        return self.offered.facility

    @property
    def offer(self) -> Offer:
        """What is sold."""
        return self.offered.offer

    @property
    def yen(self) -> int:
        """The total."""
        return sum(place.yen for place in self.places)

    @property
    def people(self) -> int:
        """How many come."""
        return sum(place.people for place in self.places)


def offered(slot: Slot) -> Offered:
    """A slot as it is offered now. Raises ActionRefused where it is no longer."""
    facility = facilities().get(slot.facility)
    offer = facility.offer(slot.offer) if facility else None
    if facility is None or offer is None:
        raise ActionRefused(_("この施設は、いまは予約を受け付けていません。"), conflict=True)
    return Offered(slot, facility, offer)


def quote(offered: Offered, wanted: Mapping[str, int], proof: Proof | None = None) -> Quote:
    """Prices of what is wanted (category → people). Raises ActionRefused with the category's name."""
    slot, offer = offered.slot, offered.offer
    if unknown := set(wanted) - set(offer.by_code):
        raise ActionRefused(_("選べない区分です：%(code)s") % {"code": ", ".join(sorted(unknown))})
    day, honoured = timezone.localdate(slot.starts_at), _honoured(offer, proof)
    lines: list[tuple[Category, int, int, int]] = []
    places: list[Place] = []
    for category in offer.categories:
        if people := _people(category, wanted.get(category.code, 0)):
            try:
                tickets = prices(category, day, people, honoured)
            except NoPrice as fault:
                raise ActionRefused(_("いま料金を計算できません。窓口へお問い合わせください。")) from fault
            places += [Place(category.code, count, yen) for count, yen in tickets]
            lines.append((category, len(tickets), people, sum(yen for _count, yen in tickets)))
    if not places:
        raise ActionRefused(_("人数を1人以上選んでください。"))
    alone = sum(people for category, _tickets, people, _yen in lines if category.people is None)
    if alone > (most := offer.most or MOST):
        raise ActionRefused(_("一度に予約できるのは%(most)s人までです。") % {"most": most})
    return Quote(offered, tuple(lines), tuple(places), proof)


def _honoured(offer: Offer, proof: Proof | None) -> Entitlement | None:
    if proof is None:
        return None
    if (found := offer.entitlement(proof.code)) is None:
        raise ActionRefused(_("この施設では、この証明による割引はありません。"))
    return found


def _people(category: Category, wanted: int) -> int:
    if wanted < 0:
        raise ActionRefused(_("人数は0以上の整数で入れてください。"))
    if wanted > MOST:
        raise ActionRefused(_("一度に予約できるのは%(most)s人までです。") % {"most": MOST})
    group = category.people
    if wanted and group and not group.min <= wanted <= group.max:
        told = {"least": group.min, "most": group.max}
        raise ActionRefused(_("団体は%(least)s人から%(most)s人までです。人数を確かめてください。") % told)
    return wanted


def buy(*, quote: Quote, shown: int | None, buyer: Buyer, key: str, by: Actor, channel: str = "online") -> Order:
    """Order what was quoted, once per key; `shown` is the total that the buyer saw (None: no price was shown).

    Raises ActionRefused: PriceChanged, a bad number or address, an address that holds enough, sold out, closed, already
    bought with this proof.
    """
    buyer, slot, proof = checked(quote.offered, buyer, channel), quote.offered.slot, quote.proof
    if channel == DESK and (by.officer is None or not by.holds(quote.facility.office, AT_TILL)):
        raise ActionRefused(_("この施設の窓口の職員だけが販売できます。"))
    if shown is not None and shown != quote.yen:
        raise PriceChanged(quote.yen, buyer.language)
    if channel != DESK:
        address.may_hold_more(buyer.email, key, slot, quote.people)
    return actions.order(
        slot=slot, places=quote.places, label=label(quote), office=quote.facility.office, key=key,
        hold=timedelta(minutes=quote.offer.hold), channel=channel, by=by, **buyer._asdict(),
        entitlement=proof.code if proof else "", entitled=proof.document if proof else "",
        letter="" if quote.yen else "confirmed",
    )  # fmt: skip


NOT_AN_EMAIL = marked("メールアドレスを確かめてください。例：hanako@example.jp")


def label(quote: Quote) -> str:
    """What its charge is for, in Japanese whoever buys: receipts and slips print it. Pages say `subject`."""
    with override(settings.LANGUAGE_CODE):
        return subject(quote.facility.code)


def subject(code: str) -> str:
    """What a facility's charge is for, in the reader's language; "" for a code that is no facility's."""
    return _("%(facility)s 入場料") % {"facility": facility_name(code)} if code in facilities() else ""


def checked(offered: Offered, buyer: Buyer, channel: str) -> Buyer:
    """The buyer as kept: what the offer does not ask for is dropped. Raises ActionRefused."""
    email, name = _email(buyer.email), printable(buyer.name, 200)
    if not email and channel != DESK:
        raise ActionRefused(_(NOT_AN_EMAIL))
    if offered.offer.needs_name and not name:
        raise ActionRefused(_("お名前を入れてください。"))
    return Buyer(email, name if offered.offer.needs_name else "", buyer.language)


def _email(typed: str) -> str:
    try:
        return cleaned_email(typed) or ""
    except Refused:
        raise ActionRefused(_(NOT_AN_EMAIL)) from None


def fingerprint(document: str) -> str:
    """The hash under which an order remembers the document that entitled it."""
    return hashlib.sha256(document.encode()).hexdigest()
