"""Is this file one of ours, unchanged? Whose it is is asked first, then whether it is whole; the two never mix.

Ours and whole: the signature is intact, covers the whole file, and its certificate leads to our root. Ours and altered:
a signature of ours is in the file, and not all of that holds. Not ours: signed, and nothing in it is of our key,
however well it was signed. What is neither is unsigned or cannot be read.

Nothing is parsed as PDF before its bytes are proven to be ours, so a hostile file meets byte arithmetic, one bounded
ASN.1 parse and one signature check, and nothing else. Whether a document was withdrawn is known to the register alone.
"""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from madoguchi.foundation.later import Later
from madoguchi.paper.document import read_keywords
from madoguchi.platform.file_kinds import is_pdf

from .container import Broken, all_values, find

pikepdf: Any = Later("pikepdf")

LARGEST = 20 * 1024 * 1024
"""Bytes of the largest file that is looked at."""

QUARANTINE_LOADS = ("madoguchi.credentials.signature",)

FOREIGN = ("chain", "form", "signing-time", "content")
"""Causes that say: an intact signature under our root, but not one that this office makes."""


class State(StrEnum):
    """What the file proves by itself."""

    GENUINE = "genuine"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    NOT_A_PDF = "not-a-pdf"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state, a code for the cause, and, only when genuine, what the signed bytes say about themselves.

    Causes: "too-large", "truncated", "range", "appended", "gap", "digest", "signature", "container", "chain",
    "form", "signing-time", "content". `certificate_expired` means that the certificate has run out since the
    document was signed, which changes nothing about the document.
    """

    state: State
    sha256: str
    cause: str = ""
    subject: str | None = None
    number: str | None = None
    code: str | None = None
    signer: str | None = None
    fingerprint: str | None = None
    signed_at: datetime | None = None
    certificate_expired: bool = False

    @property
    def genuine(self) -> bool:
        """Whether all three predicates hold."""
        return self.state is State.GENUINE


def check(pdf: bytes, *, trust_roots: Iterable[bytes], largest: int = LARGEST, now: datetime | None = None) -> Verdict:
    """Judge a file against our root certificates (PEM). Never raises for any content of the file.

    Raises `ValueError` if a trust root is not a certificate: that is our own mistake and must not look like a forgery.
    """
    roots = [x509.load_pem_x509_certificate(root) for root in trust_roots]
    verdict = Verdict(State.NOT_A_PDF, hashlib.sha256(pdf).hexdigest())
    if len(pdf) > largest:
        return replace(verdict, cause="too-large")
    if not is_pdf(pdf):
        return verdict
    if b"/ByteRange" not in pdf:
        ended = b"%%EOF" in pdf[-1024:]
        return replace(verdict, state=State.UNSIGNED if ended else State.UNREADABLE, cause="" if ended else "truncated")
    try:
        return _judge(pdf, verdict, roots, now or datetime.now(UTC))
    except Broken as broken:
        return replace(verdict, state=_whose(pdf, roots, broken.cause), cause=broken.cause)
    except Exception:  # whatever a library makes of hostile bytes, the answer is no
        return replace(verdict, state=_whose(pdf, roots, "container"), cause="container")


def check_of_stranger(pdf: bytes, roots: list[str]) -> Verdict:
    """The same, as it is asked for in a child (`platform.quarantine`)."""
    return check(pdf, trust_roots=[root.encode() for root in roots])


def _judge(pdf: bytes, verdict: Verdict, roots: list[x509.Certificate], now: datetime) -> Verdict:
    from .signature import Signature

    container = find(pdf)
    signature = Signature.read(container.der)
    signature.require_chain(roots)
    signature.require_intact(container.signed)
    if not container.our_spelling or not signature.our_form:
        raise Broken("container")
    return _genuine(pdf, verdict, signature.certificate, now)


def _whose(pdf: bytes, roots: list[x509.Certificate], cause: str) -> State:
    """Of a file that is not ours and whole: is there a signature of ours in it, one of somebody else, or none?"""
    signatures = list(all_values(pdf))
    if any(_is_ours(der, roots) for der in signatures):
        return State.FOREIGN if cause in FOREIGN and len(signatures) == 1 else State.ALTERED
    return State.FOREIGN if signatures else State.UNREADABLE


def _is_ours(der: bytes, roots: list[x509.Certificate]) -> bool:
    from .signature import certificates_in, leads_to

    certificates = certificates_in(der)
    return any(leads_to(one, certificates, roots) for one in certificates)


def _genuine(pdf: bytes, verdict: Verdict, certificate: x509.Certificate, now: datetime) -> Verdict:
    keywords, signed_at = _embedded(pdf)
    if not certificate.not_valid_before_utc <= signed_at <= certificate.not_valid_after_utc:
        raise Broken("signing-time")
    return replace(
        verdict,
        state=State.GENUINE,
        subject=keywords["subject"],
        number=keywords["number"],
        code=keywords["code"],
        signer=str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        signed_at=signed_at,
        certificate_expired=now > certificate.not_valid_after_utc,
    )


def _embedded(pdf: bytes) -> tuple[dict[str, str], datetime]:
    """What the document says about itself. Only for bytes that are proven to be ours. Raises `Broken`."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        keywords = read_keywords(str(opened.docinfo.get("/Keywords", "")))
        moment = str(opened.Root.AcroForm.Fields[0].V.M)
    if keywords.keys() != {"subject", "number", "code"}:
        raise Broken("content")
    return keywords, _pdf_date(moment)


def _pdf_date(text: str) -> datetime:
    """`D:20261123154213+09'00'` (ISO 32000-1, 7.9.4)."""
    return datetime.strptime(text.removeprefix("D:").replace("'", "").replace("Z", "+0000"), "%Y%m%d%H%M%S%z")
