"""How projects, moments and keywords are said in the reader's language."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.design.templatetags.design import when
from madoguchi.town.offices import town

from .format import Words
from .rules import Quarter


def language() -> str:
    """The reader's language."""
    return get_language() or "ja"


def said(words: Words | None) -> str:
    """A text of the data in the reader's language, or in Japanese."""
    return words.in_language(language()) if words else ""


def quarter(value: Quarter) -> str:
    """令和8年度第1四半期."""
    return _("%(year)s第%(number)s四半期") % {"year": when(f"FY{value.fiscal_year}"), "number": value.number}


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
