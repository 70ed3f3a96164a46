"""The tags of a PDF for readers that read aloud: what typst cannot say of a table by itself."""

import io
from collections.abc import Iterator
from typing import Any

from madoguchi.foundation.later import Later

pikepdf: Any = Later("pikepdf")


def with_row_headers(pdf: bytes) -> bytes:
    """The first cell of each row becomes its header (TH, scope Row) in every table that has no head of columns.

    PDF/UA-1 (ISO 14289-1, 7.5) asks for header cells; typst 0.15 has them for columns only. Equal input gives equal
    output. Without such a table nothing is written anew.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        rows = [row for table in _tables(opened.Root.StructTreeRoot.get("/K")) for row in _rows(table)]
        if not rows:
            return pdf
        for first, *others in rows:
            first.S = pikepdf.Name.TH
            first.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
            for cell in others:
                _forget_headers(cell)
        out = io.BytesIO()
        opened.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
        return out.getvalue()


def _elements(kids: Any) -> Iterator[Any]:
    """The structure elements among the kids of one: not the marked pieces of a page's content."""
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid


def _tables(kids: Any) -> Iterator[Any]:
    for element in _elements(kids):
        if pikepdf.Name.Table == element.S:
            yield element
        else:
            yield from _tables(element.get("/K"))


def _rows(table: Any) -> Iterator[list[Any]]:
    """The cells of each row, none where the table has a head."""
    parts = list(_elements(table.get("/K")))
    if any(pikepdf.Name.THead == part.S for part in parts):
        return
    rows = (row for part in parts for row in ([part] if part.S == pikepdf.Name.TR else _elements(part.get("/K"))))
    for row in rows:
        yield list(_elements(row.get("/K")))


def _forget_headers(cell: Any) -> None:
    """typst says of each cell that it has no header: then readers would not look for that of its row."""
    attributes = cell.get("/A")
    for one in attributes if isinstance(attributes, pikepdf.Array) else [attributes]:
        if isinstance(one, pikepdf.Dictionary) and "/Headers" in one and not len(one.Headers):
            del one.Headers
