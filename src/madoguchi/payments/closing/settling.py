"""An officer settles a difference: with a note alone, or by booking what the provider has and the ledger has not."""

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.foundation.identifiers import parse_reference
from madoguchi.people.actor import Actor
from madoguchi.platform.refusing import ActionRefused
from madoguchi.town.offices import town

from ..ledger import lines
from ..ledger.differences import SETTLERS, close, locked_difference
from ..models import Attempt, Charge, Difference, Refund
from ..paying.attempts import credit, own_attempt, repaid


@transaction.atomic
def settle_difference(difference: Difference, *, note: str, by: Actor) -> Difference:
    """An officer says how a difference was dealt with. Raises ActionRefused: no role, no note, settled already."""
    return close(locked_difference(difference, by), note, by)


@transaction.atomic
def book_difference(difference: Difference, *, charge: str, note: str, by: Actor) -> Difference:
    """Write what the provider has and the ledger has not into the ledger, and settle.

    Money that came in is credited, and what is over is promised back as with every payment; a repayment made at the
    provider's own page lowers what is asked for. `charge` is the number (納付番号) it belongs to, needed only where
    the provider's number is not ours. Raises ActionRefused: as `settle_difference`, no such number, nothing to book.
    """
    row = close(locked_difference(difference, by), note, by)
    if row.theirs <= 0:
        raise _nothing()
    attempt = _attempt(row, charge, by)
    attempt.charge = lines.locked(attempt.charge)
    attempt.refresh_from_db(fields=["state", "yen", "refunded"])
    (_credit if row.movement == Difference.Movement.PAID else _pay_back)(row, attempt, by)
    row.attempt = attempt
    row.save(update_fields=["attempt"])
    return row


def _nothing() -> ActionRefused:
    return ActionRefused(_("台帳に書き加える金額がありません。説明を書いて、処理済みにしてください。"))


def _credit(row: Difference, attempt: Attempt, by: Actor) -> None:
    before = attempt.yen if attempt.state == Attempt.State.PAID else 0
    if row.theirs <= before:
        raise _nothing()
    attempt.yen = row.theirs
    credit(attempt, row.theirs - before, at=_moment(row), by=by, key=f"difference:{row.pk}")


def _pay_back(row: Difference, attempt: Attempt, by: Actor) -> None:
    if attempt.state != Attempt.State.PAID or row.theirs > attempt.yen - attempt.refunded:
        raise _nothing()
    charge = attempt.charge
    if (less := min(row.theirs, charge.owed)) > 0 and charge.due >= 0:
        lines.write(charge, "lowered", less, by=by, key=f"difference:{row.pk}", reason=row.note)
    promise = Refund.objects.create(
        attempt=attempt, yen=row.theirs, reason=row.note, promised_at=row.found_at, slip=row.provider_reference[:40]
    )
    repaid(promise, attempt, at=_moment(row), by=by)


def _moment(row: Difference) -> datetime:
    """On the provider's day, so that the next comparison of that day agrees, and that of today misses nothing."""
    return datetime.combine(row.day, time(12), timezone.get_default_timezone())


def _attempt(row: Difference, charge: str, by: Actor) -> Attempt:
    """Where the money belongs: the try that has the provider's number, or a new one that gets it."""
    found = Attempt.objects.filter(provider=row.provider, provider_reference=row.provider_reference).first()
    if found is None and row.movement == Difference.Movement.REFUNDED:
        found = row.attempt
    if found is not None:
        return found
    owner = row.attempt.charge if row.attempt else _named(charge, by)
    return own_attempt(owner, row.provider, row.provider_reference, yen=row.theirs, at=row.found_at)


def _named(charge: str, by: Actor) -> Charge:
    found = Charge.objects.filter(reference=parse_reference(charge) or "").first()
    if found is None or not (by.holds(found.office, tuple(map(str, SETTLERS))) or by.holds(town().treasury)):
        raise ActionRefused(_("この納付番号の請求が見つかりません。番号を確かめてください。"))
    return found
