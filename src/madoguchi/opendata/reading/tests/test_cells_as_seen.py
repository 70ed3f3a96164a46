# ruff: noqa: E501
"""What a bureau sees in its spreadsheet is what is read; what a program broke before stops with its cell."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from madoguchi.opendata.reading.sheets import SheetRefused, read
from madoguchi.opendata.uploads.judging import judge

HEAD = "コード,名称,人数\n"


def text_of(cell, *, codec="utf-8-sig"):
    quoted = '"' + cell.replace('"', '""') + '"'
    return f"{HEAD}A1,{quoted},12\nA2,北館,9\n".encode(codec)


def faults(content):
    return [(one.code, one.place) for one in judge(content).faults if not one.hint]


def hints(content):
    return [(one.code, one.place) for one in judge(content).faults if one.hint]


def second(content):
    return read(content).rows[1][1]


def book(value, code="General", *, change=None, epoch=None):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "施設"
    for row in (["コード", "値", "人数"], ["A1", value, 12], ["A2", "北館", 9]):
        sheet.append(row)
    sheet["B2"].number_format = code
    if epoch:
        made.epoch = epoch
    if change:
        change(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rewritten(content, part, *changes):
    """A workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            for before, after in changes if name == part else ():
                assert before in body
                body = body.replace(before, after)
            new.writestr(name, body)
    return out.getvalue()


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (" =1+1", "formula"), ("\t=1+1", "formula"), ("+1+cmd|' /C calc'!A0", "formula"), ("@SUM(1+1)*9", "formula"),
        ("-2+3+cmd|' /C calc'!A0", "formula"), ("#N/A", "error-value"), ("#REF!", "error-value"), ("#NAME?", "error-value"),
        ("#DIV/0!", "error-value"), ("#####", "error-value"), ("Err:502", "error-value"), ("8.00002E+12", "exponent"),
        ("中��館", "replacement"), ("\ue000館", "private-use"), ("荳ｭ螟ｮ鬢ｨ", "garbled"), ("蛹鈴､ｨ", "garbled"),
        ("縺ｿ縺ｪ縺ｨ蠎�", "replacement"), ("縺ｿ縺ｪ縺ｨ・ｺ", "garbled"), ("ä¸\xadå¤®é¤¨", "garbled"), ("’†‰›ŠÙ", "garbled"),
    ],
)  # fmt: skip
def test_a_broken_cell_stops_with_its_place(cell, fault):
    assert (fault, "B2") in faults(text_of(cell))


@pytest.mark.parametrize(
    "cell",
    ["@みなと広場", "-", "-5℃以下", "−3", "+αの部屋", "±0", "#1ホール", "№5", "1E2", "café", "naïve", "Zürich", "ｶﾀｶﾅ", "ﾈｺ", "#5",
     "São João", "縺れ", "ソ連", "−", "©", "é", "A=B", "〜", "＠ホーム", "℃", "Ⅲ"],
)  # fmt: skip
def test_what_only_looks_odd_stays_itself(cell):
    assert second(text_of(cell)) == cell
    assert faults(text_of(cell)) == []


@pytest.mark.parametrize(
    ("cell", "text", "hint"),
    [
        ('="0600042"', "0600042", "excel-text"), ("⼭⾕会館", "山谷会館", "radical"), ("み\u200bなと", "みなと", "invisible"),
        ("か\u3099くしゅう", "がくしゅう", "decomposed"), ("\ufeff館", "館", "invisible"), ("\u2800館", "館", "invisible"),
    ],
)  # fmt: skip
def test_what_looks_the_same_is_read_as_it_looks_and_told(cell, text, hint):
    assert second(text_of(cell)) == text
    assert hints(text_of(cell)) == [(hint, "B2")]


def test_the_same_trick_without_quotation_marks_around():
    assert second(f'{HEAD}A1,="0600042",12\nA2,北館,9\n'.encode()) == "0600042"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "utf-16", "euc_jp", "iso2022_jp"])
def test_every_usual_encoding_is_read(codec):
    content = "番号,名称,読み\n1,みなと中央図書館,ミナトチュウオウトショカン\n2,北館,キタカン\n".encode(codec)
    assert read(content).rows[1] == ["1", "みなと中央図書館", "ミナトチュウオウトショカン"]


def test_gaiji_of_shift_jis_stop():
    content = f"{HEAD}A1,X館,12\n".encode("cp932").replace(b"X", b"\xf0\x40")
    assert ("private-use", "B2") in faults(content)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (42, "000000", "000042"), (1234567, "#,##0", "1234567"), (0.125, "0.0%", "12.5%"), (8000020130001, "0", "8000020130001"),
        (312223333, "00-0000-0000", "03-1222-3333"), (date(2026, 4, 1), '[$-411]ggge"年"m"月"d"日"', "2026-04-01"),
        (datetime(2026, 4, 1, 10, 30), "yyyy/m/d h:mm", "2026-04-01T10:30"), (time(9), "h:mm", "9:00"),
        (timedelta(hours=25), "[h]:mm", "25:00"), (datetime(2026, 4, 1), 'yyyy"年"m"月"', "2026年4月"), (True, "General", "true"),
        ("  みなと　", "@", "みなと"), ("一_x000D_\n二", "@", "一\n二"), (1.5, "General", "1.5"), ("0123", "General", "0123"),
        (CellRichText("み", TextBlock(InlineFont(b=True), "なと")), "General", "みなと"), (1200, '"¥"#,##0', "¥1,200"),
    ],
)  # fmt: skip
def test_a_workbooks_cell_is_read_as_it_is_shown(value, code, text):
    assert second(book(value, code)) == text


@pytest.mark.parametrize(
    ("value", "code", "fault"),
    [
        (8000020130001, "General", "exponent"), (timedelta(hours=25), "h:mm", "day-hidden"), ("#N/A", "General", "error-value"),
        (-5, "0;[Red]0", "sign-hidden"), (5, ";;;", "value-hidden"), (0.5, "# ?/?", "format-unknown"), ("=1+1", "General", "formula"),
        ("⻘⻘\ue000", "@", "private-use"),
    ],
)  # fmt: skip
def test_a_workbooks_cell_that_is_not_what_it_shows_stops(value, code, fault):
    assert (fault, "B2") in faults(book(value, code))


def test_the_japanese_built_in_formats_are_days():
    """openpyxl takes their numbers for General, and days for numbers."""
    content = rewritten(book(46113, "yyyy/m/d"), "xl/styles.xml", (b'numFmtId="164" fontId', b'numFmtId="31" fontId'))
    assert second(content) == "2026-04-01"


def test_a_cell_that_is_only_coloured_makes_no_table_larger():
    def colour(sheet):
        for place in ("C1048576", "XFD1", "XFD1048576"):
            sheet[place].font = openpyxl.styles.Font(bold=True)

    assert read(book("x", change=colour)).rows == [["コード", "値", "人数"], ["A1", "x", "12"], ["A2", "北館", "9"]]


def test_what_is_hidden_beyond_the_table_is_no_fault_and_within_it_is():
    def beyond(sheet):
        sheet.column_dimensions["F"].hidden = sheet.row_dimensions[40].hidden = True

    flat = rewritten(
        book("x"), "xl/worksheets/sheet1.xml", (b'<row r="3"', b'<row r="3" ht="0" customHeight="1"'),
        (b"<sheetData>", b'<cols><col min="3" max="3" width="0" customWidth="1"/></cols><sheetData>'),
    )  # fmt: skip
    assert faults(book("x", change=beyond)) == []
    assert {("hidden-row", "3:3"), ("hidden-column", "C:C")} <= set(faults(flat))


def test_merged_cells_stop_with_their_place():
    assert ("merged", "B2:B3") in faults(book("x", change=lambda sheet: sheet.merge_cells("B2:B3")))


def test_the_report_names_the_sheet():
    assert judge(book("#N/A")).report()["sheet"] == "施設"


def test_a_broken_heading_stops_too():
    assert ("error-value", "B1") in faults("コード,#REF!\nA1,x\nA2,y\n".encode())


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ('a,b\nA1,"中央"館\nA2,x\n', 2, 2), ('a,b\nA1,中"央\n', 2, 2), ('a,b,c\r\nA1,"二\r\n行","中"央\r\n', 3, 3), ('a,b\n"1,2\n', 2, 1),
        ('a,b\n1,"x" \n', 2, 2), ('"a"b,c\n', 1, 1),
    ],
)  # fmt: skip
def test_a_stray_quotation_mark_is_refused_with_line_and_column(content, line, column):
    with pytest.raises(SheetRefused) as no:
        read(content.encode())
    assert (no.value.code, no.value.line, no.value.column) == ("stray-quote", line, column)
