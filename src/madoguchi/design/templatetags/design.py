"""How days, moments, money and people are written in the reader's language."""

from datetime import date, datetime

from django import template
from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from madoguchi.foundation.dates import format_date, parse_part
from madoguchi.foundation.languages import language
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
def html_lang(code: str) -> str:
    """What browsers call a language."""
    return language(code).tag


@register.filter
def region(code: str) -> str:
    """What previews of a page call its language."""
    return language(code).region


@register.filter
def month(value: date | None) -> str:
    """A month: 令和8年11月, November 2026."""
    return format_date(value, get_language() or "ja", "month") if value else ""


@register.filter
def when(text: str) -> str:
    """A date as exact as its source: 2021-03 → 令和3年3月, FY2022 → 令和4年度; a word where there is none."""
    if not text:
        return _("時点の記載なし")
    day, part = parse_part(text)
    return format_date(day, get_language() or "ja", part)


@register.filter
def moment(value: datetime | None) -> str:
    """A day and the time of day in the town."""
    return f"{day(value)} {timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def iso(value: date | None) -> str:
    """For programs (addresses, `datetime`, date fields): 2026-11-30; a moment with its zone."""
    if value is None:
        return ""
    return timezone.localtime(value).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


@register.filter
def clock(value: datetime | None) -> str:
    """The time of day in the town: 09:30."""
    return f"{timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def short_day(value: date) -> str:
    """A day in a calendar, whose month stands above it: 11/30."""
    return f"{value.month}/{value.day}"


@register.filter
def yen(value: int | None) -> str:
    """18,300円, ¥18,300."""
    return "" if value is None else in_yen(value, get_language() or "ja")


@register.filter
def people(value: int) -> str:
    """So many people: 2名, 2 people."""
    return ngettext("%(count)s名", "%(count)s名", value) % {"count": value}


@register.filter(is_safe=True)
def before_bar(title: str) -> str:
    """What a title says before its first ｜: 内容の確認｜飲食店営業許可 is 内容の確認 below that procedure."""
    return title.partition("｜")[0].strip()


class Remembered(Node):
    """What stands inside, written here and remembered under a name for what comes below in the same template."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Context) -> SafeString:
        """Write it, and remember it."""
        context[self.name] = self.nodelist.render(context)
        text: SafeString = context[self.name]
        return text


@register.tag
def remember(parser: Parser, token: Token) -> Remembered:
    """`{% remember page_title %}{% block title %}…{% endremember %}`: the breadcrumb's last item is the title."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return Remembered(nodelist, name)


@register.simple_block_tag(end_name="endonce_more")
def once_more(content: str, label: str, lost: str, typed: str = "", size: str = "md") -> SafeString:
    """What cannot be undone asks once more: the first press opens what is lost and the button that does it.

    Works without scripts. `typed`: what was typed inside; where there is any, it stands open. `size`: of the first.
    """
    told = {"content": content, "label": label, "lost": lost, "is_open": bool(typed), "size": size}
    return render_to_string("design/once_more.html", told)
