"""What the reform office publishes as open data: every indicator's values, and the reports of the projects."""

from collections.abc import Iterator
from typing import Final

from madoguchi.opendata.publishing.columns import Column, Row
from madoguchi.opendata.publishing.sources import Source

from .kept import kept
from .queries import points, quarters_of

INDICATORS: Final = (
    Column("indicator", title="指標の番号", titles={"en": "code of the indicator"}),
    Column("name", title="指標名", titles={"en": "name"}),
    Column("as_of", title="時点", titles={"en": "as of"}),
    Column("place", "integer", title="同じ時点の中の順", titles={"en": "order within the same date"}),
    Column("value", "number", title="値", titles={"en": "value"}),
    Column("numerator", "number", title="分子", titles={"en": "numerator"}),
    Column("denominator", "number", title="分母", titles={"en": "denominator"}),
    Column("unit", title="単位", titles={"en": "unit"}),
    Column("source", title="出所", titles={"en": "source"}),
)
REPORTS: Final = (
    Column("project", title="プロジェクト", titles={"en": "project"}),
    Column("name", title="プロジェクト名", titles={"en": "name"}),
    Column("quarter", title="四半期", titles={"en": "quarter"}),
    Column("revision", "integer", title="改訂", titles={"en": "revision"}),
    Column("progress", title="進んだこと", titles={"en": "progress"}),
    Column("next", title="次にすること", titles={"en": "next"}),
    Column("days_late", "integer", title="遅れ（日）", titles={"en": "days late"}),
)


def sources() -> Iterator[Source]:
    """The two datasets."""
    yield Source(
        code="indicators",
        title=("改革の指標", "Indicators of the reform", "改革（かいかく）の 指標"),
        description=(
            "改革の指標の値です。記録から計算したもの、証拠とともに入力したもの、出所のある過去の公表値です。"
            "出所により値が違うときは、両方があります。5件より少ないものに基づく値は空欄です。",
            "Values of the reform's indicators: computed from the record, entered with evidence, or published before "
            "with their source; where sources differ, both stand. What rests on fewer than five is left empty.",
            "改革が 進んで いるかを みる 数です。",
        ),
        office="reform",
        theme="government",
        columns=INDICATORS,
        key=("indicator", "as_of", "place"),
        rows=indicator_rows,
        tags=("改革", "指標"),
    )
    yield Source(
        code="project-reports",
        title=("改革プロジェクトの報告", "Reports of the reform projects", "改革の 報告（ほうこく）"),
        description=(
            "改革プロジェクトの四半期ごとの報告です。まだ出ていない報告は、本文が空欄です。",
            "Quarterly reports of the reform projects. A report that is missing stands without a text.",
            "改革の 仕事の 報告です。",
        ),
        office="reform",
        theme="government",
        columns=REPORTS,
        key=("project", "quarter"),
        rows=report_rows,
        tags=("改革",),
    )


def indicator_rows() -> Iterator[Row]:
    """One row for each value of each indicator."""
    for code, indicator in kept().indicators.items():
        seen: dict[str, int] = {}
        for point in points(indicator):
            seen[point.as_of] = seen.get(point.as_of, 0) + 1
            yield (
                code, indicator.name.ja, point.as_of, seen[point.as_of], point.value, point.numerator,
                point.denominator, indicator.unit.ja, point.source or indicator.source,
            )  # fmt: skip


def report_rows() -> Iterator[Row]:
    """One row for each quarter of each project, the valid revision only; nobody's name."""
    for ref, quarters in quarters_of(list(kept().projects)).items():
        for one in quarters:
            said = (one.report.revision, one.report.progress, one.report.next) if one.report else (None, None, None)
            name = f"{one.quarter.fiscal_year}-Q{one.quarter.number}"
            yield ref, kept().projects[ref].name.ja, name, *said, one.late if one.report else None
