"""Differences (消込の差異): kept once, seen by whom they concern, settled by an officer with a note."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.people.actor import Actor
from madoguchi.people.models import Role
from madoguchi.platform.refusing import ActionRefused, written
from madoguchi.town.offices import town

from ..models import Attempt, Difference
from .rules import MOST_YEN

SETTLERS = (Role.OFFICER, Role.MANAGER)


def keep_difference(
    *, provider: str, reference: str, kind: str, ours: int, theirs: int, attempt: Attempt | None, **more: object
) -> Difference | None:
    """Keep what differs, amounts in yen; None where the very same was told before, be it open or settled.

    `more`: `day`, the day of the provider's record, and `movement` (paid or refunded).
    """
    within = max(-MOST_YEN, min(theirs, MOST_YEN))
    row, is_new = Difference.objects.get_or_create(
        provider=provider,
        provider_reference=reference[:200],
        kind=kind,
        ours=ours,
        theirs=within,
        defaults={"attempt": attempt, "found_at": timezone.now(), **more},
    )
    return row if is_new else None


def locked_difference(difference: Difference, by: Actor) -> Difference:
    """The row, locked, for an officer who may settle it. Raises ActionRefused: no role, settled already."""
    row = Difference.objects.select_for_update().get(pk=difference.pk)
    if by.officer is None or not _seen_by(by).filter(pk=row.pk).exists():
        raise ActionRefused(_("差異を処理できるのは、担当者か課長です。"))
    if row.settled_at is not None:
        raise ActionRefused(_("この差異は、すでに処理されています。画面を読み直してください。"), conflict=True)
    return row


def close(row: Difference, note: str, by: Actor) -> Difference:
    """Mark a LOCKED difference as settled. Raises ActionRefused without a note."""
    if not (note := written(note, 400)):
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
