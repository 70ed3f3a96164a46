"""Files are judged by content, never by name; what cannot be taken is refused in words, and nothing else is lost."""

import io
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.applications.files.examination import MAX_PIXELS, MAX_UNPACKED
from madoguchi.applications.files.uploads import safe_name, store
from madoguchi.applications.models import Upload
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


def flooded(size, filters=("/FlateDecode",), pack=zlib.compress):
    """A PDF whose page unpacks to so many bytes."""
    held, flood = io.BytesIO(), bytes(size)
    for _filter in filters:
        flood = pack(flood)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        named = pikepdf.Array([pikepdf.Name(one) for one in filters])
        pdf.pages[0].Contents = pikepdf.Stream(pdf, flood, Filter=named)
        pdf.save(held, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return held.getvalue()


def test_a_pdf_that_unpacks_to_much_is_kept_as_it_is():
    assert keep(flooded(64 * MB)).size < MB


@pytest.mark.parametrize("times", [1, 3])
def test_a_pdf_that_unpacks_to_a_flood_is_refused(times):
    assert refused(flooded(MAX_UNPACKED + MB, ["/FlateDecode"] * times)) == "file-too-demanding"


def test_a_pdf_whose_pages_hide_in_a_flood_is_refused():
    assert refused(hidden_in(100 * MB)) == "file-broken"


def test_without_limits_its_flood_is_unpacked_whole(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "file-limits")
    assert keep(hidden_in(100 * MB)).kind == "pdf"


def hidden_in(size):
    """A PDF whose catalogue and pages stand in an object stream that goes on and on."""
    objects = b"1 0 2 33 3 75 " + b"<< /Type /Catalog /Pages 2 0 R >>" + b"<< /Type /Pages /Count 1 /Kids [3 0 R] >> "
    objects += b" << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >> "
    flood = zlib.compressobj()
    packed = flood.compress(objects) + b"".join(flood.compress(b" " * MB) for _n in range(size // MB)) + flood.flush()
    body = b"%%PDF-1.7\n4 0 obj << /Type /ObjStm /N 3 /First 14 /Filter /FlateDecode /Length %d >> stream\n"
    made = body % len(packed) + packed + b"\nendstream endobj\n"
    rows = [(0, 0, 0), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, 9, 0), (1, len(made), 0)]
    table = b"".join(bytes([kind]) + where.to_bytes(4) + bytes([which]) for kind, where, which in rows)
    told = b"5 0 obj << /Type /XRef /Size 6 /Root 1 0 R /W [1 4 1] /Length %d >> stream\n%b\nendstream endobj\n"
    return made + told % (len(table), table) + b"startxref\n%d\n%%%%EOF" % len(made)


@pytest.mark.parametrize(("user", "code"), [("secret", "file-password"), ("", None)])
def test_a_pdf_under_a_password_is_refused_because_nobody_could_read_it(user, code):
    held = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(held, encryption=pikepdf.Encryption(user=user, owner="secret"))
    if code:
        assert refused(held.getvalue()) == code
    else:  # everybody may open it; only printing and changing need the password
        assert keep(held.getvalue()).kind == "pdf"


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n", b"From: somebody\r\n\r\n"])
def test_a_pdf_that_begins_a_little_later_is_a_pdf(before):
    assert keep(before + town.small_pdf()).kind == "pdf"


def test_a_photograph_of_a_telephone_is_refused_with_the_way_to_a_jpeg():
    assert refused(b"\0\0\0\x18ftypheic" + bytes(100), "IMG_0001.HEIC") == "file-heic"


@pytest.mark.parametrize("ending", ["hta", "html", "js", "lnk", "exe", "svg", "PDF.hta"])
@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png"])
def test_the_ending_of_the_name_follows_the_kind(ending, kind):
    saved = keep(town.small_file(kind), f"x.{ending}").name
    assert saved.endswith({"pdf": ".pdf", "jpeg": ".jpg", "png": ".png"}[kind])
    assert ending not in saved


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
