"""The nightly comparison (消込) of a provider's list with ours: differences are rows until an officer settles them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases.actions import ActionRefused, written
from madoguchi.people.actor import Actor
from madoguchi.people.models import Role
from madoguchi.people.town import town

from .models import Attempt, Difference, Refund
from .providers import PROVIDERS, Notice
from .rules import MOST_YEN

SETTLERS = (Role.OFFICER, Role.MANAGER)


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
    """What differs, once per reference and kind: pure.

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
        elif mine.yen not in amounts:
            yield Found("amount", reference, mine.yen, amounts[0])
        if len(amounts) > 1:
            yield Found("twice", reference, mine.yen if mine else 0, sum(amounts))
    for one in known.values():
        if one.here and one.reference not in told:
            yield Found("only-here", one.reference, one.yen, 0)


def reconcile(*, provider: str, day: date) -> list[Difference]:
    """Compare one day and keep what differs; a difference that is known is kept as it is. The new ones.

    Raises Unavailable when the provider does not answer: nothing was compared.
    """
    listed = [one for one in PROVIDERS[provider].listed(day) if one.outcome in ("paid", "refunded")]
    made = []
    with transaction.atomic():
        for wanted in ("paid", "refunded"):
            theirs = [(_named(one), one.yen) for one in listed if one.outcome == wanted]
            read = _paid if wanted == "paid" else _refunded
            ours = read(provider, day, [reference for reference, _yen in theirs])
            made += [
                row for found in compare([one for one, _attempt in ours.values()], theirs)
                if (row := _kept(found, provider, day, ours))
            ]  # fmt: skip
    return made


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
    """Repayments made; the provider names them by the key that we gave it: the promise's id."""
    made = Refund.objects.filter(attempt__provider=provider, done_at__isnull=False).select_related("attempt")
    rows = (made.filter(done_at__date=day) | made.filter(pk__in=[one for one in named if _is_id(one)])).distinct()
    return {str(one.pk): (Ours(str(one.pk), one.yen, _is_on(one.done_at, day)), one.attempt) for one in rows}


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _is_on(at: datetime | None, day: date) -> bool:
    return at is not None and timezone.localdate(at) == day


def _kept(found: Found, provider: str, day: date, ours: Known) -> Difference | None:
    reference = found.reference[:200]
    attempt = ours[found.reference][1] if found.reference in ours else None
    if attempt is None:
        attempt = Attempt.objects.filter(provider=provider, provider_reference=reference).first()
    row, is_new = Difference.objects.get_or_create(
        provider=provider,
        provider_reference=reference,
        kind=found.kind,
        defaults={
            "day": day,
            "ours": found.ours,
            "theirs": max(-MOST_YEN, min(found.theirs, MOST_YEN)),
            "attempt": attempt,
            "found_at": timezone.now(),
        },
    )
    return row if is_new else None


@transaction.atomic
def settle_difference(difference: Difference, *, note: str, by: Actor) -> Difference:
    """An officer says how a difference was dealt with. Raises ActionRefused: no role, no note, settled already."""
    row = Difference.objects.select_for_update().get(pk=difference.pk)
    if by.officer is None or not _seen_by(by).filter(pk=row.pk).exists():
        raise ActionRefused(_("差異を処理できるのは、担当者か課長です。"))
    if row.settled_at is not None:
        raise ActionRefused(_("この差異は、すでに処理されています。画面を読み直してください。"), conflict=True)
    if not (note := written(note)[:400]):
        raise ActionRefused(_("どのように処理したかを書いてください。"))
    row.settled_at, row.settled_by, row.note = timezone.now(), by.officer, note
    row.save(update_fields=["settled_at", "settled_by", "note"])
    return row


def open_differences(by: Actor) -> QuerySet[Difference]:
    """What waits for this officer, the oldest first: the own offices' and what belongs to no charge of ours."""
    return _seen_by(by).filter(settled_at__isnull=True).select_related("attempt__charge").order_by("day", "pk")


def _seen_by(by: Actor) -> QuerySet[Difference]:
    """The treasury settles every office's; others their own and those that no office owns."""
    offices = by.offices_with(map(str, SETTLERS))
    if not offices:
        return Difference.objects.none()
    own = Q(attempt__isnull=True) | Q(attempt__charge__office__in=offices)
    return Difference.objects.all() if by.holds(town().treasury) else Difference.objects.filter(own)
