"""The kind of a file follows its content, and the ending of its name follows the kind."""

import pytest

from madoguchi.platform.file_kinds import PDF_WITHIN, is_pdf, kind_of, name_of_kind

PDF, JPEG, PNG = b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (b"\xef\xbb\xbf" + PDF, "pdf"),
        (b"\r\n\r\n" + PDF, "pdf"),
        (b"x" * (PDF_WITHIN - 5) + PDF, "pdf"),
        (b"x" * (PDF_WITHIN - 4) + PDF, None),
        (JPEG, "jpeg"),
        (JPEG + PDF, "jpeg"),
        (PNG, "png"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"\0\0\0\x18ftypmp42", None),
        (b"GIF89a", None),
        (b"PK\x03\x04", None),
        (b"", None),
    ],
)
def test_the_content_says_the_kind(content, kind):
    assert kind_of(content) == kind
    assert is_pdf(content) or kind != "pdf"


@pytest.mark.parametrize(
    ("name", "kind", "saved"),
    [
        ("図面.pdf", "pdf", "図面.pdf"),
        ("図面.PDF", "pdf", "図面.PDF"),
        ("x.hta", "pdf", "x.pdf"),
        ("x.pdf.html", "pdf", "x.pdf.pdf"),
        ("x.js", "jpeg", "x.jpg"),
        ("IMG_1.JPEG", "jpeg", "IMG_1.JPEG"),
        ("x.lnk", "png", "x.png"),
        ("図面", "pdf", "図面.pdf"),
        ("2026.4.1の図面", "pdf", "2026.4.1の図面.pdf"),
        ("x.hta.", "pdf", "x.hta.pdf"),
        ("x.hta ", "pdf", "x.hta.pdf"),
        (".htaccess", "pdf", ".htaccess.pdf"),
        ("..", "png", ".png"),
    ],
)
def test_a_name_is_saved_with_an_ending_of_its_kind(name, kind, saved):
    assert name_of_kind(name, kind) == saved
