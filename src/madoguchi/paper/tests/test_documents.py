"""What a document holds, what it may not lack, and what is printed of it."""

import io
import subprocess
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from madoguchi.credentials.tests import samples
from madoguchi.paper.document import FORMS, Addressee, IncompleteDocument, Reason, UnknownForm, read_keywords
from madoguchi.paper.glyphs import FontsMissing, MissingGlyph, faces, typesetting
from madoguchi.paper.typst import TEMPLATES, render

FONTS = Path(__file__).parents[4] / "build" / "fonts"


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """What a reader's program extracts, without its spaces and line ends."""
    (tmp_path / "page.pdf").write_bytes(pdf)
    run = subprocess.run(["pdftotext", str(tmp_path / "page.pdf"), "-"], capture_output=True, text=True, check=True)
    return "".join(run.stdout.split())


@pytest.mark.parametrize("document", samples.ALL, ids=lambda one: one.form)
def test_every_form_is_a_tagged_japanese_pdf_on_one_page(document):
    with pikepdf.open(io.BytesIO(render(document, fonts=FONTS))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("ja")
        assert "pdfuaid:part" in pdf.Root.Metadata.read_bytes().decode()
        assert len(pdf.pages) == 1


@pytest.mark.parametrize("document", samples.ALL, ids=lambda one: one.form)
def test_everything_in_the_document_is_printed(document, tmp_path):
    printed = text_of(render(document, fonts=FONTS), tmp_path)
    facts = [*document.rows, *((reason.text, reason.basis) for reason in document.reasons)]
    wanted = [document.number, document.title, document.lead, document.verify_code, document.verify_url]
    wanted += [document.addressee.name, document.issuer.title, *document.conditions, *document.law, *document.appeal]
    wanted += [part for pair in facts for part in pair]
    assert [part for part in wanted if "".join(part.split()) not in printed] == []


def test_every_form_has_a_template_and_every_template_a_use():
    used = {form.template for form in FORMS.values()} | {"common.typ", "letter.typ"}
    assert used == {path.name for path in TEMPLATES.glob("*.typ")}


def test_rare_kanji_and_variation_selectors_are_kept(tmp_path):
    name = f"髙﨑𠮷田{samples.KATSU}子"
    printed = text_of(render(replace(samples.PERMIT, addressee=Addressee(name)), fonts=FONTS), tmp_path)
    assert name in printed


def test_typst_source_in_a_name_is_printed_and_not_run(tmp_path):
    name = '#set text(red) $x^2$ \\ *a* _b_ `c` @d <e> = [f] "g" //h #panic("i") {j}'
    rows = (("屋号#1", "~ - -- ... \\u{41} #sys.inputs"),)
    printed = text_of(
        render(replace(samples.PERMIT, addressee=Addressee(name), lead=name, rows=rows), fonts=FONTS), tmp_path
    )
    assert printed.count("".join(name.split())) == 2
    assert "屋号#1" in printed
    assert "\\u{41}#sys.inputs" in printed


def test_an_unknown_glyph_is_an_error_that_names_it():
    unknown = replace(samples.PERMIT, addressee=Addressee("山田\U0003134a子\ue000"))
    with pytest.raises(MissingGlyph) as error:
        render(unknown, fonts=FONTS)
    assert error.value.characters == ["\ue000", "\U0003134a"]
    assert "U+3134A" in str(error.value)


@pytest.mark.parametrize("sign", ["\u202e", "\0", "\t", "\x1b", "\ud800", "\u200b"])
def test_a_control_character_is_refused_like_an_unknown_glyph(sign):
    with pytest.raises(MissingGlyph):
        render(replace(samples.PERMIT, lead=f"許可{sign}します。"), fonts=FONTS)


def test_a_variant_that_no_font_draws_is_refused_rather_than_printed_in_its_plain_form():
    with pytest.raises(MissingGlyph) as error:
        render(replace(samples.PERMIT, addressee=Addressee("山\U000e0105田")), fonts=FONTS)
    assert error.value.characters == ["山\U000e0105"]


def fonts_of(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return " ".join(str(font.BaseFont) for font in opened.pages[0].Resources.Font.values())


def test_a_variant_that_only_the_second_font_draws_comes_from_the_second_font():
    first, second = faces(FONTS)[:2]
    selector = 0xE0100
    only_second = (
        point
        for point in range(0x4E00, 0x9FFF)
        if second.has((point, selector)) and not first.has((point, selector)) and first.has((point, 0))
    )
    sequence = chr(next(only_second)) + chr(selector)
    assert typesetting([f"山{sequence}"], (first, second))["later"] == [
        ["Noto Sans JP", "".join(f"\\x{{{ord(one):X}}}" for one in sequence)]
    ]
    assert "NotoSansJP" in fonts_of(render(replace(samples.PERMIT, addressee=Addressee(sequence)), fonts=FONTS))


NAMES = {
    "김민준": "NotoSansKR", "刘伟 张华": "NotoSansSC", "Nguyễn Thị Hằng": "NotoSansJP",
    "Łukasz Ğülşen": "BIZUDPGothic", "Ḥasan Ṣāliḥ": "NotoSans-",
    "Иванов": "BIZUDPGothic", "Γεώργιος": "BIZUDPGothic", "नेपाल": "NotoSans-", "𠮟る 𡈽屋": "BIZUDPGothic",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_another_country_is_printed_as_it_is_written(name, tmp_path):
    pdf = render(replace(samples.PERMIT, addressee=Addressee(name)), fonts=FONTS)
    assert "".join(name.split()) in text_of(pdf, tmp_path)
    assert NAMES[name] in fonts_of(pdf)


def test_no_word_is_set_half_in_one_font_and_half_in_another():
    assert typesetting(["山田 Nguyễn an"], faces(FONTS))["later"] == [
        ["Noto Sans JP", "".join(f"\\x{{{ord(one):X}}}" for one in "Nguyễn")]
    ]


def test_the_fonts_cover_the_everyday_kanji_of_names_and_addresses():
    with TTFont(next(FONTS.glob("NotoSansJP*.ttf")), lazy=True) as font:
        assert len(font.getBestCmap()) > 16_000
    assert typesetting(["髙﨑𠮷祇辻德彅〒①㈱々〆ヶ"], faces(FONTS))["later"] == []


def test_fonts_that_are_not_there_are_named_with_the_remedy(tmp_path):
    with pytest.raises(FontsMissing, match=r"design\.assets"):
        render(samples.PERMIT, fonts=tmp_path)


def test_a_refusal_without_reasons_cannot_be_made():
    with pytest.raises(IncompleteDocument) as error:
        replace(samples.REFUSAL, reasons=())
    assert error.value.missing == ["reasons"] or "reasons" in error.value.missing


def test_a_refusal_without_the_appeal_notice_cannot_be_made():
    with pytest.raises(IncompleteDocument, match="appeal"):
        replace(samples.REFUSAL, appeal=())


@pytest.mark.parametrize("appeal", [("",), (" ", "\u3000")])
def test_an_appeal_notice_of_blanks_is_none(appeal):
    with pytest.raises(IncompleteDocument, match="appeal"):
        replace(samples.REFUSAL, appeal=appeal)


def test_a_reason_without_its_legal_basis_cannot_be_made():
    with pytest.raises(IncompleteDocument, match=r"reasons\.basis"):
        replace(samples.REFUSAL, reasons=(Reason("設備がありません。", ""),))


def test_a_partial_refusal_needs_the_appeal_notice_too():
    with pytest.raises(IncompleteDocument, match="appeal"):
        replace(samples.DISCLOSURE, appeal=())


@pytest.mark.parametrize("part", ["number", "title", "lead", "reference", "verify_url", "verify_code", "subject"])
def test_no_document_lacks_its_number_its_words_or_its_means_of_checking(part):
    with pytest.raises(IncompleteDocument, match=part):
        replace(samples.PERMIT, **{part: " "})


def test_an_unknown_form_is_refused():
    with pytest.raises(UnknownForm, match="permit"):
        replace(samples.PERMIT, form="../../etc/passwd")


def test_equal_documents_give_equal_bytes():
    assert render(samples.GRANT, fonts=FONTS) == render(samples.GRANT, fonts=FONTS)


def test_the_subject_is_inside_the_file_and_read_back():
    odd = replace(samples.PERMIT, subject="a, b=c; 100%", number="8保,生=第1号")
    with pikepdf.open(io.BytesIO(render(odd, fonts=FONTS))) as pdf:
        found = read_keywords(str(pdf.docinfo["/Keywords"]))
    assert found == {"subject": odd.subject, "number": odd.number, "code": odd.verify_code}


def test_keywords_of_others_say_nothing():
    assert read_keywords("invoice, 2026, madoguchi-colour=red") == {}


def test_a_long_document_goes_on_over_numbered_pages(tmp_path):
    long = replace(samples.PERMIT, conditions=tuple(f"条件その{n}。{'長' * 80}" for n in range(40)))
    pdf = render(long, fonts=FONTS)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = len(opened.pages)
    assert pages > 2
    assert f"1/{pages}" in text_of(pdf, tmp_path)


def test_a_period_without_an_end_says_so(tmp_path):
    document = replace(samples.PERMIT, valid=(date(2026, 12, 1), None))
    assert "令和8年12月1日から(期限の定めなし)" in text_of(render(document, fonts=FONTS), tmp_path)


def test_threads_that_render_together_get_their_own_documents(tmp_path):
    found: dict[int, bytes] = {}

    def one(number: int) -> None:
        found[number] = render(replace(samples.PERMIT, number=f"8保生第{number}号"), fonts=FONTS)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"8保生第{number}号" in text_of(pdf, tmp_path) for number, pdf in found.items())
    assert len(found) == 16
