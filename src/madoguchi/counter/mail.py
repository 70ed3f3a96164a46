"""Letters to applicants, in the language of their case. Nothing is sent where no address was given.

Each says whether it is done: False where a stranger caused it and the address has got enough (`cases/addresses.py`).
What an office did is always told, and so is what was paid.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django import app

from madoguchi.applications.actions import EMAIL, last_filing
from madoguchi.applications.entrance import LASTING, invite, invite_to
from madoguchi.applications.models import Invitation
from madoguchi.cases import events
from madoguchi.cases.addresses import may_be_written_to
from madoguchi.cases.correspondence import Correction
from madoguchi.cases.models import Case, Event
from madoguchi.cases.queries import awaits_payment
from madoguchi.payments.ledger.opening import of_case
from madoguchi.payments.models import Charge
from madoguchi.people.actor import worker
from madoguchi.platform.brake.limits import FEW_LETTERS, FIRST_LETTER, Limit
from madoguchi.registers.models import Holding
from madoguchi.registers.queries import renewal_of
from madoguchi.town import letters
from madoguchi.town.offices import contact, town

LINK_DAYS = LASTING[Invitation.Purpose.LETTER].days
HELD_BACK = timedelta(days=30)
MOST_HELD_BACK = 5
"""So many receipts follow when somebody confirms an address; more were hardly one person's."""


def _send(case: Case, letter: str, *, to: str | None = None, **context: Any) -> None:
    to = _address(case) if to is None else to
    if not to:
        return
    with override(case.language):
        words = case.compiled.words(case.language)
        name = words.text("name", case.compiled.procedure.name)
        filled = {"case": case, "procedure": name, "town": town().in_language(case.language), **context}
        filled["contact"] = contact(case.office)
        filled["lapses"] = awaits_payment(case)
        filled |= {"url": context.get("confirm_url") or _link(case, Invitation.Purpose.LETTER), "link_days": LINK_DAYS}
        if charge := context.get("charge"):
            filled["pay_url"] = f"{settings.PUBLIC_URL}{_prefix(case.language)}/pay/{charge.secret}/"
        text = render_to_string(f"counter/mail/{letter}.txt", filled)
        # The number is the event's: a repeated send is seen as one letter.
        letters.send(to=to, text=text, number=f"{case.pk}.{letter}.{case.last_seq}", office=case.office)


def _address(case: Case) -> str:
    return str(last_filing(case).answers.get(EMAIL) or "")


def _may_go(to: str, unknown: Limit) -> bool:
    return not to or may_be_written_to(to, unknown)


def _may_tell(event: Event, to: str) -> bool:
    """The same of something that happened, unless an officer did it, at the counter for a visitor."""
    return event.actor_kind == "officer" or _may_go(to, FIRST_LETTER)


def _link(case: Case, purpose: Invitation.Purpose) -> str:
    """A link that opens the case wherever the letter is read: the key itself never leaves by mail."""
    token = invite(case=case, purpose=purpose, by=worker("mail"))
    case.refresh_from_db()
    return _address_of(case, token)


def _address_of(case: Case, token: str) -> str:
    return f"{settings.PUBLIC_URL}{_prefix(case.language)}/applications/open/{token}/"


def _prefix(language: str) -> str:
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def receipt(event: Event) -> bool:
    """The application arrived; the link confirms the address and opens the (locked) case."""
    case, to = event.case, _address(event.case)
    if not to:
        return True
    if not _may_tell(event, to):
        return False
    token = invite_to(case, purpose=Invitation.Purpose.CONFIRM, by=worker("mail"))
    _send(case, "receipt", to=to, confirm_url=_address_of(case, token), charge=of_case(case.pk))
    return True


def held_back(case: Case) -> None:
    """Somebody has confirmed the address: the receipts that were held back follow, the latest few."""
    lately = Event.objects.filter(
        kind="letter-withheld", at__gte=timezone.now() - HELD_BACK, data__letter="submitted",
        case__email_key=case.email_key, case__purged_at__isnull=True,
    )  # fmt: skip
    for event in lately.order_by("-at", "-pk")[:MOST_HELD_BACK] if case.email_key else ():
        app.configure_task(name="madoguchi.follow").defer(event_id=event.data["event"])


def correction(event: Event) -> bool:
    """The office asks for a correction: of which questions and until when; why stands behind the link alone."""
    case, asked = event.case, Correction.objects.get(pk=event.data["correction"])
    known, words = case.compiled.by_id, case.compiled.words(case.language)
    points = [words.text(f"questions.{item['question']}.label", known[item["question"]].label) for item in asked.items]
    _send(case, "correction", correction=asked, points=points)
    return True


def correction_received(event: Event) -> bool:
    """The answer to a correction arrived: once for each that an office asked for."""
    _send(event.case, "correction_received")
    return True


def decision(event: Event) -> bool:
    """The decision was made and the document issued. The result itself is not told by mail."""
    _send(event.case, "decision")
    return True


def link_again(case: Case) -> bool:
    """Somebody who knows the reference and the address asked for the link once more."""
    with transaction.atomic():
        case = events.lock(case)
        if not _may_go(_address(case), FEW_LETTERS):
            return False
        _send(case, "link_again")
        events.append(case, "mailed", by=worker("mail"), data={"letter": "link-again"})
    return True


def withdrawn(event: Event) -> bool:
    """The withdrawal was recorded."""
    if not _may_tell(event, _address(event.case)):
        return False
    _send(event.case, "withdrawn")
    return True


def paid(charge: Charge) -> bool:
    """Nothing is due any more: because it was paid, or because an application was withdrawn."""
    if charge.case is None:
        return True
    if charge.paid <= 0 and not _may_go(_address(charge.case), FIRST_LETTER):
        return False
    _send(charge.case, "paid", charge=charge)
    return True


def may_remind(charge: Charge) -> bool:
    """Whether the reminder may go now; if not, it is tried again an hour later, until the day."""
    return charge.case is None or _may_go(_address(charge.case), FEW_LETTERS)


def ending(case: Case, holding: Holding) -> bool:
    """A right that a register holds comes to its end; False where its holder gave no address, and paper must go."""
    if not (to := _address(case)):
        return False
    renewing = renewal_of(holding.register)
    url = f"{settings.PUBLIC_URL}{_prefix(case.language)}/procedures/{renewing}/known/" if renewing else ""
    _send(case, "ending", to=to, number=holding.number, until=holding.until, renew_url=url)
    return True


def payment_reminder(charge: Charge) -> None:
    """The day by which to pay comes near."""
    if charge.case is not None:
        _send(charge.case, "payment_reminder", charge=charge)
