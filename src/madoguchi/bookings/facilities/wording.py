"""Facilities and categories in words, and where a proof must be seen: what tickets, gates and boards show."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from . import format
from .directory import facilities


class Category(NamedTuple):
    """A category in the reader's language.

    `check` says what to look at before admitting, "" where nothing; `told` what visitors are told of that.
    """

    name: str | Promise
    check: str | Promise = ""
    told: str | Promise = ""


USUAL = {
    "adult": Category(_("一般")),
    "student": Category(_("学生"), _("学生証を見せてもらってください。")),
    "child": Category(_("小学生・中学生")),
    "infant": Category(_("未就学児")),
    "senior": Category(_("65歳以上"), _("年齢の分かるものを見せてもらってください。")),
    "disability": Category(_("障害者手帳をお持ちの方"), _("障害者手帳を見せてもらってください。")),
    "companion": Category(_("付き添いの方"), _("付き添う相手と一緒か確かめてください。")),
    "group": Category(_("団体"), _("人数を数えてください。")),
    "annual-pass": Category(_("年間パスポート"), _("本人か確かめてください。")),
    "appointment": Category(_("窓口の予約")),
}
"""Codes that facilities share; a code that is not here is shown as it is."""


def facility_name(code: str) -> str:
    """A facility's name in the reader's language; its code where no definition is known."""
    found = facilities().get(code)
    return found.name.said(_language()) if found else code


def facility_names() -> dict[str, str]:
    """Every facility's name in the reader's language, by code."""
    return {code: facility_name(code) for code in facilities()}


def address(code: str) -> str:
    """Where a facility is, in the reader's language; "" where no definition is known."""
    found = facilities().get(code)
    return found.place.address.said(_language()) if found else ""


def category(facility: str, code: str) -> Category:
    """A category of a facility; the usual words for a code that its definition has (or had) no own words for."""
    return _defined(facility).get(code) or USUAL.get(code, Category(code))


def categories(facility: str) -> dict[str, Category]:
    """Every category that tickets of a facility may have, by code, as `category` names it."""
    return USUAL | _defined(facility)


def _defined(facility: str) -> dict[str, Category]:
    found, language = facilities().get(facility), _language()
    offered = [one for offer in found.offers for one in offer.categories] if found else []
    return {
        one.code: Category(one.name.said(language), one.check.said(language) if one.check else "", told(one, language))
        for one in offered
    }


def told(one: format.Category, language: str) -> str:
    """What visitors are told of the check at the entrance; "" where nothing is checked."""
    if one.check is None:
        return ""
    return one.told.said(language) if one.told else gettext("入口で、この区分にあてはまるかを確かめます。")


def _language() -> str:
    return get_language() or "ja"


def needs_check(facility: str, code: str) -> bool:
    """Whether a proof must be seen before admitting."""
    return bool(category(facility, code).check)
