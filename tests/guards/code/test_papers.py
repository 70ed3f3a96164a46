"""Every paper the town makes can be read aloud, and is older than its signature: each typst template, made for real."""

import io
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader

from madoguchi.bookings.gate import files
from madoguchi.counter import receipt_paper
from madoguchi.credentials.tests import samples
from madoguchi.paper import typst
from madoguchi.payments.paying import actions as payments
from madoguchi.payments.paying.receipt import receipt
from madoguchi.payments.paying.slip import slip
from madoguchi.people.actor import PUBLIC
from madoguchi.reform import snapshot
from tests import gate, paying, town

pytestmark = pytest.mark.django_db
FONTS = Path(__file__).parents[3] / "build" / "fonts"


def fee():
    return payments.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=3000, by=PUBLIC)


def paid():
    charge = fee()
    paying.pays(charge)
    charge.refresh_from_db()
    return receipt(charge)


MADE = {
    "a permit": lambda: bytes(town.decided(town.applied()).pdf),
    "a refusal": lambda: bytes(town.decided(town.applied(), result="refused").pdf),
    "a notification's receipt": lambda: bytes(town.decided(town.applied(town.BARBER)).pdf),
    "a payment's receipt": paid,
    "a payment slip": lambda: slip(payments.start(charge=fee(), provider="slip", language="ja", by=PUBLIC)),
    "an application's receipt": lambda: receipt_paper.receipt(town.applied()),
    "tickets": lambda: files.pdf(gate.sold("adult", "student")),
    "the quarter": lambda: snapshot.snapshot()[1],
}
FORMS = {one.form: lambda one=one: typst.render(one, fonts=FONTS) for one in samples.ALL}
SIGNED = ("a permit", "a refusal", "a notification's receipt", "a payment's receipt")


def elements(kids):
    """Every structure element below."""
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid.get("/K"))


def bare(pdf):
    """Rows of tables in which no cell is a header, in a table without a head; and how many tables there are."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        tables = [one for one in elements(opened.Root.StructTreeRoot.K) if str(one.S) == "/Table"]
        found = [[str(one.S) for one in elements(table.K)] for table in tables]
    return [kinds for kinds in found if "/TH" not in kinds or ("/THead" not in kinds and not _each_row(kinds))], found


def test_no_cell_says_that_it_has_no_header():
    with pikepdf.open(io.BytesIO(typst.render(samples.PERMIT, fonts=FONTS))) as opened:
        cells = [one for one in elements(opened.Root.StructTreeRoot.K) if str(one.S) == "/TD"]
        assert cells and not [cell for cell in cells if "/Headers" in repr(cell.get("/A"))]


def _each_row(kinds):
    """Whether after each row there comes a header first."""
    return all(after == "/TH" for one, after in pairwise(kinds) if one == "/TR")


@pytest.mark.parametrize("name", [*MADE, *FORMS])
def test_every_table_has_header_cells(name):
    wrong, tables = bare({**MADE, **FORMS}[name]())
    assert wrong == []
    assert tables or name == "tickets"


def test_what_typst_makes_by_itself_has_none(monkeypatch):
    """The control."""
    monkeypatch.setattr(typst, "with_row_headers", lambda pdf: pdf)
    assert bare(typst.render(samples.PERMIT, fonts=FONTS))[0]


@pytest.mark.parametrize("name", MADE)
def test_it_was_made_before_now(name):
    with pikepdf.open(io.BytesIO(MADE[name]())) as opened:
        assert moment(opened) <= timezone.now()


@pytest.mark.parametrize("name", SIGNED)
def test_it_was_made_when_it_was_signed_and_not_after(name):
    pdf = MADE[name]()
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        made = moment(opened)
    assert made <= signature.self_reported_timestamp <= made + timedelta(minutes=1)


def moment(opened):
    """/CreationDate, which the XMP says too."""
    written = datetime.strptime(str(opened.docinfo["/CreationDate"]), "D:%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    assert f"<xmp:CreateDate>{written:%Y-%m-%dT%H:%M:%S}" in opened.Root.Metadata.read_bytes().decode()
    return written
