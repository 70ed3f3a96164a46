"""The tags of a PDF for readers that read aloud: what typst cannot say of a table by itself."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf


def with_row_headers(pdf: bytes) -> bytes:
    """The first cell of each row becomes its header (TH, scope Row) in every table that has no head of columns.

    PDF/UA-1 (ISO 14289-1, 7.5) asks for header cells; typst 0.15 has them for columns only. Equal input gives equal
    output. Without such a table nothing is written anew.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        cells = [cell for table in _tables(opened.Root.StructTreeRoot.get("/K")) for cell in _first_cells(table)]
        if not cells:
            return pdf
        for cell in cells:
            cell.S = pikepdf.Name.TH
            cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
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


def _first_cells(table: Any) -> Iterator[Any]:
    """The first cell of each row, none where the table has a head."""
    parts = list(_elements(table.get("/K")))
    if any(pikepdf.Name.THead == part.S for part in parts):
        return
    rows = (row for part in parts for row in ([part] if part.S == pikepdf.Name.TR else _elements(part.get("/K"))))
    for row in rows:
        yield from list(_elements(row.get("/K")))[:1]
