"""The log of sign-ins: what is noted, who is told, when sessions end. Rows are only added; old ones are swept."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from procrastinate.contrib.django import app

from madoguchi.platform.brake.sender import hashed, sender_of

from .devices import device_of
from .models import CredentialChange, Officer, Session, SignIn

Kind = SignIn.Kind
KEPT: Final = timedelta(days=366)
"""The database itself keeps each row for 365 days (migration 0004)."""


def note(kind: SignIn.Kind, *, officer: Officer | None, request: HttpRequest | None = None, device: str = "") -> SignIn:
    """One more row; whose address was typed that nobody has is not kept at all."""
    return SignIn.objects.create(
        kind=kind,
        officer=officer,
        sender=_trace_of(request) if request else "",
        device=device_of(request) if request else device,
    )


def _trace_of(request: HttpRequest) -> str:
    """16 hexadecimal digits that are the same for the same address and tell nobody which it is."""
    return hashed("sign-in", sender_of(request.META)).hex[:16]


@transaction.atomic
def signed_in(request: HttpRequest, officer: Officer) -> None:
    """Note a sign-in; the officer gets a letter where the device is another one than those of the past year."""
    before = SignIn.objects.filter(officer=officer, kind__in=(Kind.SIGNED_IN, Kind.NEW_DEVICE))
    is_new = before.exists() and not before.filter(device=device_of(request)).exists()
    row = note(Kind.NEW_DEVICE if is_new else Kind.SIGNED_IN, officer=officer, request=request)
    if is_new:
        app.configure_task("madoguchi.new-device-letter").defer(sign_in=row.pk, language=get_language() or "ja")


def end(sessions: Iterable[Session], kind: SignIn.Kind) -> int:
    """End these sessions and note it; one that somebody else ended meanwhile is noted once."""
    ended = 0
    for session in sessions:
        with transaction.atomic():
            deleted, _each = Session.objects.filter(pk=session.pk).delete()
            if deleted and session.officer_id:
                note(kind, officer=session.officer, device=session.device)
                ended += 1
    return ended


def sessions_of(officer: Officer) -> Sequence[Session]:
    """The sessions that are open now, the last used first."""
    found = Session.objects.filter(officer=officer).order_by("-used_at")
    return [one for one in found if one.end_at(timezone.now()) is None]


def others(officer: Officer, session: SessionBase) -> Sequence[Session]:
    """All but the present one."""
    return [one for one in sessions_of(officer) if one.session_key != session.session_key]


def sweep() -> int:
    """End what is over though nobody came again, and throw away rows that were kept long enough. Gives how many."""
    now = timezone.now()
    ended = 0
    for session in Session.objects.filter(Q(expire_date__lt=now) | Q(used_at__lt=now - Session.idle())).iterator():
        if kind := session.end_at(now):
            ended += end([session], kind)
    gone = [rows.objects.filter(at__lt=now - KEPT).delete()[0] for rows in (SignIn, CredentialChange)]
    return ended + sum(gone)
