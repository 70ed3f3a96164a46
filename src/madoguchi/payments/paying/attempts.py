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
from madoguchi.foundation.identifiers import new_id
from madoguchi.people.actor import Actor, worker
from madoguchi.platform.failpoints import switched_off
from madoguchi.platform.refusing import ActionRefused

from ..ledger import lines
from ..ledger.differences import keep_difference
from ..models import Attempt, Charge, Difference, Notification, Refund
from ..words import subject
from .providers import PROVIDERS, Notice, Provider, Request, Unavailable

TWICE, LATE = "二重の納付", "期限を過ぎてからの納付"


def provider_of(code: str) -> Provider:
    """A way to pay that is ready. Raises ActionRefused."""
    found = PROVIDERS.get(code)
    if found is None or not found.is_ready():
        raise ActionRefused(_("この支払方法は、いま使えません。ほかの支払方法を選んでください。"))
    return found


def ways(charge: Charge) -> list[str]:
    """The providers that a payer can use alone and now. Places are held for minutes, a file comes after days."""
    return [
        code
        for code, one in PROVIDERS.items()
        if one.hosted and one.is_ready() and not (one.by_file and charge.pay_by is not None)
    ]


def start(*, charge: Charge, provider: str, language: str, by: Actor) -> Attempt:
    """Begin to pay what is due, or go on with the open attempt of this provider; `told` says where the payer goes on.

    The provider is asked outside any transaction of ours, with the attempt's id as its key, so a lost answer is asked
    for again and never doubles. Raises ActionRefused: nothing due, lapsed, or the provider does not answer.
    """
    asked = provider_of(provider)
    attempt = _opened(charge, provider, by)
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
def _opened(charge: Charge, provider: str, by: Actor) -> Attempt:
    charge, now = lines.locked(charge), timezone.now()
    must_be_due(charge)
    found = charge.attempts.select_for_update().filter(provider=provider, state=Attempt.State.STARTED).first()
    if found is not None:
        if found.yen == charge.due and (found.expires_at is None or found.expires_at > now):
            return found
        found.state = Attempt.State.EXPIRED  # should it still be paid, `settle` credits it
        found.save(update_fields=["state"])
    return Attempt.objects.create(
        charge=charge,
        provider=provider,
        yen=charge.due,
        started_at=now,
        expires_at=charge.pay_by,
        taken_by=by.officer,
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
    if charge.pay_by is not None and charge.pay_by <= timezone.now():
        raise ActionRefused(
            _("取り置きの時間が過ぎたため、もう支払えません。もう一度予約してください。"), conflict=True
        )


def _request(attempt: Attempt, language: str) -> Request:
    charge = attempt.charge
    with override(language):
        back, label = reverse("payments:back", args=[charge.secret, attempt.pk]), subject(charge)
    with override(settings.LANGUAGE_CODE):
        notify = reverse("payments:notify", args=[attempt.provider])
    return Request(
        attempt=str(attempt.pk),
        yen=attempt.yen,
        label=label,
        reference=charge.reference,
        language=language,
        back=settings.PUBLIC_URL + back,
        notify=settings.PUBLIC_URL + notify,
        started_at=attempt.started_at,
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
    charge = lines.locked(attempt.charge) if attempt else None
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
    reference = f"{attempt.provider_reference}/{notice.event}"[:200]
    return own_attempt(attempt.charge, attempt.provider, reference, yen=notice.yen, at=notice.at)


def own_attempt(charge: Charge, provider: str, reference: str, *, yen: int, at: datetime) -> Attempt:
    """An attempt for money that came without having been started here; `credit` follows."""
    return Attempt.objects.create(
        charge=charge,
        provider=provider,
        yen=yen,
        state=Attempt.State.EXPIRED,
        provider_reference=reference,
        started_at=at,
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
    key = f"paid:{attempt.pk}" if _once() else f"paid:{new_id()}"
    credit(attempt, attempt.yen, at=notice.at, method=notice.method, by=by, key=key)
    return "paid"


def credit(attempt: Attempt, yen: int, *, at: datetime, by: Actor, key: str, method: str = "") -> None:
    """Write `yen` that came in through an attempt of a LOCKED charge, once per key; what is over is promised back."""
    charge, due = attempt.charge, attempt.charge.due
    attempt.state, attempt.settled_at = Attempt.State.PAID, at
    attempt.method = method[:24] or attempt.method
    attempt.save(update_fields=["state", "settled_at", "method", "yen"])
    if lines.write(charge, "paid", yen, by=by, key=key, attempt=attempt):
        lines.keep(charge, due_before=due, reason=LATE if charge.lapsed_at or not charge.owed else TWICE)
        tell_case(charge, "paid", by=by, data={"yen": yen, "provider": attempt.provider})


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
        made_twice = known.slip and known.slip != notice.slip
        return _differs(Difference.Kind.TWICE, notice, attempt.provider, attempt) if made_twice else "nothing"
    known.slip = notice.slip
    repaid(known, attempt, at=notice.at, by=by)
    return "refunded"


def repaid(promise: Refund, attempt: Attempt, *, at: datetime, by: Actor) -> None:
    """Write a repayment that was made, of an attempt of a LOCKED charge."""
    charge, due, yen = attempt.charge, attempt.charge.due, promise.yen
    promise.done_at = promise.asked_at = at
    promise.save(update_fields=["done_at", "asked_at", "slip"])
    attempt.refunded += yen
    attempt.save(update_fields=["refunded"])
    lines.write(charge, "refunded", yen, by=by, key=f"refund:{promise.pk}", reason=promise.reason, attempt=attempt)
    lines.keep(charge, due_before=due, reason=promise.reason)
    tell_case(charge, "refunded", by=by, data={"yen": yen, "provider": attempt.provider})


def _differs(kind: str, notice: Notice, provider: str, attempt: Attempt | None) -> str:
    about = notice.refund or notice.provider_reference
    keep_difference(
        provider=provider,
        reference=f"{about}/{notice.event}" if notice.separate else about,
        kind=kind,
        ours=attempt.yen if attempt else 0,
        theirs=notice.yen if notice.currency.upper() == "JPY" else 0,
        attempt=attempt,
        day=timezone.localdate(notice.at),
        movement="refunded" if notice.outcome == "refunded" else "paid",
    )
    return "mismatch"


def tell_case(charge: Charge, kind: str, *, by: Actor, data: Mapping[str, object]) -> None:
    """Append to the case's record what happened to its charge; orders of tickets have no case."""
    if charge.case is not None:
        events.append(charge.case, kind, by=by, data={"charge": charge.reference, "due": charge.due, **data})
