"""Files are judged by content, never by name; what cannot be taken is refused in words, and nothing else is lost."""

import io
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.applications.models import Upload
from madoguchi.applications.uploads import MAX_PIXELS, safe_name, store
from madoguchi.catalogue.problems import Refused
from tests import town

pytestmark = pytest.mark.django_db
MB = 1024 * 1024


def keep(content, name="書類.pdf", limit=20 * MB):
    return store(name, SimpleUploadedFile(name, content), limit=limit)


def refused(content, name="書類.pdf"):
    with pytest.raises(Refused) as fault:
        keep(content, name)
    assert not Upload.objects.exists()
    return fault.value.code


def zip_bomb():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0" * 8, bytes(32 * MB))
    return held.getvalue()


def png(width, height, pixels=b""):
    """A PNG that claims a size, whatever its data."""

    def chunk(kind, data):
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png"])
def test_a_real_file_is_kept_byte_for_byte(kind):
    content = town.small_file(kind)
    kept = keep(content, f"図面.{kind}")
    kept.refresh_from_db()
    assert (kept.kind, kept.size, bytes(kept.content), kept.name) == (kind, len(content), content, f"図面.{kind}")


def test_the_content_decides_and_not_the_name():
    assert keep(town.small_image("jpeg"), "図面.pdf").kind == "jpeg"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"<!doctype html><script>alert(1)</script>", "file-kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "file-kind"),
        (b"MZ\x90\x00" + bytes(100), "file-kind"),
        (b"GIF89a" + bytes(100), "file-kind"),
        (b"%PDF-1.7\n<html><script>alert(1)</script></html>", "file-broken"),
        (b"%PDF-", "file-broken"),
        (b"\xff\xd8\xff\xe0 this is no picture", "file-broken"),
        (b"\x89PNG\r\n\x1a\n this is no picture", "file-broken"),
    ],
    ids=["empty", "html", "svg", "exe", "gif", "html-as-pdf", "only-a-start", "no-jpeg", "no-png"],
)
def test_a_file_that_is_not_what_it_says_is_refused(content, code):
    assert refused(content) == code


def test_a_zip_bomb_is_refused_unopened():
    assert refused(zip_bomb(), "図面.zip") == "file-kind"


@pytest.mark.parametrize("kind", ["png", "jpeg"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_truncated_picture_is_refused(kind, share):
    whole = town.small_image(kind, (400, 400))
    assert refused(whole[: int(len(whole) * share)], f"写真.{kind}") == "file-broken"


@pytest.mark.parametrize("side", [7_747, 9_500, 30_000, 2**31 - 1])
def test_a_picture_with_a_flood_of_pixels_is_refused_before_it_is_decoded(side):
    assert side * side > MAX_PIXELS
    assert refused(png(side, side), "写真.png") in {"file-too-many-pixels", "file-broken"}


def test_a_pdf_with_a_compressed_flood_inside_is_not_unpacked():
    held = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        flood = zlib.compress(bytes(64 * MB))
        pdf.pages[0].Contents = pikepdf.Stream(pdf, flood, Filter=pikepdf.Name.FlateDecode)
        pdf.save(held)
    assert keep(held.getvalue()).size < MB


def test_a_pdf_under_a_password_is_refused_because_nobody_could_read_it():
    held = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(held, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    assert refused(held.getvalue()) == "file-broken"


def test_a_file_over_the_limit_is_refused_with_the_limit():
    with pytest.raises(Refused) as fault:
        keep(town.small_pdf() + bytes(2 * MB), limit=2 * MB)
    assert (fault.value.code, fault.value.params) == ("file-too-large", {"name": "書類.pdf", "limit": 2})


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\書類\\図面.pdf", "図面.pdf"),
        ("図面\x00.pdf", "図面.pdf"),
        ("図面\u202efdp.exe", "図面fdp.exe"),
        ("図\u200b面\u2066.pdf", "図面.pdf"),
        ("改行\r\nX-Header: 1.pdf", "改行X-Header: 1.pdf"),
        ("𠮷﨑髙葛󠄀.pdf", "𠮷﨑髙葛󠄀.pdf"),
        ("..", ".."),
        ("", "file"),
        ("/", "file"),
        ("長" * 300 + ".pdf", "長" * 110 + ".pdf"),
        ("長" * 300, "長" * 120),
    ],
)
def test_a_name_is_kept_without_what_could_deceive(given, kept):
    assert safe_name(given) == kept


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>.pdf", '"; rm -rf ~; ".pdf'])
def test_a_name_with_markup_is_kept_as_text(name):
    assert keep(town.small_pdf(), name).name == safe_name(name)
