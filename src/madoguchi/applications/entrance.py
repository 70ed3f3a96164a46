"""Entering a case with reference and key: constant answers, and a brake on guessing."""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from madoguchi.cases import events
from madoguchi.cases.models import Case
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
