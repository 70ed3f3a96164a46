"""Our reading of a font's characters is fontTools' reading."""

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from madoguchi.paper.cmap import coverage

FONTS = sorted((Path(__file__).parents[4] / "build" / "fonts").glob("*.ttf"))


def oracle(path: Path):
    with TTFont(path, lazy=True) as font:
        plain = frozenset(font.getBestCmap())
        tables = [table.uvsDict for table in font["cmap"].tables if table.format == 14]
    return plain, {sign: frozenset(point for point, _ in pairs) for table in tables for sign, pairs in table.items()}


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.name)
def test_the_document_fonts_are_read_as_fonttools_reads_them(path):
    assert coverage(path) == oracle(path)


def test_there_are_document_fonts_to_read():
    assert len(FONTS) >= 4


def test_a_font_with_the_older_table_is_read_too(tmp_path):
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "one", "two", "three"])
    builder.setupCharacterMap({0x41: "one", 0x42: "three", 0x43: "two", 0x9AD9: "two", 0xFA11: "one"})
    builder.setupGlyf({name: Glyph() for name in builder.font.getGlyphOrder()})
    builder.setupHorizontalMetrics(dict.fromkeys(builder.font.getGlyphOrder(), (500, 0)))
    builder.setupHorizontalHeader()
    builder.setupPost()
    builder.font["cmap"].tables = [table for table in builder.font["cmap"].tables if table.format == 4]
    builder.save(tmp_path / "old.ttf")
    assert coverage(tmp_path / "old.ttf") == oracle(tmp_path / "old.ttf")


@pytest.mark.parametrize("content", [b"", b"not a font", b"\0\1\0\0" + b"\0" * 8])
def test_what_is_no_font_is_an_error(tmp_path, content):
    (tmp_path / "x.ttf").write_bytes(content)
    with pytest.raises(ValueError, match=r"x\.ttf"):
        coverage(tmp_path / "x.ttf")
