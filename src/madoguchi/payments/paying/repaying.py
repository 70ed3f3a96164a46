"""Paying back (還付) through the way the money came. While the provider is down the promise waits; a job asks again."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.foundation.text import as_code
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Role
from madoguchi.platform.refusing import ActionRefused, written

from ..ledger import lines
from ..models import Charge, Refund
from . import till
from .attempts import settle
from .providers import PROVIDERS, Notice, Unavailable
from .providers.counter import Counter

STUCK = timedelta(days=3)
"""A provider that was asked so long ago and still has not paid back will not: a bank transfer does (own choice)."""


def paid_back(*, by_hand: bool) -> list[str]:
    """The ways to pay whose repayments an officer makes outside, or whose server makes them."""
    return [code for code, provider in PROVIDERS.items() if provider.by_hand is by_hand]


def is_by_hand(refund: Refund) -> bool:
    """Whether an officer makes this repayment outside: always so by its way of paying, or its provider is stuck."""
    if refund.attempt.provider not in paid_back(by_hand=False):
        return True
    return refund.asked_at is not None and refund.asked_at <= timezone.now() - STUCK


def to_make_by_hand(by: Actor) -> QuerySet[Refund]:
    """The same for all that wait in this officer's offices, the oldest first: nobody else would make them."""
    mine = Refund.objects.filter(done_at__isnull=True, attempt__charge__office__in=by.offices_with(till.AT_TILL))
    no_server = ~Q(attempt__provider__in=paid_back(by_hand=False)) | Q(asked_at__lte=timezone.now() - STUCK)
    return mine.filter(no_server).order_by("promised_at", "pk")


def waits_for_an_officer(charge: Charge) -> bool:
    """Whether an officer makes one of the promised repayments of a charge."""
    return any(is_by_hand(one) for one in lines.charge_refunds(charge).select_related("attempt"))


def pay_back(charge: Charge) -> int:
    """Make the promised repayments of a charge that need no officer. How many were made; safe to repeat.

    Raises Unavailable when a provider does not answer: what was not made waits.
    """
    made, outside = 0, paid_back(by_hand=True)
    for waiting in lines.charge_refunds(charge).exclude(attempt__provider__in=outside).select_related("attempt"):
        if (asked := _asked(waiting)) is None:
            continue
        attempt = asked.attempt
        provider = PROVIDERS.get(attempt.provider)
        if provider is None:
            raise Unavailable(f"{attempt.provider} is not configured any more")
        notice = provider.refund(attempt.provider_reference, asked.yen, key=str(asked.pk))
        made += settle(notice, provider=attempt.provider) == "refunded"
    return made


@transaction.atomic
def _asked(waiting: Refund) -> Refund | None:
    """The promise, fixed: from here on it is not taken back. None when it was made or taken back meanwhile."""
    lines.locked(waiting.attempt.charge)
    found = Refund.objects.select_related("attempt").filter(pk=waiting.pk, done_at__isnull=True).first()
    if found is not None and found.asked_at is None:
        found.asked_at = timezone.now()
        found.save(update_fields=["asked_at"])
    return found


@transaction.atomic
def repaid_by_hand(*, refund: Refund, slip: str, by: Actor) -> Charge:
    """An officer paid back at the terminal or by bank transfer and enters its number. Raises ActionRefused."""
    charge = lines.locked(refund.attempt.charge)
    if by.officer is None or not by.holds(charge.office, (*CASE_WORKERS, Role.CLERK)):
        raise ActionRefused(_("この請求を扱う担当課の、権限のある職員だけができる操作です。"))
    if not (slip := written(as_code(slip), 40)):
        raise ActionRefused(_("伝票か振込の番号を入れてください。"))
    if not is_by_hand(refund):
        raise ActionRefused(_("この還付は、支払いの事業者を通して自動で行われます。"), conflict=True)
    if refund.attempt.provider == Counter.code:
        till.must_be_open(charge.office, timezone.localdate(), repaying=True)
    notice = Notice(
        event=f"refund:{refund.pk}:{slip}",
        provider_reference=refund.attempt.provider_reference,
        outcome="refunded",
        yen=refund.yen,
        at=timezone.now(),
        refund=str(refund.pk),
        slip=slip,
    )
    if settle(notice, provider=refund.attempt.provider, by=by) != "refunded":
        raise ActionRefused(_("この還付はすでに済んでいます。画面を読み直してください。"), conflict=True)
    return charge
