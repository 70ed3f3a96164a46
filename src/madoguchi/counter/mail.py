"""Letters to applicants, in the language of their case. Nothing is sent where no address was given."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from madoguchi.applications.actions import LASTING, invite, last_filing
from madoguchi.applications.models import Invitation
from madoguchi.cases import events
from madoguchi.cases.models import Case, Correction, Event
from madoguchi.cases.queries import awaits_payment
from madoguchi.payments.models import Charge
from madoguchi.people import letters
from madoguchi.people.actor import worker
from madoguchi.people.town import contact, town

LINK_DAYS = LASTING[Invitation.Purpose.LETTER].days


def _send(case: Case, letter: str, **context: Any) -> None:
    to = last_filing(case).answers.get("contact_email")
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


def _link(case: Case, purpose: Invitation.Purpose) -> str:
    """A link that opens the case wherever the letter is read: the key itself never leaves by mail."""
    token = invite(case=case, purpose=purpose, by=worker("mail"))
    case.refresh_from_db()
    return f"{settings.PUBLIC_URL}{_prefix(case.language)}/applications/open/{token}/"


def _prefix(language: str) -> str:
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def receipt(event: Event) -> None:
    """The application arrived; the link confirms the address and opens the case."""
    case = event.case
    if "contact_email" not in last_filing(case).answers:
        return
    link = _link(case, Invitation.Purpose.CONFIRM)
    _send(case, "receipt", confirm_url=link, charge=Charge.objects.filter(case=case).first())


def correction(event: Event) -> None:
    """The office asks for a correction: of which questions and until when; why stands behind the link alone."""
    case, asked = event.case, Correction.objects.get(pk=event.data["correction"])
    known, words = case.compiled.by_id, case.compiled.words(case.language)
    points = [words.text(f"questions.{item['question']}.label", known[item["question"]].label) for item in asked.items]
    _send(case, "correction", correction=asked, points=points)


def correction_received(event: Event) -> None:
    """The answer to a correction arrived."""
    _send(event.case, "correction_received")


def decision(event: Event) -> None:
    """The decision was made and the document issued. The result itself is not told by mail."""
    _send(event.case, "decision")


def link_again(case: Case) -> None:
    """Somebody who knows the reference and the address asked for the link once more."""
    with transaction.atomic():
        case = events.lock(case)
        _send(case, "link_again")
        events.append(case, "mailed", by=worker("mail"), data={"letter": "link-again"})


def withdrawn(event: Event) -> None:
    """The withdrawal was recorded."""
    _send(event.case, "withdrawn")


def paid(charge: Charge) -> None:
    """Nothing is due any more."""
    if charge.case is not None:
        _send(charge.case, "paid", charge=charge)


def payment_reminder(charge: Charge) -> None:
    """The day by which to pay comes near."""
    if charge.case is not None:
        _send(charge.case, "payment_reminder", charge=charge)
