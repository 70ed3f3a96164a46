"""Ours and whole, ours and altered, not ours, cannot be read: one table for `check` and the outsiders' program."""

import io
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .forgeries import ZOO
from .test_chain import both_say


class Kind(NamedTuple):
    """What somebody else signs with."""

    key: Callable[[], object]
    digest: str = "sha256"
    pss: bool = False
    old: bool = False


KINDS = {
    "RSA 2048, SHA-256": Kind(lambda: rsa.generate_private_key(65537, 2048)),
    "RSA 2048, SHA-384": Kind(lambda: rsa.generate_private_key(65537, 2048), "sha384"),
    "RSA 2048, SHA-512": Kind(lambda: rsa.generate_private_key(65537, 2048), "sha512"),
    "RSA 4096, SHA-256": Kind(lambda: rsa.generate_private_key(65537, 4096)),
    "RSA 4096, SHA-512": Kind(lambda: rsa.generate_private_key(65537, 4096), "sha512"),
    "RSA-PSS, SHA-256": Kind(lambda: rsa.generate_private_key(65537, 2048), pss=True),
    "RSA-PSS, SHA-512": Kind(lambda: rsa.generate_private_key(65537, 2048), "sha512", pss=True),
    "P-256": Kind(lambda: ec.generate_private_key(ec.SECP256R1())),
    "P-384": Kind(lambda: ec.generate_private_key(ec.SECP384R1()), "sha384"),
    "P-521": Kind(lambda: ec.generate_private_key(ec.SECP521R1()), "sha512"),
    "Ed25519": Kind(ed25519.Ed25519PrivateKey.generate, "sha512"),
    "adbe.pkcs7.detached": Kind(lambda: rsa.generate_private_key(65537, 2048), old=True),
}


def stranger(kind: Kind, above: tuple[x509.Certificate, object] | None = None) -> signers.SimpleSigner:
    """A signer with a key of this kind, its certificate its own or issued by `above`."""
    key, now = kind.key(), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Somebody Else")])
    issuer, issuer_key = above or (None, key)
    certificate = (
        x509.CertificateBuilder(name if issuer is None else issuer.subject, name, key.public_key(), 77)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=300))
        .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
        .sign(issuer_key, None if isinstance(issuer_key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    )
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return signers.SimpleSigner(
        asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(plain),
        SimpleCertificateStore(),
        prefer_pss=kind.pss,
    )


class Heedless(signers.PdfSigner):
    """Signs even where an earlier signature forbids every change."""

    def _enforce_certification_constraints(self, reader) -> None:
        pass


def signed(pdf: bytes, kind: Kind, field: str = "Other", **more) -> bytes:
    """The PDF with one signature more, as another program adds it."""
    details = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=kind.digest,
        subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED if kind.old else SigSeedSubFilter.PADES,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    return Heedless(details, stranger(kind, **more)).sign_pdf(writer).getbuffer().tobytes()


def root_of(ours) -> x509.Certificate:
    return x509.load_pem_x509_certificate(ours.root)


@pytest.mark.parametrize("name", KINDS)
def test_a_valid_signature_of_somebody_else_is_not_ours_whatever_it_is_made_with(name, ours, unsigned):
    assert both_say(signed(unsigned, KINDS[name]), root_of(ours)) == ("foreign", "foreign")


@pytest.mark.parametrize("name", ["RSA 2048, SHA-512", "RSA-PSS, SHA-256", "P-384", "Ed25519"])
def test_somebody_elses_document_that_was_changed_is_still_not_ours(name, ours, unsigned):
    pdf = bytearray(signed(unsigned, KINDS[name]))
    pdf[pdf.index(b"stream") + 40] ^= 1
    assert both_say(bytes(pdf), root_of(ours)) == ("foreign", "foreign")


@pytest.mark.parametrize("name", ["RSA 2048, SHA-512", "RSA-PSS, SHA-512", "P-384", "Ed25519"])
def test_another_way_of_signing_under_the_same_root_is_not_called_altered(name, ours, unsigned):
    root = root_of(ours)
    above = (root, load_pem_private_key(ours.files.root_key.read_bytes(), password=None))
    assert both_say(signed(unsigned, KINDS[name], above=above), root) == ("foreign", "foreign")


def _twice(kit) -> bytes:
    return signed(signed(kit.unsigned, KINDS["P-256"], "One"), KINDS["RSA 2048, SHA-512"], "Two")


def _added(kit) -> bytes:
    return signed(kit.genuine, KINDS["RSA 2048, SHA-512"])


CASES: dict[str, tuple[Callable, str]] = {
    "ours": (lambda kit: kit.genuine, "genuine"),
    "ours, changed": (ZOO["one bit of the page changed"].make, "altered"),
    "ours, its number changed": (ZOO["number changed in the metadata"].make, "altered"),
    "ours, updated after signing": (ZOO["an incremental update of the catalogue"].make, "altered"),
    "ours, with somebody else's signature added": (_added, "altered"),
    "ours, its signature moved to another document": (ZOO["another document's signature pasted"].make, "altered"),
    "ours, cut short by one byte": (ZOO["cut off by one byte"].make, "altered"),
    "two signatures of others": (_twice, "foreign"),
    "somebody with our names": (ZOO["signed by an authority with our names"].make, "foreign"),
    "theirs, updated after signing": (lambda kit: signed(kit.unsigned, KINDS["P-256"]) + b"\n% more", "foreign"),
    "without a signature": (lambda kit: kit.unsigned, "unsigned"),
    "without its end": (lambda kit: kit.unsigned[: len(kit.unsigned) // 2], "unreadable"),
    "a signature of zeros": (ZOO["signature replaced by zeros"].make, "unreadable"),
    "not a PDF": (lambda kit: b"GIF89a" + bytes(100), "not-a-pdf"),
    "nothing": (lambda kit: b"", "not-a-pdf"),
}


@pytest.fixture(scope="module")
def kit(genuine, another, unsigned, impostor):
    return SimpleNamespace(genuine=genuine, another=another, unsigned=unsigned, impostor=impostor)


@pytest.mark.parametrize("name", CASES)
def test_the_two_programs_give_the_same_answer(name, kit, ours):
    make, state = CASES[name]
    assert both_say(make(kit), root_of(ours)) == (state, state)


def spots_of(pdf: bytes) -> list[tuple[int, int]]:
    """(place, bit) to try: every bit where the signature begins (tags and lengths), and 300 of the whole file."""
    chance, start = random.Random(7), pdf.rindex(b"/Contents <") + len(b"/Contents ")
    beginning = [(start + at, bit) for at in range(26) for bit in range(8)]
    return beginning + [(chance.randrange(len(pdf)), chance.randrange(8)) for _ in range(300)]


def test_no_bit_of_ours_is_ever_called_different_things_by_the_two(genuine, ours):
    root = root_of(ours)
    for spot, bit in spots_of(genuine):
        changed = bytearray(genuine)
        changed[spot] ^= 1 << bit
        check, outside = both_say(bytes(changed), root)
        assert check == outside, (spot, bit)
        assert check != "genuine"
