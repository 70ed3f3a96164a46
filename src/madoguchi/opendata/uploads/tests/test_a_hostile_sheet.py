"""A sheet that is made to be unpacked for ever is refused, and what reads it is a child with limits."""

import io
import zipfile

import openpyxl
import pytest

from madoguchi.opendata.reading.sheets import SheetRefused
from madoguchi.opendata.uploads.quarantine import judge_apart, limits_for

MB = 1024 * 1024


def workbook(**parts):
    """A real workbook, some of its parts replaced."""
    book, held, made = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["番号", "名称"])
    book.active.append([1, "みなと公園"])
    book.save(held)
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name.rpartition("/")[2].partition(".")[0], None) or old.read(name))
    return made.getvalue()


def refused(content):
    with pytest.raises(SheetRefused) as no:
        judge_apart(content)
    return no.value.code


def nested(depth):
    return b"<worksheet>" + b"<a>" * depth + b"</a>" * depth + b"</worksheet>"


def test_an_ordinary_sheet_is_read():
    assert judge_apart(workbook()).rows == [["1", "みなと公園"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (workbook(theme1=bytes(90 * MB)), "too-large"),
        (workbook(sheet1=b'<!DOCTYPE a [<!ENTITY b "c">]><sst/>'), "not-xlsx"),
        (b"PK\x03\x04" + bytes(100), "not-xlsx"),
    ],
    ids=["flood", "entities", "no archive"],
)
def test_a_sheet_that_would_not_end_is_refused(content, code):
    assert refused(content) == code


def test_a_sheet_that_is_too_much_for_the_child_is_refused():
    content = workbook(sheet1=nested(2_000_000))
    assert refused(content) in {"too-demanding", "not-xlsx"}
    assert judge_apart(workbook()).rows, "the next one is read"


def test_a_longer_file_has_more_time():
    assert limits_for(20_000).wall < 5
    assert limits_for(10_000).processor < limits_for(MB).processor <= limits_for(10 * MB).processor <= 60
