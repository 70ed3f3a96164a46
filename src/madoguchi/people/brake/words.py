"""When it goes on, as a sentence."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.design import errors
from madoguchi.design.templatetags.design import day


def too_often(request: HttpRequest) -> HttpResponse:
    """429 of django-allauth, whose own limits are of five minutes at most (`handler429`)."""
    until = timezone.now() + timedelta(minutes=5)
    return errors.too_many(request, sentence(until), until=until)


def sentence(until: datetime) -> str:
    """That too much came, and from which minute it goes on; with the day when that is not today."""
    return _("たくさん送られたので、いったん止めています。%(when)sからまた送れます。") % {"when": when(until)}


def when(until: datetime) -> str:
    """The first whole minute from which it goes on."""
    minute = timezone.localtime(until + timedelta(minutes=1, microseconds=-1)).replace(second=0, microsecond=0)
    told = _("%(hour)s時%(minute)s分") % {"hour": minute.hour, "minute": f"{minute.minute:02}"}
    return told if minute.date() == timezone.localdate() else f"{day(minute)} {told}"
