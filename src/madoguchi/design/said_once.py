"""A table whose column says 非公表 in every row says so once: the column goes, and a sentence names it.

Nothing is told by it that was not told before: a total that was said stays said, in the sentence.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

UNSAID: Final = 'class="unsaid"'
UNSAID_TILE: Final = "stat__value--unsaid"
NONE: Final = "–"
TABLE: Final = re.compile(r"<table\b.*?</table>", re.DOTALL)
BODY: Final = re.compile(r"<tbody>(.*?)</tbody>", re.DOTALL)
FOOT: Final = re.compile(r"<tfoot>(.*?)</tfoot>", re.DOTALL)
ROW: Final = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL: Final = re.compile(r"<(t[hd])\b[^>]*>.*?</\1>", re.DOTALL)
TILE: Final = re.compile(r'<div class="stat">.*?</div>', re.DOTALL)
LABEL: Final = re.compile(r"<dt[^>]*>(.*?)</dt>", re.DOTALL)


def said_once(content: str) -> SafeString:
    """A table in its region, or a grid of tiles, without what is not published anywhere in it, and the sentence."""
    table = TABLE.search(content)
    return _table(content, table[0]) if table else _tiles(content)


def _table(html: str, table: str) -> SafeString:
    rows, body, foot = _cells(table), _cells(BODY.search(table)), _cells(FOOT.search(table))
    gone = [n for n in range(len(rows[0])) if _is_unsaid([row[n] for row in body])] if _is_even(rows) and body else []
    if not gone:
        return mark_safe(html)  # noqa: S308 # rendered and escaped by the template around it
    told = [_told(rows[0][n], [row[n] for row in foot]) for n in gone]
    numbers = [n for n, cell in enumerate(rows[0]) if "dads-table__number" in cell]
    if set(numbers) <= set(gone):
        title = _text(table[: table.index("</caption>")]) if "</caption>" in table else ""
        return _sentence(told, title)
    left = ROW.sub(lambda row: _without(row[0], gone), table)
    return mark_safe(html.replace(table, left) + _sentence(told))  # noqa: S308 # as above


def _tiles(html: str) -> SafeString:
    gone = [tile for tile in TILE.findall(html) if UNSAID_TILE in tile]
    if not gone:
        return mark_safe(html)  # noqa: S308 # as above
    sentence = _sentence([_text(LABEL.findall(tile)[0]) for tile in gone])
    left = TILE.sub(lambda tile: "" if tile[0] in gone else tile[0], html)
    return mark_safe(left + sentence) if TILE.search(left) else sentence  # noqa: S308 # as above


def _cells(part: str | re.Match[str] | None) -> list[list[str]]:
    text = part[0] if isinstance(part, re.Match) else part or ""
    return [[cell[0] for cell in CELL.finditer(row)] for row in ROW.findall(text)]


def _is_even(rows: Sequence[Sequence[str]]) -> bool:
    return len({len(row) for row in rows}) == 1


def _is_unsaid(cells: Sequence[str]) -> bool:
    return any(UNSAID in cell for cell in cells) and all(UNSAID in cell or _text(cell) == NONE for cell in cells)


def _without(row: str, gone: Sequence[int]) -> str:
    for n, cell in reversed(list(enumerate(CELL.finditer(row)))):
        if n in gone:
            row = row[: cell.start()].rstrip() + row[cell.end() :]
    return row


def _told(head: str, foot: Sequence[str]) -> str:
    total = next(_totals(foot), "")
    return _("%(what)s（合計 %(total)s）") % {"what": _text(head), "total": total} if total else _text(head)


def _totals(foot: Sequence[str]) -> Iterator[str]:
    yield from (_text(cell) for cell in foot if UNSAID not in cell and _text(cell) != NONE)


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(html)).strip()


def _sentence(told: Sequence[str], title: str = "") -> SafeString:
    text = _("数が少ないため公表していないもの：%(what)s") % {"what": _("、").join(told)}
    return format_html('<p class="note">{}{}{}</p>', title, _("。") if title else "", text)
