"""Verbs: rate."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases import events
from madoguchi.cases.models import Case
from madoguchi.people.actor import Actor
from madoguchi.platform.refusing import ActionRefused, written

from .models import Rating

MAX_COMMENT = 1000


@transaction.atomic
def rate(case: Case, *, score: int, comment: str, by: Actor) -> Rating:
    """Rate the service, or change the rating given before. Raises ActionRefused."""
    case = events.lock(case)
    if by.kind != "applicant" or case.reference not in by.references:
        raise ActionRefused(_("評価ができるのは申請した方だけです。"))
    if score not in range(1, 6):
        raise ActionRefused(_("評価は1から5の中から選んでください。"))
    if len(comment) > MAX_COMMENT:
        raise ActionRefused(_("ご意見は%(limit)s文字以内で入力してください。") % {"limit": MAX_COMMENT})
    given, _new = Rating.objects.update_or_create(
        case=case, defaults={"score": score, "comment": written(comment), "at": timezone.now()}
    )
    events.append(case, "rated", by=by, data={"score": score})
    return given
