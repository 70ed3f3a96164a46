"""Figures and ratings counted from the record: nothing under five, nothing that could be subtracted from a total."""

from collections.abc import Iterator
from typing import Final

from madoguchi.catalogue.queries import current
from madoguchi.figures.publishing import published
from madoguchi.figures.queries import LEAST, by_procedure

from ..columns import Column, Row, Value
from .base import Source

COUNTS: Final = {
    "received": ("受付件数", "received"), "online": ("うちオンライン", "of these online"),
    "corrected": ("補正のあった件数", "needed a correction"), "decided": ("決定・完了件数", "decided"),
    "promised": ("標準処理期間のある決定", "decided with a standard period"),
    "in_time": ("うち約束の日までに決定", "of these in time"), "withdrawn": ("取下げ", "withdrawn"),
    "timed": ("入力時間の分かる件数", "told their time in the form"), "ratings": ("評価の数", "ratings"),
}  # fmt: skip
SHARES: Final = {
    "median_days": ("日数の中央値", "median days", "integer"),
    "p90_days": ("9割が終わる日数", "90th percentile, days", "integer"),
    "minutes": ("入力にかかった時間（平均・分）", "mean minutes in the form", "number"),
    "score": ("評価の平均（1から5）", "mean rating, 1 to 5", "number"),
}  # fmt: skip
_NAMED: Final = (
    Column("procedure", title="手続の番号", titles={"en": "code of the procedure"}),
    Column("name", title="手続名", titles={"en": "name of the procedure"}),
)
_MONTH: Final = Column("month", title="月", titles={"en": "month"})
_COUNTED: Final = tuple(Column(key, "integer", ja, titles={"en": en}) for key, (ja, en) in COUNTS.items())
_SHARED: Final = tuple(Column(key, kind, ja, titles={"en": en}) for key, (ja, en, kind) in SHARES.items())  # type: ignore[arg-type]
_STARS: Final = tuple(Column(f"score_{n}", "integer", f"評価{n}の数", titles={"en": f"rated {n}"}) for n in range(1, 6))


def sources() -> Iterator[Source]:
    """The months of every procedure, and how it was rated."""
    yield Source(
        code="service-figures",
        title=("手続ごと・月ごとの件数と日数", "Counts and days by procedure and month", "手続と 月ごとの 数"),
        description=(
            "受付、決定、補正、日数などを、案件の記録から自動で数えたものです。"
            "5件より少ないもの（0を除く）と、引き算で分かるものは空欄です。",
            "Counted from the record of cases. What stands for one to four cases, or could be reckoned from other "
            "figures, is left empty.",
            "申請の 数や かかった 日にちを 数えた ものです。",
        ),
        office="reform", theme="government", columns=(*_NAMED, _MONTH, *_COUNTED, *_SHARED),
        key=("procedure", "month"), rows=monthly, tags=("統計", "手続"),
    )  # fmt: skip
    yield Source(
        code="ratings",
        title=("手続ごとの評価", "Ratings by procedure", "手続ごとの 評価（ひょうか）"),
        description=(
            "手続を終えた方の評価（1から5）を数えたものです。"
            "5件より少ないものは空欄です。意見の文は含みません。",
            "How those who used a procedure rated it, 1 to 5. Fewer than five are left empty; no comments.",
            "手続を した 人の 評価です。",
        ),
        office="reform", theme="government", columns=(*_NAMED, _COUNTED[-1], _SHARED[-1], *_STARS), key=("procedure",),
        rows=rated, tags=("統計", "評価"),
    )  # fmt: skip


def _names() -> dict[str, str]:
    return {code: listed.compiled.procedure.name for code, listed in current().items()}


def monthly() -> Iterator[Row]:
    """One row for each procedure and month."""
    names = _names()
    for row, told in published("month"):
        month = f"{row.month:%Y-%m}" if row.month else None
        said = (*(told[key] for key in COUNTS), *(_rounded(told[key]) for key in SHARES))
        yield row.procedure, names.get(row.procedure, row.procedure), month, *said


def rated() -> Iterator[Row]:
    """One row for each procedure that was rated; how many gave which rating only where no number is one to four."""
    names = _names()
    for row in by_procedure():
        if row.ratings:
            told = row.published()
            is_whole = row.ratings >= LEAST and all(n == 0 or n >= LEAST for n in row.scores)
            stars: tuple[Value, ...] = row.scores if is_whole else (None,) * 5
            yield (
                row.procedure,
                names.get(row.procedure, row.procedure),
                told["ratings"],
                _rounded(told["score"]),
                *stars,
            )


def _rounded(value: float | int | None) -> Value:
    return round(value, 2) if isinstance(value, float) else value
