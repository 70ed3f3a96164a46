"""Entering a case with reference and key: constant answers. Who guesses is braked (`people/brake`)."""

import hashlib
import hmac
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from madoguchi.cases import events
from madoguchi.cases.models import Case
from madoguchi.foundation.folding import fold
from madoguchi.foundation.text import as_code
from madoguchi.people.actor import Actor, applicant
from madoguchi.people.keys import is_key, link_token
from madoguchi.platform.sql.rows import row, write

from .models import Invitation

LONGEST_EMAIL = 254
MOST_LETTERS = 3
"""Links that one case gets in a day, however many people ask for them."""


def ask_again(reference: str | None, email: str) -> None:
    """Ask for the link by mail once more. Nobody learns whether it is sent: the same is done and said either way."""
    case = Case.objects.filter(reference=reference, purged_at__isnull=True).first() if reference else None
    fits = case is not None and _is_address_of(case, email) and not _has_enough(case)
    app.configure_task(name="madoguchi.link-again").defer(case_id=str(case.pk) if case and fits else "")


def _is_address_of(case: Case, email: str) -> bool:
    known = str(case.filings.filter(step="").latest("number").answers.get("contact_email", ""))
    typed = as_code(email) if len(email) <= LONGEST_EMAIL else ""
    return bool(known) and hmac.compare_digest(fold(known).encode(), fold(typed).encode("utf-8", "replace"))


def _has_enough(case: Case) -> bool:
    lately = timezone.now() - timedelta(days=1)
    sent = case.events.filter(kind="mailed", data__letter="link-again", at__gte=lately)
    return sent.count() >= MOST_LETTERS


def enter(reference: str | None, key: str) -> Case | None:
    """The case when reference and key fit, else None."""
    case = Case.objects.filter(reference=reference).first() if reference else None
    if case is None or not is_key(key, case.pk, case.key_salt):
        return None
    with transaction.atomic():
        events.append(events.lock(case), "entered", by=applicant(case.reference), data={"purpose": "key"})
    return case


LASTING = {
    Invitation.Purpose.CONFIRM: timedelta(days=7),
    Invitation.Purpose.HANDOVER: timedelta(days=3),
    Invitation.Purpose.LETTER: timedelta(days=30),
}


@transaction.atomic
def invite(*, case: Case, purpose: Invitation.Purpose, by: Actor) -> str:
    """A token that opens the case: for the confirmation mail, the counter's QR code, or another letter."""
    return invite_to(events.lock(case), purpose=purpose, by=by)


def invite_to(case: Case, *, purpose: Invitation.Purpose, by: Actor) -> str:
    """The same for a LOCKED case.

    The token is derived: where a letter left and its transaction was lost, the repeated one has the same link, and
    both open.
    """
    token = link_token(case.pk, case.last_seq + 1)
    until = timezone.now() + LASTING[purpose]
    email_key = None if purpose == Invitation.Purpose.HANDOVER else case.email_key
    made = {"token_hash": _hash(token), "case_id": case.pk, "purpose": purpose.value, "email_key": email_key}
    write(Invitation, row(Invitation, **made, expires_at=until))
    events.append(case, "invited", by=by, data={"purpose": purpose.value})
    return token


@transaction.atomic
def accept_invitation(*, token: str) -> Case | None:
    """Use a link. The case, or None when the link is unknown, used or too old (they look the same).

    A letter's link opens the case again and again until its day, on whatever device the letter is read.
    """
    usable = Q(used_at__isnull=True) | Q(purpose=Invitation.Purpose.LETTER)
    found = Invitation.objects.select_for_update().filter(
        usable, token_hash=_hash(token), expires_at__gt=timezone.now()
    )
    invitation = found.first()
    if invitation is None:
        return None
    case = events.lock(invitation.case)
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    if _proves_the_address(invitation, case) and case.email_confirmed_at is None:
        case.email_confirmed_at = invitation.used_at
        case.save(update_fields=["email_confirmed_at"])
        events.append(case, "email-confirmed", by=applicant(case.reference))
        app.configure_task(name="madoguchi.letters-held-back").defer(case_id=str(case.pk))
    events.append(case, "entered", by=applicant(case.reference), data={"purpose": invitation.purpose})
    return case


def _proves_the_address(invitation: Invitation, case: Case) -> bool:
    """Whether it came in a letter to the address that the case has now. (Letters of before 2026-12 name none.)"""
    return invitation.purpose != Invitation.Purpose.HANDOVER and invitation.email_key == case.email_key


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
