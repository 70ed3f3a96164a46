"""The quarter on paper: what the boards show, as a tagged PDF (PDF/UA-1) by typst with its compiler kept warm."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, time
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from madoguchi.cases.queries import channel_name
from madoguchi.catalogue.queries import procedure_name
from madoguchi.design.charts import WIDE, Chart
from madoguchi.design.templatetags.design import when
from madoguchi.design.templatetags.numbers import in_unit, number, percent
from madoguchi.figures.queries import LEAST
from madoguchi.foundation.dates import TOWN_TIME, format_date
from madoguchi.foundation.later import Later
from madoguchi.paper.glyphs import MissingGlyph, faces, typesetting
from madoguchi.platform.calendar import today
from madoguchi.town.offices import town

from . import queries, words
from .five_less import Board, Row, boards
from .kept import kept
from .quality import services
from .rules import Quarter

typst: Any = Later("typst")

PAPER = Path(__file__).parent / "paper"
_turn = threading.Lock()


def snapshot() -> tuple[Quarter, bytes]:
    """The last ended quarter and its PDF in the reader's language. The same content is the same bytes."""
    quarter = Quarter.of(today()).before()
    data = {**_content(quarter), "lang": "en" if words.language() == "en" else "ja"}
    data["region"] = "gb" if data["lang"] == "en" else "jp"
    known = faces(settings.FONTS_DIR)
    try:
        fonts = typesetting(_texts(data), known)
    except MissingGlyph as missing:
        # Nobody's name stands here: a character that no font has becomes 〓 and the quarter is still published.
        data = _replaced(data, str.maketrans(dict.fromkeys("".join(missing.characters), "〓")))
        fonts = typesetting(_texts(data), known)
    return quarter, _rendered(json.dumps({**data, **fonts}, ensure_ascii=False), today().isoformat())


@cache
def _compiler() -> Any:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[settings.FONTS_DIR])
    return typst.Compiler(root=PAPER, font_paths=fonts)


@lru_cache(maxsize=6)
def _rendered(data: str, day: str) -> bytes:
    """Rendered once for each content: visitors who ask again cost nothing."""
    with _turn:
        pdf = _compiler().compile(
            input=PAPER / "quarter.typ", format="pdf", sys_inputs={"document": data}, pdf_standards="ua-1",
            timestamp=int(datetime.combine(datetime.fromisoformat(day), time(), TOWN_TIME).timestamp()),
        )  # fmt: skip
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no PDF")
    return pdf


def _content(quarter: Quarter) -> dict[str, Any]:
    return {
        "title": _("改革の見える化") + " " + words.quarter(quarter),
        "town": town().in_language(words.language()),
        "as_of": format_date(today(), words.language()),
        "notice": _("これは実演用の資料です。県もプロジェクトも架空のものです。") if town().demo else "",
        "sections": [*_lesses(quarter), _quality(quarter), _projects(quarter)],
        "note": _("%(least)s件より少ない数から分かるものは公表しません。") % {"least": LEAST},
    }


def _section(title: str, head: list[str], rows: list[list[str]], **more: Any) -> dict[str, Any]:
    empty = _("公表できる数字はまだありません。")
    return {"title": title, "head": head, "rows": rows, "texts": [], "empty": empty, **more}


def _lesses(quarter: Quarter) -> Iterator[dict[str, Any]]:
    head = [_("指標"), _("時点"), _("値"), _("目標")]
    for board in boards(quarter.ends):
        rows = [_row(row) for row in board.rows]
        yield _section(words.less(board.less), head, rows, **_picture(board))


def _row(row: Row) -> list[str]:
    unit, last = words.said(row.indicator.unit), row.last
    value = in_unit(last.value, unit) if last else _("非公表") if any(one.fault for one in row.points) else "–"
    target = in_unit(row.target, unit) if row.target is not None else "–"
    return [words.said(row.indicator.name), when(last.as_of) if last else "–", value, target]


def _picture(board: Board) -> dict[str, str]:
    """The trend of the first indicator that has one; its numbers are also on the page of the indicator."""
    for row in board.rows:
        points = [(point.as_of, point.value) for point in row.points]
        drawn = Chart(words.said(row.indicator.name), "line", points, target=row.target, frame=WIDE)
        if drawn.strokes:
            first, last = row.points[0], row.points[-1]
            span = f"{when(first.as_of)} – {when(last.as_of)}"
            return {"image": _svg(drawn), "alt": f"{drawn.title} {span}"}
    return {}


def _svg(drawn: Chart) -> str:
    left, right, frame = drawn.frame.left, drawn.right, drawn.frame
    aim = "" if drawn.aim is None else (
        f'<line x1="{left}" x2="{right}" y1="{drawn.aim}" y2="{drawn.aim}" stroke="#8b1b0b" stroke-dasharray="8 6"/>'
    )  # fmt: skip
    grid = "".join(
        f'<line x1="{left}" x2="{right}" y1="{one.at}" y2="{one.at}" stroke="#d8dce0"/>' for one in drawn.heights
    )
    labels = "".join(
        f'<text x="{left - 8}" y="{one.at + 5}" text-anchor="end">{one.label}</text>' for one in drawn.heights
    ) + "".join(f'<text x="{one.at}" y="{drawn.foot}" text-anchor="middle">{one.label}</text>' for one in drawn.moments)
    grid += f'<g font-family="BIZ UDPGothic" font-size="14" fill="#4d545c">{labels}</g>'
    dots = "".join(f'<circle cx="{one.x}" cy="{one.y}" r="5" fill="#1f3a5f"/>' for one in drawn.drawn)
    lines = "".join(
        f'<polyline points="{one}" fill="none" stroke="#1f3a5f" stroke-width="3"/>' for one in drawn.strokes
    )
    size = f'width="{frame.width}" height="{frame.height}" viewBox="{drawn.box}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{grid}{aim}{lines}{dots}</svg>'


def _quality(quarter: Quarter) -> dict[str, Any]:
    head = [_("手続"), _("受付経路"), _("受付"), _("評価"), _("日数の中央値"), _("約束を守った割合")]
    rows = [
        [
            procedure_name(one.procedure), channel_name(one.channel), number(one.told["received"]),
            number(round(one.told["score"], 1) if one.told["score"] is not None else None),
            number(one.told["median_days"]), percent(one.told["kept_share"]),
        ]
        for one in services(quarter.ends)
    ]  # fmt: skip
    return _section(_("サービスの質"), head, rows)


def _projects(quarter: Quarter) -> dict[str, Any]:
    own = [ref for ref in kept().projects if kept().edition_of(ref).fictional]
    reports = queries.quarters_of(own)
    texts = []
    for ref in own:
        one = next((held for held in reports[ref] if held.quarter == quarter), None)
        report = one.report if one else None
        lines = (
            [_("進捗") + ": ", *report.progress.splitlines(), _("今後の取組") + ": ", *report.next.splitlines()]
            if report
            else [_("報告はまだありません。")]
        )
        late = _("%(n)s日の遅れ") % {"n": one.late} if one and one.late else ""
        texts.append({"title": words.said(kept().projects[ref].name), "state": late, "lines": lines})
    return _section(_("四半期の報告"), [], [], texts=texts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for key, part in value.items() if key != "image" for text in _texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _texts(part))


def _replaced(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, dict):
        return {key: _replaced(part, table) for key, part in value.items()}
    return [_replaced(part, table) for part in value] if isinstance(value, list) else value
