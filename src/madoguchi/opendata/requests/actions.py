"""Verbs on requests for data: ask, take, open, refuse."""

import hashlib
import json
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.catalogue.problems import Refused
from madoguchi.catalogue.questions.contact import cleaned_email
from madoguchi.foundation.dates import add_open_days
from madoguchi.people.actor import Actor
from madoguchi.people.models import Officer, Role
from madoguchi.platform.calendar import today
from madoguchi.platform.once import is_idempotency_key
from madoguchi.platform.refusing import ActionRefused, written
from madoguchi.town.offices import town

from ..checking.values import hits
from ..models.datasets import Dataset
from ..models.requests import DataRequest, State, Step
from . import letters

ANSWER_DAYS: Final = 10
"""Open days until an answer is due (this town's own choice)."""
KNOWN_FOR: Final = timedelta(days=90)
"""How long an address is kept after the answer: it may bounce (this town's own choice)."""
MOST_TITLE, MOST_PURPOSE, MOST_REASON = 80, 1000, 1000
ANSWERERS: Final = frozenset({str(Role.OFFICER), str(Role.REFORM)})


@transaction.atomic
def ask(*, title: str, purpose: str, email: str, language: str, key: str, by: Actor) -> DataRequest:
    """Ask for data. The same key and text give the same request. Raises ActionRefused."""
    if not is_idempotency_key(key):
        raise ActionRefused(_("画面を開き直して、もう一度送ってください。"))
    title, purpose, email = _asked(title, purpose, email)
    body = hashlib.sha256(json.dumps([title, purpose, email]).encode()).hexdigest()
    if same := DataRequest.objects.filter(key=key).first():
        return _again(same, body)
    now = timezone.now()
    values = {
        "title": title, "purpose": purpose, "email": email, "language": language, "body": body, "at": now,
        "due": add_open_days(today(), ANSWER_DAYS),
    }  # fmt: skip
    made, new = DataRequest.objects.get_or_create(key=key, defaults=values)
    if not new:
        return _again(made, body)
    Step.objects.create(request=made, state=State.RECEIVED, at=now)
    return made


def _again(made: DataRequest, body: str) -> DataRequest:
    if made.body != body:
        raise ActionRefused(_("この画面からは、もう送られています。画面を開き直してください。"), conflict=True)
    return made


def _asked(title: str, purpose: str, email: str) -> tuple[str, str, str]:
    title, purpose = " ".join(written(title).split()), written(purpose)
    if not title or not purpose:
        raise ActionRefused(_("ほしいデータと、使いみちの両方を書いてください。"))
    for text, most in ((title, MOST_TITLE), (purpose, MOST_PURPOSE)):
        if len(text) > most:
            raise ActionRefused(_("%(limit)s文字以内で書いてください。") % {"limit": f"{most:,}"})
    if any(next(hits("", text), None) for text in (title, purpose)):
        raise ActionRefused(_("要望は公開します。電話番号、メールアドレス、住所などは書かないでください。"))
    try:
        return title, purpose, cleaned_email(email) or ""
    except Refused:
        raise ActionRefused(_("メールアドレスの形を確かめてください。")) from None


def may_answer(request: DataRequest, by: Actor) -> bool:
    """Whether the actor may act on it: the office that has it, the reform office, or anybody while nobody has it."""
    if by.officer is None or not by.roles & ANSWERERS:
        return False
    return str(Role.REFORM) in by.roles or not request.office or by.holds(request.office, ANSWERERS)


def _held(request: DataRequest, by: Actor) -> tuple[DataRequest, Officer]:
    held = DataRequest.objects.select_for_update().get(pk=request.pk)
    if by.officer is None or not may_answer(held, by):
        raise ActionRefused(_("担当課の職員だけができる操作です。"))
    if not held.is_open:
        raise ActionRefused(_("この要望には、すでに答えています。画面を読み直してください。"), conflict=True)
    return held, by.officer


@transaction.atomic
def take(request: DataRequest, *, office: str, by: Actor) -> Step:
    """An office takes the request, or hands it to another; its text is public from now on."""
    held, officer = _held(request, by)
    if office not in town().offices:
        raise ActionRefused(_("担当課を選んでください。"))
    if held.office == office:
        raise ActionRefused(_("すでにこの課が担当しています。"), conflict=True)
    return _stepped(held, State.AT_OFFICE, officer, office=office)


@transaction.atomic
def open_up(request: DataRequest, *, dataset: str, reason: str, by: Actor) -> Step:
    """Answer with a public dataset, and a word on it if wanted."""
    held, officer = _held(request, by)
    _must_be_taken(held)
    found = Dataset.objects.filter(code=dataset, is_public=True).first()
    if found is None:
        raise ActionRefused(_("公開されているデータを選んでください。"))
    held.dataset = found
    return _stepped(held, State.OPENED, officer, reason=_reason(reason))


@transaction.atomic
def refuse(request: DataRequest, *, reason: str, by: Actor) -> Step:
    """Say that it cannot be opened, and why; the reason is public."""
    held, officer = _held(request, by)
    _must_be_taken(held)
    reason = _reason(reason)
    if len(reason) < 10:
        raise ActionRefused(_("公開できない理由を、10文字以上で書いてください。"))
    return _stepped(held, State.REFUSED, officer, reason=reason)


def _must_be_taken(held: DataRequest) -> None:
    if not held.office:
        raise ActionRefused(_("先に担当課を決めてください。"))


def _reason(given: str) -> str:
    return written(given, MOST_REASON)


def _stepped(held: DataRequest, state: State, officer: Officer, *, office: str = "", reason: str = "") -> Step:
    held.state, held.office = state, office or held.office
    held.save(update_fields=["state", "office", "dataset"])
    step = Step.objects.create(
        request=held, state=state, office=held.office, reason=reason, by=officer, at=timezone.now()
    )
    letters.queue(step)
    return step


def forget_askers() -> int:
    """Remove the addresses of those who were answered long ago, with what could confirm a guess; how many."""
    before = timezone.now() - KNOWN_FOR
    answered = DataRequest.objects.filter(state__in=[State.OPENED, State.REFUSED]).exclude(steps__at__gte=before)
    return answered.exclude(email="").update(email="", body="")
