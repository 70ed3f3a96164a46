"""Entering a case with reference and key: constant answers, and a brake on guessing."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from procrastinate.contrib.django import app

from madoguchi.cases import events
from madoguchi.cases.models import Case
from madoguchi.foundation.folding import fold
from madoguchi.foundation.text import as_code
from madoguchi.people.actor import applicant
from madoguchi.people.keys import is_key

from .models import Attempts

MOST_FAILURES = 15
WINDOW_MINUTES = 15


def sender_of(request: HttpRequest) -> str:
    """Who tries, as a keyed hash of the address; a proxy is believed only where the operator says there is one."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:  # the last hop is what our own proxy saw
        address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()


LONGEST_EMAIL = 254
MOST_LETTERS = 3
"""Links that one case gets in a day, however many people ask for them."""


def _counted(sender: str) -> int:
    """This sender's tries in this quarter of an hour, with the present one."""
    Attempts.objects.get_or_create(sender=sender, window=_window())
    mine = Attempts.objects.filter(sender=sender, window=_window())
    mine.update(count=F("count") + 1)
    return mine.values_list("count", flat=True).get()


def ask_again(reference: str | None, email: str, *, sender: str) -> None:
    """Ask for the link by mail once more. Nobody learns whether it is sent: the same is done and said either way."""
    asked = hashlib.sha256(f"again:{sender}".encode()).hexdigest()
    allowed = _counted(asked) <= MOST_LETTERS
    case = Case.objects.filter(reference=reference, purged_at__isnull=True).first() if reference else None
    fits = case is not None and allowed and _is_address_of(case, email) and not _has_enough(case)
    app.configure_task(name="madoguchi.link-again").defer(case_id=str(case.pk) if case and fits else "")


def _is_address_of(case: Case, email: str) -> bool:
    known = str(case.filings.latest("number").answers.get("contact_email", ""))
    typed = as_code(email) if len(email) <= LONGEST_EMAIL else ""
    return bool(known) and hmac.compare_digest(fold(known).encode(), fold(typed).encode("utf-8", "replace"))


def _has_enough(case: Case) -> bool:
    lately = timezone.now() - timedelta(days=1)
    sent = case.events.filter(kind="mailed", data__letter="link-again", at__gte=lately)
    return sent.count() >= MOST_LETTERS


def _window() -> datetime:
    now = timezone.now()
    return now.replace(minute=now.minute - now.minute % WINDOW_MINUTES, second=0, microsecond=0)


def enter(reference: str | None, key: str, *, sender: str) -> Case | None:
    """The case when reference and key fit; None when not, or when this sender failed too often (they look the same)."""
    failed = Attempts.objects.filter(sender=sender, window=_window())
    if failed.filter(count__gte=MOST_FAILURES).exists():
        return None
    case = Case.objects.filter(reference=reference).first() if reference else None
    if case is None or not is_key(key, case.pk, case.key_salt):
        Attempts.objects.get_or_create(sender=sender, window=_window())
        failed.update(count=F("count") + 1)
        return None
    with transaction.atomic():
        events.append(events.lock(case), "entered", by=applicant(case.reference), data={"purpose": "key"})
    return case
