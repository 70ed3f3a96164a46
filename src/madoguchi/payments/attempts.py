"""Trying to pay: start with a provider, and the one place where a provider's notice becomes lines of the ledger."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from madoguchi.cases import events
from madoguchi.cases.actions import ActionRefused
from madoguchi.foundation.failpoints import switched_off
from madoguchi.foundation.identifiers import new_id
from madoguchi.people.actor import Actor, worker

from . import ledger
from .models import Attempt, Charge, Difference, Notification
from .providers import PROVIDERS, Notice, Provider, Request, Unavailable
from .rules import MOST_YEN

TWICE, LATE = "二重の納付", "期限を過ぎてからの納付"


def provider_of(code: str) -> Provider:
    """A way to pay that is ready. Raises ActionRefused."""
    found = PROVIDERS.get(code)
    if found is None or not found.is_ready():
        raise ActionRefused(_("この支払方法は、いま使えません。ほかの支払方法を選んでください。"))
    return found


def start(*, charge: Charge, provider: str, language: str, by: Actor, expires_at: datetime | None = None) -> Attempt:
    """Begin to pay what is due, or go on with the open attempt of this provider; `told` says where the payer goes on.

    The provider is asked outside any transaction of ours, with the attempt's id as its key, so a lost answer is asked
    for again and never doubles. Raises ActionRefused: nothing due, lapsed, or the provider does not answer.
    """
    asked = provider_of(provider)
    attempt = _opened(charge, provider, expires_at, by)
    if attempt.provider_reference:
        return attempt
    try:
        started = asked.start(_request(attempt, language))
    except Unavailable as down:
        raise ActionRefused(
            _("支払いの事業者から応答がありません。お金は動いていません。少し待ってから、もう一度お試しください。")
        ) from down
    attempt.provider_reference = started.provider_reference
    attempt.told = {**started.shown, **({"url": started.url} if started.url else {})}
    attempt.save(update_fields=["provider_reference", "told"])
    return attempt


@transaction.atomic
def _opened(charge: Charge, provider: str, expires_at: datetime | None, by: Actor) -> Attempt:
    charge, now = ledger.locked(charge), timezone.now()
    must_be_due(charge)
    found = charge.attempts.select_for_update().filter(provider=provider, state=Attempt.State.STARTED).first()
    if found is not None:
        if found.yen == charge.due and (found.expires_at is None or found.expires_at > now):
            return found
        found.state = Attempt.State.EXPIRED  # should it still be paid, `settle` credits it
        found.save(update_fields=["state"])
    return Attempt.objects.create(
        charge=charge, provider=provider, yen=charge.due, started_at=now, expires_at=expires_at, taken_by=by.officer
    )


def must_be_due(charge: Charge) -> None:
    """Raises ActionRefused when there is nothing (more) to pay."""
    if charge.lapsed_at is not None:
        raise ActionRefused(_("支払いの期限が過ぎたため、もう支払えません。"), conflict=True)
    if charge.due <= 0 and not charge.paid:
        raise ActionRefused(
            _("この請求には、いま支払うものがありません。予約や申請の状態を見てください。"), conflict=True
        )
    if charge.due <= 0:
        raise ActionRefused(_("すでに支払いが済んでいます。もう支払う必要はありません。"), conflict=True)


def _request(attempt: Attempt, language: str) -> Request:
    charge = attempt.charge
    with override(language):
        back = reverse("payments:back", args=[charge.secret, attempt.pk])
    with override(settings.LANGUAGE_CODE):
        notify = reverse("payments:notify", args=[attempt.provider])
    return Request(
        attempt=str(attempt.pk),
        yen=attempt.yen,
        label=charge.label,
        reference=charge.reference,
        language=language,
        back=settings.PUBLIC_URL + back,
        notify=settings.PUBLIC_URL + notify,
        expires_at=attempt.expires_at,
    )


def receive(*, provider: str, headers: Mapping[str, str], body: bytes) -> str:
    """A notification as it came in: checked by its provider, then settled. What it changed. Raises Forged."""
    notice = provider_of(provider).read(headers, body)
    return "nothing" if notice is None else settle(notice, provider=provider)


def look(attempt: Attempt) -> Attempt:
    """Ask the provider how an open attempt stands, when its notification has not come. Raises Unavailable."""
    if attempt.state == Attempt.State.STARTED and attempt.provider_reference:
        settle(provider_of(attempt.provider).status(attempt.provider_reference), provider=attempt.provider)
        attempt.refresh_from_db()
    return attempt


def look_at_open(*, since: datetime, charge: Charge | None = None) -> int:
    """Ask how tries stand that nobody has told us of since they began; how many answered. A notification can be lost.

    Ways of paying whose news come by file or by a clerk have no answer, and one that is down is asked again.
    """
    open_ones = Attempt.objects.filter(state=Attempt.State.STARTED, started_at__gte=since).exclude(
        provider_reference=""
    )
    answered = 0
    for attempt in open_ones.filter(charge=charge) if charge else open_ones:
        with suppress(Unavailable, ActionRefused):
            look(attempt)
            answered += 1
    return answered


@transaction.atomic
def settle(notice: Notice, *, provider: str, by: Actor | None = None) -> str:
    """Make what a provider says happened part of the ledger, once however often it is told, in any order.

    Returns what it changed: paid, failed, expired, refunded, nothing, mismatch. What does not fit (unknown payment,
    other amount or currency) credits nothing and leaves a `Difference` for an officer. A payment that comes late or
    twice is credited once and promised back.
    """
    attempt = Attempt.objects.filter(provider=provider, provider_reference=notice.provider_reference).first()
    charge = ledger.locked(attempt.charge) if attempt else None
    if notice.outcome == "waiting":
        return "nothing"
    told, is_new = Notification.objects.get_or_create(
        provider=provider,
        event=notice.event[:200],
        defaults={"at": notice.at, "attempt": attempt, "outcome": "nothing"},
    )
    if not is_new and _once():
        return "nothing"
    if attempt is None or charge is None:
        outcome = _differs(Difference.Kind.ONLY_THERE, notice, provider, None)
    else:
        attempt.refresh_from_db()
        attempt.charge = charge
        if notice.separate and notice.outcome == "paid" and attempt.state == Attempt.State.PAID:
            attempt = _again(attempt, notice)
        outcome = _apply(attempt, notice, by or worker(provider))
    told.outcome = outcome
    told.save(update_fields=["outcome"])
    return outcome


def _again(attempt: Attempt, notice: Notice) -> Attempt:
    """The same code or slip was paid once more: real money, kept as an attempt of its own and so promised back."""
    return Attempt.objects.create(
        charge=attempt.charge,
        provider=attempt.provider,
        yen=notice.yen,
        state=Attempt.State.EXPIRED,
        provider_reference=f"{attempt.provider_reference}/{notice.event}"[:200],
        started_at=notice.at,
    )


def _apply(attempt: Attempt, notice: Notice, by: Actor) -> str:
    if notice.outcome == "refunded":
        return _refunded(attempt, notice, by)
    if notice.outcome != "paid":
        return _ended(attempt, notice)
    if attempt.state == Attempt.State.PAID and _once():
        return "nothing"
    if notice.yen != attempt.yen or notice.currency.upper() != "JPY":
        return _differs(Difference.Kind.AMOUNT, notice, attempt.provider, attempt)
    _credit(attempt, notice, by)
    return "paid"


def _credit(attempt: Attempt, notice: Notice, by: Actor) -> None:
    charge, due = attempt.charge, attempt.charge.due
    attempt.state, attempt.settled_at = Attempt.State.PAID, notice.at
    attempt.method = notice.method[:24] or attempt.method
    attempt.save(update_fields=["state", "settled_at", "method"])
    key = f"paid:{attempt.pk}" if _once() else f"paid:{new_id()}"
    if ledger.write(charge, "paid", attempt.yen, by=by, key=key, attempt=attempt):
        ledger.keep(charge, due_before=due, reason=LATE if charge.lapsed_at or not charge.owed else TWICE)
        tell_case(charge, "paid", by=by, data={"yen": attempt.yen, "provider": attempt.provider})


def _once() -> bool:
    """False only in the control of `drills.payments`, which must then find double charges."""
    return not switched_off("payment-notification-once")


def _ended(attempt: Attempt, notice: Notice) -> str:
    if attempt.state != Attempt.State.STARTED:
        return "nothing"
    attempt.state = Attempt.State.FAILED if notice.outcome == "failed" else Attempt.State.EXPIRED
    attempt.save(update_fields=["state"])
    return notice.outcome


def _refunded(attempt: Attempt, notice: Notice, by: Actor) -> str:
    known = next((one for one in attempt.refunds.all() if str(one.pk) == notice.refund), None)
    if known is None or known.yen != notice.yen:
        return _differs(Difference.Kind.ONLY_THERE, notice, attempt.provider, attempt)
    if known.done_at is not None:
        return "nothing"
    charge, due = attempt.charge, attempt.charge.due
    known.done_at = known.asked_at = notice.at
    known.save(update_fields=["done_at", "asked_at"])
    attempt.refunded += known.yen
    attempt.save(update_fields=["refunded"])
    ledger.write(charge, "refunded", known.yen, by=by, key=f"refund:{known.pk}", reason=known.reason, attempt=attempt)
    ledger.keep(charge, due_before=due, reason=known.reason)
    tell_case(charge, "refunded", by=by, data={"yen": known.yen, "provider": attempt.provider})
    return "refunded"


def _differs(kind: str, notice: Notice, provider: str, attempt: Attempt | None) -> str:
    about = notice.refund or notice.provider_reference
    Difference.objects.get_or_create(
        provider=provider,
        provider_reference=(f"{about}/{notice.event}" if notice.separate else about)[:200],
        kind=kind,
        defaults={
            "day": timezone.localdate(notice.at),
            "ours": attempt.yen if attempt else 0,
            "theirs": max(-MOST_YEN, min(notice.yen, MOST_YEN)),
            "attempt": attempt,
            "found_at": timezone.now(),
        },
    )
    return "mismatch"


def tell_case(charge: Charge, kind: str, *, by: Actor, data: Mapping[str, object]) -> None:
    """Append to the case's record what happened to its charge; orders of tickets have no case."""
    if charge.case is not None:
        events.append(charge.case, kind, by=by, data={"charge": charge.reference, "due": charge.due, **data})
