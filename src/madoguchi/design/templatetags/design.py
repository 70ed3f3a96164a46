"""How days, moments, money and people are written in the reader's language."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from madoguchi.foundation.dates import format_date
from madoguchi.foundation.money import yen as in_yen

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """A day: 令和8年11月23日, 23 November 2026."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    return format_date(value, get_language() or "ja")


@register.filter
def moment(value: datetime | None) -> str:
    """A day and the time of day in the town."""
    return f"{day(value)} {timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def yen(value: int | None) -> str:
    """18,300円, ¥18,300."""
    return "" if value is None else in_yen(value, get_language() or "ja")


@register.filter
def people(value: int) -> str:
    """So many people: 2名, 2 people."""
    return ngettext("%(count)s名", "%(count)s名", value) % {"count": value}
