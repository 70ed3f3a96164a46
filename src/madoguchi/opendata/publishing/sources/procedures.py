"""The catalogue of procedures in the columns of the national inventory, and the four that a prefecture adds.

A column that the definition does not answer stays empty: nothing is guessed. Counts are those of the last fiscal year.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.conf import settings

from madoguchi.catalogue.format import Procedure
from madoguchi.catalogue.queries import current
from madoguchi.figures.queries import figures, publishable
from madoguchi.platform.calendar import today
from madoguchi.town.offices import town

from ..columns import Column, Row, Value
from ..inventory import COLUMNS, KEY, NAMES, joined
from .base import Source

ADDED: Final = (
    Column("審査基準URL", description="手続のページ。要件と審査の基準が書いてある。"),
    Column("標準処理期間日数", "integer", description="期間の単位は「処理期間(オンライン)」の列にある。"),
    Column("様式", description="申請フォームのURL。"),
    Column("担当課"),
)


def sources() -> Iterator[Source]:
    """The one dataset."""
    yield Source(
        code="procedures",
        title=("手続の一覧", "Catalogue of procedures", "手続（てつづき）の 一覧"),
        description=(
            "この窓口で受け付けている手続の一覧です。国の「行政手続等の棚卸」の46列に、"
            "審査基準、標準処理期間、様式、担当課を加えています。件数は前の年度のもので、5件より少ないものは空欄です。",
            "All procedures of this counter in the 46 columns of the national inventory, with criteria, standard "
            "period, form and office. Counts are of the last fiscal year; fewer than five are left empty.",
            "この 窓口で できる 手続の 一覧です。",
        ),
        office="reform",
        theme="government",
        columns=(*COLUMNS, *ADDED),
        key=KEY,
        rows=rows,
        tags=("手続", "行政手続等の棚卸"),
    )


def rows() -> Iterator[Row]:
    """One row for each procedure that is published now."""
    counts = _counts()
    for code, listed in current().items():
        procedure = listed.compiled.procedure
        told = {**_what(procedure), **_how(procedure), **counts.get(code, {})}
        yield (*(told.get(name) for name in NAMES), *_added(procedure))


def _what(procedure: Procedure) -> dict[str, Value]:
    first, *others = procedure.law
    who: dict[tuple[str, ...], str] = {("person",): "5 国民等", ("corporation",): "6 民間事業者等"}
    return {
        "手続ID": procedure.code, "手続名": procedure.name, "法令名": first.name, "根拠条項号": first.article,
        "関連する根拠法令": joined(str(law) for law in others), "手続類型": "1 申請等",
        "手続主体": who.get(tuple(procedure.audience), "7 国民等、民間事業者等"), "手続の受け手": "3 地方等",
        "事務区分": "1 自治事務" if procedure.regime == "ordinance" else None,
        "申請を提出する機関": _office(procedure),
    }  # fmt: skip


def _how(procedure: Procedure) -> dict[str, Value]:
    period = procedure.standard_period
    unit = "開庁日" if period and period.unit == "working" else "日"
    files = any(one.uploads for _id, one in procedure.every_question())
    lasts = f"{period.days}{unit}" if period else procedure.standard_period_note
    return {
        "オンライン化の実施状況": "1 実施済",
        "手数料等の納付有無": "2 手数料等有り" if procedure.fee else "1 手数料等無し",
        "処理期間(オンライン)": lasts, "処理期間(非オンライン)": lasts,
        "情報システム(申請)": f"{town().name}バーチャル窓口",
        "情報システム(事務処理)": f"{town().name}バーチャル窓口",
        "申請時に添付させる書類": "その他の添付書類" if files else "添付書類なし",
        "添付書類等の提出方法": "0 電子・原紙を選択可能" if files else None,
        "添付書類等への電子署名": "1 電子署名は必要ない" if files else None,
    }  # fmt: skip


def _added(procedure: Procedure) -> Row:
    period = procedure.standard_period
    address = f"{settings.PUBLIC_URL}/procedures/{procedure.code}/"
    return address, period.days if period else None, f"{address}apply/", _office(procedure)


def _office(procedure: Procedure) -> str:
    office = town().offices.get(procedure.office)
    return office.name if office else procedure.office


def _counts() -> dict[str, dict[str, Value]]:
    """Received in the last fiscal year; both ways are left out where one of them could be reckoned to be under five."""
    year = today().year - (1 if today().month >= 4 else 2)
    found: dict[str, dict[str, Value]] = {}
    for row in figures("procedure", since=date(year, 4, 1), until=date(year + 1, 3, 1)):
        ways = (publishable(row.online), publishable(row.received - row.online))
        online, other = (None, None) if None in ways else ways
        found[row.procedure] = {
            "総手続件数": publishable(row.received), "オンライン手続件数": online, "非オンライン手続件数": other
        }  # fmt: skip
    return found
