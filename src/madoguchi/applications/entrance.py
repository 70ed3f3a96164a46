"""Entering a case with reference and key: constant answers. Who guesses is braked (`people/brake`)."""

import hmac
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from madoguchi.cases import events
from madoguchi.cases.models import Case
from madoguchi.foundation.folding import fold
from madoguchi.foundation.text import as_code
from madoguchi.people.actor import applicant
from madoguchi.people.keys import is_key

LONGEST_EMAIL = 254
MOST_LETTERS = 3
"""Links that one case gets in a day, however many people ask for them."""


def ask_again(reference: str | None, email: str) -> None:
    """Ask for the link by mail once more. Nobody learns whether it is sent: the same is done and said either way."""
    case = Case.objects.filter(reference=reference, purged_at__isnull=True).first() if reference else None
    fits = case is not None and _is_address_of(case, email) and not _has_enough(case)
    app.configure_task(name="madoguchi.link-again").defer(case_id=str(case.pk) if case and fits else "")


def _is_address_of(case: Case, email: str) -> bool:
    known = str(case.filings.latest("number").answers.get("contact_email", ""))
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
