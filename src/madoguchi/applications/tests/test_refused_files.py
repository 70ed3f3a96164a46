"""Without scripts a file that cannot be taken is told at its section; it is gone with the next sending, others stay."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import town

pytestmark = pytest.mark.django_db
CONFIRM = f"/procedures/{town.RESTAURANT}/confirm/"


def locked():
    held = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(held, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("鍵つき.pdf", locked(), "「鍵つき.pdf」にはパスワード"),
        ("大きな図面.pdf", bytes(10 * 1024 * 1024 + 1), "「大きな図面.pdf」は大きすぎます。10MB以下"),
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic" + bytes(99), "「IMG_1.HEIC」はHEIC形式"),
    ],
    ids=["password", "too large", "heic"],
)
def test_it_is_told_at_its_section_and_gone_with_the_next_sending(name, content, told):
    browser, button = town.visitor(), {"do": "next:structure", "form:at": "structure"}
    good = SimpleUploadedFile("一階.pdf", town.small_pdf())
    page = browser.post(CONFIRM, {**button, "drawings": [SimpleUploadedFile(name, content), good]}, follow=True)
    assert told in page.content.decode() and "一階.pdf" in page.content.decode()
    kept = page.content.decode().partition('type="hidden" name="drawings" value="')[2].partition('"')[0]
    page = browser.post(CONFIRM, {**button, "drawings": kept}, follow=True)
    assert told not in page.content.decode() and "一階.pdf" in page.content.decode()
