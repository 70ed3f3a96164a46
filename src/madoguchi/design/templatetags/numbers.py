"""How numbers stand on a page: in a tile, in a cell of a table, in a picture; the same everywhere.

None is a number that is not published because it could point at persons: 非公表 in a tile, x in a table (as Japanese
statistics write it), never 0.
"""

from decimal import Decimal
from typing import Final, Literal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from madoguchi.foundation.numbers import with_unit

from ..said_once import NONE, UNSAID_TILE, said_once

register = template.Library()
Kind = Literal["count", "percent", "mean", "whole"]
WRITTEN: Final = {"count": "{:,.10g}", "percent": "{:.0%}", "mean": "{:.1f}", "whole": "{:,.0f}"}


@register.filter
def number(value: object) -> str:
    """A number without needless decimals: 94.8, 22,000; a dash where there is none."""
    return written(value) if isinstance(value, int | float | Decimal) else NONE


@register.filter
def said_number(value: float | None) -> str:
    """A number as everybody may see it; where it could point at persons, the word that says so."""
    return _("非公表") if value is None else written(value)


@register.filter
def in_unit(value: object, unit: str) -> str:
    """A number with its unit: 6,630枚, 6,630 sheets."""
    return with_unit(number(value), unit)


@register.filter
def after_number(unit: str) -> str:
    """A unit that has an element of its own beside its number: with the space that belongs before it."""
    return with_unit("", unit)


@register.filter
def percent(value: float | None) -> str:
    """A share, 0 to 1, as percent; a dash where it is not published."""
    return NONE if value is None else written(value, "percent")


def written(value: float | Decimal, kind: Kind = "count") -> str:
    """The figures of a number: 22,000; 94%; 4.1; 22."""
    return WRITTEN[kind].format(float(value))


register.simple_block_tag(said_once, name="said_once", end_name="endsaid_once")


@register.simple_tag
def tile(label: str, value: float | None, kind: Kind = "count", *, figure: str = "", of: str = "") -> SafeString:
    """A number that answers a question. `figure` and `of` name it, so that a test can hold it beside others."""
    text, more = (_("非公表"), f" {UNSAID_TILE}") if value is None else (written(value, kind), "")
    named = format_html(' data-figure="{}" data-of="{}"', figure, of) if figure else ""
    return format_html(
        '<div class="stat"><dt class="stat__label">{}</dt><dd class="stat__value{}"{}>{}</dd></div>',
        label, more, named, text,
    )  # fmt: skip


@register.simple_tag
def cell(value: float | str | None, kind: Kind = "count", *, figure: str = "", of: str = "") -> SafeString:
    """A cell of a table with a number, aligned with those above it; text (a dash: there is none) as it stands."""
    named = format_html(' data-figure="{}" data-of="{}"', figure, of) if figure else ""
    if value is None:
        return format_html(
            '<td class="dads-table__number"{}><span class="unsaid" aria-hidden="true">x</span>'
            '<span class="visually-hidden">{}</span></td>', named, _("非公表"),
        )  # fmt: skip
    text = value if isinstance(value, str) else written(value, kind)
    return format_html('<td class="dads-table__number"{}>{}</td>', named, text)
