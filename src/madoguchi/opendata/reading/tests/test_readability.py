"""Each rule of machine readability names the cell; files that hide or swell are seen through before they are read."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.comments import Comment

from madoguchi.opendata.checking.search import scan
from madoguchi.opendata.publishing.profile import profile, twice, type_of
from madoguchi.opendata.reading import reading, sheets, workbook
from madoguchi.opendata.reading.readability import cell, check

from ...tests.clean import CLEAN

HEAD = ["番号", "名称", "人数", "日付"]
ROW = ["1", "中央", "10", "2026-01-01"]
MORE = [["2", "北", "20", "2026-01-02"], ["3", "南", "30", "2026-01-03"]]


def told(*rows):
    return [(fault.code, fault.place) for fault in check([*rows])]


def book(change, rows=(HEAD, ROW, *MORE)):
    made = openpyxl.Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(list(row))
    change(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def of_file(content):
    sheet = sheets.read(content)
    return {(fault.code, fault.place) for fault in (*sheet.faults, *check(sheet.rows))}


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_table_has_no_fault(name):
    header, rows, _allowed = CLEAN[name]
    assert told(header, *rows) == []


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([["施設の一覧", "", "", ""], HEAD, ROW], ("title-above", "A1")),
        ([["番号", "", "人数", "日付"], ROW, *MORE], ("header-empty", "B1")),
        ([["番号", "番号", "人数", "日付"], ROW, *MORE], ("header-twice", "B1")),
        ([["番号", "名\n称", "人数", "日付"], ROW, *MORE], ("header-line-break", "B1")),
        ([["番号", "2024", "人数", "日付"], ROW, *MORE], ("header-number", "B1")),
        ([["番号", "名　称", "人数", "日付"], ROW, *MORE], ("header-spaces", "B1")),
        ([["番号", "_id", "人数", "日付"], ROW, *MORE], ("header-name", "B1")),
        ([HEAD], ("no-rows", "A2")),
        ([HEAD, ["", "", "男", ""], ROW, *MORE], ("header-two-rows", "C2")),
        ([HEAD, ROW, ["", "", "", ""], *MORE], ("blank-row", "3:3")),
        ([HEAD, ROW, ["", "", "", ""], HEAD, *MORE], ("second-table", "A4")),
        ([["番号", "", "人数"], ["1", "", "2"], ["2", "", "3"]], ("blank-column", "B:B")),
        ([["番号", "人数"], ["1", "2", "3"], ["2", "3", ""]], ("row-longer", "C2")),
        ([HEAD, ["1", "中央", "1,200", "2026-01-01"], *MORE], ("comma", "C2")),
        ([HEAD, ["1", "中央", "12人", "2026-01-01"], *MORE], ("unit", "C2")),
        ([HEAD, ["1", "中央", "１２", "2026-01-01"], *MORE], ("wide-digits", "C2")),
        ([HEAD, ["1", "中央", "−", "2026-01-01"], *MORE], ("nothing", "C2")),
        ([HEAD, ["1", "中央", "12※", "2026-01-01"], *MORE], ("note", "C2")),
        ([HEAD, ["1", "中央", "多数", "2026-01-01"], *MORE], ("not-a-number", "C2")),
        ([HEAD, ["1", "中央", "10", "令和8年1月1日"], *MORE], ("date", "D2")),
        ([HEAD, ["1", "中央", "10", "R8.1.1"], *MORE], ("date", "D2")),
        ([HEAD, ["1", "中央", "10", "2026/1/1"], *MORE], ("date", "D2")),
        ([HEAD, ["1", "中央", "10", "春"], *MORE], ("not-a-date", "D2")),
        ([HEAD, ["1", "〃", "10", "2026-01-01"], *MORE], ("ditto", "B2")),
        ([HEAD, ["1", "中央①", "10", "2026-01-01"], *MORE], ("platform", "B2")),
    ],
)
def test_each_fault_is_told_with_its_cell(rows, fault):
    width = len(rows[0])
    assert fault in told(*[row + [""] * (width - len(row)) for row in rows])


def test_a_cell_has_the_name_that_spreadsheets_give_it():
    assert [cell(1, 1), cell(7, 26), cell(7, 27), cell(2, 703)] == ["A1", "Z7", "AA7", "AAA2"]


# ---------------------------------------------------------------- files


def hide_a_sheet(made, sheet):
    other = made.create_sheet("元データ")
    other["A1"], other.sheet_state = "山田 花子", "hidden"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda made, sheet: sheet.merge_cells("A2:B3"), ("merged", "A2:B3")),
        (hide_a_sheet, ("hidden-sheet", "")),
        (lambda made, sheet: made.create_sheet("二")["A1"].__setattr__("value", "x"), ("several-sheets", "")),
        (lambda made, sheet: setattr(sheet.row_dimensions[3], "hidden", True), ("hidden-row", "3:3")),
        (lambda made, sheet: setattr(sheet.column_dimensions["B"], "hidden", True), ("hidden-column", "B:B")),
        (lambda made, sheet: setattr(sheet["C2"], "comment", Comment("090-1234-5678", "係")), ("comment", "C2")),
        (lambda made, sheet: setattr(sheet["C2"], "value", "=1+1"), ("formula", "C2")),
    ],
)
def test_what_a_workbook_hides_is_a_fault(change, fault):
    assert fault in of_file(book(change))


def test_personal_data_beside_the_table_is_found():
    def change(made, sheet):
        hide_a_sheet(made, sheet)
        sheet["C2"].comment = Comment("担当 090-1234-5678", "係")
        made.properties.creator = "鈴木 一郎"

    sheet = sheets.read(book(change))
    found = scan(sheet.rows[0], sheet.rows[1:], outside=sheet.outside)
    assert {(one.kind, one.place) for one in found} == {
        ("name", "元データ!A1"), ("phone", "Sheet!C2"), ("name", "docProps creator"),
    }  # fmt: skip


def test_a_workbook_gives_dates_and_numbers_as_they_are():
    content = book(lambda *_: None, rows=[HEAD, [1, "中央", 10.0, date(2026, 1, 1)], [2, "北", 2.5, date(2026, 1, 2)]])
    assert sheets.read(content).rows[1:] == [["1", "中央", "10", "2026-01-01"], ["2", "北", "2.5", "2026-01-02"]]


def refused(content):
    with pytest.raises(sheets.SheetRefused) as no:
        sheets.read(content)
    return no.value.code


def swollen(body, name="xl/worksheets/sheet1.xml"):
    """A workbook with one part replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(lambda *_: None))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            new.writestr(entry.filename, body if entry.filename == name else old.read(entry))
    return out.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>%s</worksheet>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n,,\n", "empty"),
        (b"a" * (reading.MOST_BYTES + 1), "too-large"),
        (b"\xff\xff\x81", "not-text"),
        (b"a,b\n\0,1\n", "not-text"),
        (b'a,b\n"1,2\n', "stray-quote"),
        (b"%PDF-1.7", "not-csv"),
        (b"PK\x03\x04broken", "not-xlsx"),
        (("a" * 10_001).encode(), "cell-too-long"),
        (b"," * 300 + b"x", "too-many-columns"),
        (b"1,2,3,4,5\n" * 100_001, "too-many-cells"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_refused_with_a_reason(content, code):
    assert refused(content) == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"0" * (workbook.MOST_UNPACKED + 1), "too-large"),
        (SHEET % (b"<row>" + b"<c/>" * 600_000 + b"</row>", b""), "too-many-cells"),
        (SHEET % (b"", b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "too-many-cells"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + SHEET % (b"", b""), "not-xlsx"),
        (SHEET % (b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', b""), "too-many-columns"),
        (b"<worksheet", "not-xlsx"),
    ],
    ids=["zip bomb", "cells", "merged area", "entities", "one far cell", "broken"],
)
def test_a_workbook_made_to_hurt_is_refused_before_it_does(body, code):
    assert refused(swollen(body)) == code


def test_a_sheet_in_shift_jis_is_read_and_told():
    sheet = sheets.read("番号,名称\r\n1,中央\r\n".encode("cp932"))
    assert sheet.rows == [["番号", "名称"], ["1", "中央"]]
    assert [(fault.code, fault.hint) for fault in sheet.faults] == [("not-utf8", True)]


def test_the_profile_tells_types_gaps_and_ends():
    rows = [["001", "2", "2026-01-05", ""], ["002", "10", "2026-01-01", "x"]]
    told = [(one.name, one.type, one.empty, one.distinct, one.least, one.most) for one in profile(HEAD, rows)]
    assert told == [
        ("番号", "string", 0, 2, "3", "3"), ("名称", "integer", 0, 2, "2", "10"),
        ("人数", "date", 0, 2, "2026-01-01", "2026-01-05"), ("日付", "string", 1, 1, "1", "1"),
    ]  # fmt: skip


def test_types_are_as_narrow_as_all_cells_allow():
    assert [type_of(one) for one in (["1", ""], ["1", "1.5"], ["1", "a"], ["true"], [""], ["2026-02-30"])] == [
        "integer", "number", "string", "boolean", "string", "string",
    ]  # fmt: skip


def test_keys_that_stand_twice_are_told_by_row():
    assert twice(HEAD, [["1", "a"], ["2", "a"], ["1", "a"], ["", ""]], ["番号"]) == [4, 5]
