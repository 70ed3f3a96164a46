"""The nightly comparison (消込) of a provider's list with ours: differences are rows until an officer settles them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ..ledger.differences import keep_difference
from ..models import Attempt, Comparison, Difference, Refund
from ..paying.providers import PROVIDERS, Notice


class Ours(NamedTuple):
    """A movement as our record has it; `here` says whether it belongs to the day that is compared."""

    reference: str
    yen: int
    here: bool


class Found(NamedTuple):
    """One difference: its kind (`Difference.Kind`), what it is about, and both amounts in yen."""

    kind: str
    reference: str
    ours: int
    theirs: int


def compare(ours: Iterable[Ours], theirs: Iterable[tuple[str, int]]) -> Iterator[Found]:
    """What differs, once per reference: pure.

    `ours` also holds movements of other days that their list names, so that a payment at midnight is no difference.
    """
    known = {one.reference: one for one in ours}
    told: dict[str, list[int]] = defaultdict(list)
    for reference, yen in theirs:
        told[reference].append(yen)
    for reference, amounts in told.items():
        mine = known.get(reference)
        if mine is None:
            yield Found("only-there", reference, 0, sum(amounts))
        elif mine.yen != sum(amounts):
            yield Found("twice" if len(amounts) > 1 else "amount", reference, mine.yen, sum(amounts))
    for one in known.values():
        if one.here and one.reference not in told:
            yield Found("only-here", one.reference, one.yen, 0)


def reconcile(*, provider: str, day: date) -> list[Difference]:
    """Compare one day, keep what differs and that it was compared; a known difference stays as it is. The new ones.

    Raises Unavailable when the provider does not answer: nothing was compared.
    """
    listed = PROVIDERS[provider].listed(day)
    made = []
    with transaction.atomic():
        for wanted, read in (("paid", _paid), ("refunded", _refunded)):
            told = [one for one in listed if one.outcome == wanted]
            payments = {_named(one): one.provider_reference for one in told}
            ours = read(provider, day, list(payments))
            for found in compare([one for one, _attempt in ours.values()], [(_named(one), one.yen) for one in told]):
                payment = payments.get(found.reference, found.reference)
                made.append(_kept(found, day, ours, payment, provider=provider, movement=wanted))
        Comparison.objects.update_or_create(provider=provider, day=day, defaults={"at": timezone.now()})
    return [row for row in made if row is not None]


def _named(notice: Notice) -> str:
    return (notice.refund or notice.provider_reference) if notice.outcome == "refunded" else notice.provider_reference


Known = dict[str, tuple[Ours, Attempt]]


def _paid(provider: str, day: date, named: list[str]) -> Known:
    """Payments of the day, and those of other days that are named."""
    credited = Attempt.objects.filter(provider=provider, state=Attempt.State.PAID)
    rows = (credited.filter(settled_at__date=day) | credited.filter(provider_reference__in=named)).distinct()
    return {
        one.provider_reference: (Ours(one.provider_reference, one.yen, _is_on(one.settled_at, day)), one)
        for one in rows
    }


def _refunded(provider: str, day: date, named: list[str]) -> Known:
    """Repayments that the provider made; it names them by the key that we gave it: the promise's id."""
    made = Refund.objects.filter(attempt__provider=provider, done_at__isnull=False, slip="").select_related("attempt")
    rows = (made.filter(done_at__date=day) | made.filter(pk__in=[one for one in named if _is_id(one)])).distinct()
    return {str(one.pk): (Ours(str(one.pk), one.yen, _is_on(one.done_at, day)), one.attempt) for one in rows}


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _is_on(at: datetime | None, day: date) -> bool:
    return at is not None and timezone.localdate(at) == day


def _kept(found: Found, day: date, ours: Known, payment: str, *, provider: str, movement: str) -> Difference | None:
    """`payment` is the provider's number of the payment that a repayment belongs to, or of the payment itself."""
    attempt = ours[found.reference][1] if found.reference in ours else None
    if attempt is None:
        attempt = Attempt.objects.filter(provider=provider, provider_reference=payment).first()
    return keep_difference(
        provider=provider, reference=found.reference, kind=found.kind, ours=found.ours, theirs=found.theirs,
        attempt=attempt, day=day, movement=movement,
    )  # fmt: skip
