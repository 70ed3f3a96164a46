"""How projects, moments and keywords are said in the reader's language."""

import re

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.people.town import town

from .format import Words
from .rules import Quarter


def language() -> str:
    """The reader's language."""
    return get_language() or "ja"


def said(words: Words | None) -> str:
    """A text of the data in the reader's language, or in Japanese."""
    return words.in_language(language()) if words else ""


def moment(text: str) -> str:
    """2021-03 → 2021年3月; FY2022 → 2022年度; empty where the source gives no date."""
    if not text:
        return _("時点の記載なし")
    if found := re.fullmatch(r"FY(\d{4})", text):
        return _("%(year)s年度") % {"year": found[1]}
    year, month, day = [*map(int, text.split("-")), 0, 0][:3]
    if not month:
        return _("%(year)s年") % {"year": year}
    if not day:
        return _("%(year)s年%(month)s月") % {"year": year, "month": month}
    return _("%(year)s年%(month)s月%(day)s日") % {"year": year, "month": month, "day": day}


def quarter(value: Quarter) -> str:
    """2026年度第1四半期."""
    return _("%(year)s年度第%(number)s四半期") % {"year": value.fiscal_year, "number": value.number}


def keyword(tag: str) -> str:
    """A keyword of the strategy."""
    names = {
        "speed": _("スピード"),
        "open": _("オープン"),
        "design": _("デザイン思考"),
        "agile": _("アジャイル"),
        "visible": _("見える化"),
    }
    return names[tag]


def less(code: str) -> str:
    """One of the five lesses."""
    names = {
        "paper": _("ペーパーレス"),
        "seal": _("はんこレス"),
        "fax": _("FAXレス"),
        "cash": _("キャッシュレス"),
        "touch": _("タッチレス"),
    }
    return names[code]


def kind(code: str) -> str:
    """The kind of a project."""
    names = {
        "core": _("コア・プロジェクト"),
        "theme": _("リーディング・プロジェクトのテーマ"),
        "leading": _("リーディング・プロジェクト"),
    }
    return names[code]


def bureau(code: str) -> str:
    """The name of a bureau."""
    found = town().bureaus.get(code)
    return found.in_language(language()) if found else code
