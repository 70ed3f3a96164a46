"""The forgery zoo: each entry makes, from a genuine document, a file that must be refused.

The kinds are those of pdf-insecurity.org (incremental saving, signature wrapping, universal signature forgery), what a
person with a PDF editor does, and what an authority with our names could do.
"""

import hashlib
import io
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import NamedTuple

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

Kit = SimpleNamespace  # genuine, another, unsigned (bytes); impostor, lapsed (offices)
_RANGE = re.compile(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+) *\]")


class Forgery(NamedTuple):
    """How it is made, and the states of which `check` may give one."""

    make: Callable[[Kit], bytes]
    states: tuple[str, ...] = ("altered",)


def place(pdf: bytes) -> tuple[int, int]:
    """Where the signature's < is, and what follows its >."""
    numbers = [int(number) for number in _RANGE.findall(pdf)[-1]]
    return numbers[1], numbers[2]


def _edited(pdf: bytes, at: int, bit: int = 1) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ bit]) + pdf[at + 1 :]


def _with_range(pdf: bytes, *numbers: int) -> bytes:
    found = list(_RANGE.finditer(pdf))[-1]
    text = b"/ByteRange [%d %d %d %d" % numbers
    return pdf[: found.start()] + text.ljust(len(found[0]) - 1) + b"]" + pdf[found.end() :]


def _content_bit(kit: Kit) -> bytes:
    return _edited(kit.genuine, kit.genuine.index(b"stream") + 40)


def _signature_bit(kit: Kit) -> bytes:
    start, _ = place(kit.genuine)
    return _edited(kit.genuine, start + 2 * 1400)  # inside the RSA value


def _update(kit: Kit, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(kit.genuine))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _title_update(kit: Kit) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[generic.NameObject("/Lang")] = generic.TextStringObject("en")
        writer.update_root()

    return _update(kit, change)


def _page_update(kit: Kit) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        text = generic.StreamObject(stream_data=b"1 0 0 rg 100 300 200 200 re f")
        writer.add_stream_to_page(0, writer.add_object(text))

    return _update(kit, change)


def _moved_range(kit: Kit) -> bytes:
    start, end = place(kit.genuine)
    return _with_range(kit.genuine, 0, start - 100, end, len(kit.genuine) - end)


def _range_without_end(kit: Kit) -> bytes:
    start, end = place(kit.genuine)
    return _with_range(kit.genuine, 0, start, end, len(kit.genuine) - end - 30)


def _empty_range(kit: Kit) -> bytes:
    return _with_range(kit.genuine, 0, 0, 0, 0)


def _null_contents(kit: Kit) -> bytes:
    start, end = place(kit.genuine)
    return kit.genuine[:start] + b"null".ljust(end - start) + kit.genuine[end:]


def _zero_contents(kit: Kit) -> bytes:
    start, end = place(kit.genuine)
    return kit.genuine[:start] + b"<" + b"0" * (end - start - 2) + b">" + kit.genuine[end:]


def _stripped(kit: Kit) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(kit.genuine)) as pdf:
        del pdf.Root.AcroForm
        del pdf.Root.Perms
        del pdf.pages[0].Annots
        pdf.save(out)
    return out.getvalue()


def _resaved(kit: Kit) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(kit.genuine)) as pdf:
        pdf.docinfo["/Title"] = "another title"
        pdf.save(out)
    return out.getvalue()


def _pasted(kit: Kit) -> bytes:
    start, end = place(kit.genuine)
    other_start, other_end = place(kit.another)
    return kit.genuine[:start] + kit.another[other_start:other_end] + kit.genuine[end:]


def _wrapped(kit: Kit) -> bytes:
    """Signature wrapping: the signed rest is moved to the end, foreign objects are put where it was."""
    start, end = place(kit.genuine)
    rest = kit.genuine[end:]
    evil = b"\n99 0 obj\n<< /Evil true >>\nendobj\n"
    return _with_range(kit.genuine[:end] + evil + rest, 0, start, end + len(evil), len(rest))


def _hidden_in_padding(kit: Kit) -> bytes:
    _, end = place(kit.genuine)
    return kit.genuine[: end - 41] + b"41" * 20 + kit.genuine[end - 1 :]


def _other_digest(kit: Kit) -> bytes:
    """The signed digest is changed to that of the altered content; the signature over it cannot be."""
    from madoguchi.credentials.container import find

    altered = _content_bit(kit)
    before, after = (hashlib.sha256(find(pdf).signed).hexdigest().upper().encode() for pdf in (kit.genuine, altered))
    return altered.replace(before, after)


def _metadata(kit: Kit) -> bytes:
    old, new = "8保生第123号".encode(), "8保生第124号".encode()
    assert old in kit.genuine
    return kit.genuine.replace(old, new)


def _signed_again(kit: Kit) -> bytes:
    """Our name on a changed document, signed by an authority that has our names."""
    return kit.impostor.signer.sign(_stripped(kit))


ZOO: dict[str, Forgery] = {
    "one bit of the page changed": Forgery(_content_bit),
    "one bit of the signature changed": Forgery(_signature_bit),
    "an incremental update of the catalogue": Forgery(_title_update),
    "an incremental update that paints over the page": Forgery(_page_update),
    "cut off in the middle": Forgery(lambda kit: kit.genuine[: len(kit.genuine) // 2], ("unreadable", "unsigned")),
    "cut off by one byte": Forgery(lambda kit: kit.genuine[:-1]),
    "byte range moved": Forgery(_moved_range),
    "byte range that leaves out the end": Forgery(_range_without_end),
    "byte range of nothing": Forgery(_empty_range),
    "signature replaced by null": Forgery(_null_contents, ("unreadable",)),
    "signature replaced by zeros": Forgery(_zero_contents, ("unreadable",)),
    "signature stripped": Forgery(_stripped, ("unsigned",)),
    "metadata changed and saved again": Forgery(_resaved, ("altered", "unsigned")),
    "another document's signature pasted": Forgery(_pasted),
    "signature wrapped around foreign objects": Forgery(_wrapped),
    "bytes hidden behind the signature": Forgery(_hidden_in_padding),
    "signed digest replaced": Forgery(_other_digest),
    "number changed in the metadata": Forgery(_metadata),
    "a newline after the end": Forgery(lambda kit: kit.genuine + b"\n"),
    "a second document after the end": Forgery(lambda kit: kit.genuine + kit.unsigned),
    "bytes before the beginning": Forgery(lambda kit: b"<!-- -->\n" + kit.genuine),
    "never signed": Forgery(lambda kit: kit.unsigned, ("unsigned",)),
    "signed by an authority with our names": Forgery(lambda kit: kit.impostor.signer.sign(kit.unsigned), ("foreign",)),
    "stripped and signed by an authority with our names": Forgery(_signed_again, ("foreign",)),
    "signed after the certificate ran out": Forgery(lambda kit: kit.lapsed.signer.sign(kit.unsigned), ("foreign",)),
    "not a PDF": Forgery(lambda kit: b"\x89PNG\r\n\x1a\n" + b"\0" * 200, ("not-a-pdf",)),
    "no bytes at all": Forgery(lambda kit: b"", ("not-a-pdf",)),
}
