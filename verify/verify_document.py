"""Is this PDF really the office's, and unchanged? 文書の真正を、発行した役所に頼らずに確かめます。

    python verify_document.py FILE.pdf --root root.pem

Needs Python 3.11 or newer and the `cryptography` package, nothing of Madoguchi: the signature container is read here by
hand (RFC 5652, ETSI EN 319 142-1). Exit code 0 genuine, 1 not genuine, 2 the check could not be made.
It cannot know whether the document was withdrawn later: ask the issuer's verification page for that.
"""

import argparse
import hashlib
import re
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

SAYS = {
    "genuine": "真正  この文書は発行されたときのままです。 / GENUINE: unchanged since it was issued.",
    "altered": "改ざん この文書は発行されたあとに変わっています。 / ALTERED: not as it was issued.",
    "foreign": "他者の署名 この役所が発行した文書ではありません。 / NOT OURS: signed by somebody else.",
    "unreadable": "読めません 途中で切れているか、署名が壊れています。 / CANNOT BE READ: cut off, or damaged.",
    "unsigned": "署名なし 電子署名がありません。 / UNSIGNED: there is no signature.",
    "not-a-pdf": "PDFではありません。 / NOT A PDF.",
}
SEQUENCE, SET, INTEGER, OID, OCTETS, TAG0, TAG1 = 0x30, 0x31, 0x02, 0x06, 0x04, 0xA0, 0xA1
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
DETACHED = bytes.fromhex("300b06092a864886f70d010701")
SHA256 = bytes.fromhex("300d06096086480165030402010500")
DIGESTS: dict[bytes, hashes.HashAlgorithm] = {
    bytes.fromhex("608648016503040201"): hashes.SHA256(),
    bytes.fromhex("608648016503040202"): hashes.SHA384(),
    bytes.fromhex("608648016503040203"): hashes.SHA512(),
}
RSA_PLAIN = bytes.fromhex("300d06092a864886f70d0101010500")
RSA_PSS = bytes.fromhex("06092a864886f70d01010a")
RSA_SHA256 = bytes.fromhex("300d06092a864886f70d01010b0500")
ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
SIGNING_CERTIFICATE = bytes.fromhex("2a864886f70d010910022f")
DATA = bytes.fromhex("06092a864886f70d010701")


class Refused(Exception):
    """The document is not genuine; `state` is a key of SAYS, `why` a sentence for people who know signatures."""

    def __init__(self, state: str, why: str) -> None:
        super().__init__(why)
        self.state = state
        self.why = why


class Value(NamedTuple):
    """One DER value: its tag, its content, and the whole of its bytes."""

    tag: int
    content: bytes
    whole: bytes


class Container(NamedTuple):
    """What is needed of a CMS SignedData with one signer."""

    certificates: list[x509.Certificate]
    issuer_and_serial: bytes
    attributes: bytes
    digest: bytes
    algorithm: bytes
    signature: bytes
    fixed: tuple[bytes, ...]


class Finding(NamedTuple):
    """What was established about a genuine document."""

    signer: str
    signed_at: datetime
    expired: bool


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, print the answer, give the exit code."""
    parser = argparse.ArgumentParser(description="電子署名された文書を確かめます / checks a signed document")
    parser.add_argument("file", type=Path)
    parser.add_argument("--root", type=Path, required=True, help="the issuer's root certificate, PEM")
    options = parser.parse_args(arguments)
    try:
        pdf = options.file.read_bytes()
        root = x509.load_pem_x509_certificate(options.root.read_bytes())
    except (OSError, ValueError) as error:
        print(f"確かめられません / cannot be checked: {error}", file=sys.stderr)
        return 2
    return report(pdf, root)


def report(pdf: bytes, root: x509.Certificate) -> int:
    """Print the answer for these bytes; 0 genuine, 1 not."""
    try:
        finding = verify(pdf, root)
    except Refused as refused:
        print(SAYS[refused.state])
        print(f"  {refused.why}")
        return 1
    print(SAYS["genuine"])
    print(f"  署名者 / signer: {finding.signer}")
    print(f"  署名日時 / signed at: {finding.signed_at}")
    print(f"  SHA-256: {hashlib.sha256(pdf).hexdigest()}")
    if finding.expired:
        print("  署名のあとに証明書の期限が過ぎています。 / the certificate has run out since, after the signature.")
    return 0


def verify(pdf: bytes, root: x509.Certificate, now: datetime | None = None) -> Finding:
    """Prove the bytes genuine or raise Refused; no other exception whatever the bytes are."""
    if b"%PDF-" not in pdf[:1024]:
        raise Refused("not-a-pdf", "no PDF header")
    if b"/ByteRange" not in pdf:
        raise Refused("unsigned", "no /ByteRange") if b"%%EOF" in pdf[-1024:] else Refused("unreadable", "cut off")
    try:
        return _verify(pdf, root, now or datetime.now(UTC))
    except Refused as refused:
        raise Refused(whose(pdf, root, refused.state), refused.why) from refused
    except Exception as error:
        raise Refused(whose(pdf, root, "altered"), f"malformed: {type(error).__name__}") from error


def _verify(pdf: bytes, root: x509.Certificate, now: datetime) -> Finding:
    before, gap, after = split(pdf)
    container = read_container(der_in(gap))
    signer = signer_of(container)
    check_chain(signer, container.certificates, root)
    check_signature(container, signer)
    check_attributes(container, signer, before + after)
    if gap != gap.upper():
        raise Refused("altered", "the signature was rewritten in small letters")
    check_form(container)
    signed_at = signing_time(before, after)
    if not signer.not_valid_before_utc <= signed_at <= signer.not_valid_after_utc:
        raise Refused("foreign", "the certificate was not valid when it signed")
    name = signer.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
    return Finding(str(name), signed_at, now > signer.not_valid_after_utc)


def whose(pdf: bytes, root: x509.Certificate, state: str) -> str:
    """What to call a file that is not ours and whole: "altered" only where a signature of ours is in it."""
    signatures = list(all_values(pdf))
    if any(is_ours(der, root) for der in signatures):
        return state if state == "foreign" and len(signatures) == 1 else "altered"
    return "foreign" if signatures else "unreadable"


def all_values(pdf: bytes) -> Iterator[bytes]:
    """The bytes of each signature in the file, whatever it covers (the last eight), however spoilt."""
    for digits in deque(re.findall(rb"/Contents\s{0,9}<([^<>]+)>", pdf), maxlen=8):
        plain = re.sub(rb"[^0-9a-fA-F]", b"0", b"".join(digits.split()))
        data = bytes.fromhex(plain[: len(plain) & ~1].decode())
        if data[:1] in (b"\x30", b"\x04") and len(data) >= 128:
            yield data[:65536]


def is_ours(der: bytes, root: x509.Certificate) -> bool:
    """Whether a signer's certificate in it leads to our root, however broken the rest is (64 places are tried)."""
    found = []
    for place in islice(re.finditer(rb"(?=\x30\x82(..)\x30\x82)", der, re.S), 64):
        with suppress(Exception):  # ValueError, InvalidVersion, …: hostile bytes
            size = 4 + int.from_bytes(place[1], "big")
            found.append(x509.load_der_x509_certificate(der[place.start() : place.start() + size]))
    return any(leads_to(one, found, root) for one in found)


def leads_to(certificate: x509.Certificate, others: list[x509.Certificate], root: x509.Certificate) -> bool:
    """`check_chain` as a question."""
    try:
        check_chain(certificate, others, root)
    except Exception:  # Refused, ValueError, and whatever a library makes of hostile bytes
        return False
    return True


def split(pdf: bytes) -> tuple[bytes, bytes, bytes]:
    """The file before the signature, the signature, the file after it; they must be the whole file."""
    ranges = re.findall(rb"/ByteRange\s{0,9}\[\s{0,9}(\d{1,9}) +(\d{1,9}) +(\d{1,9}) +(\d{1,9})\s{0,9}\]", pdf)
    if not ranges:
        raise Refused("altered", "/ByteRange is malformed")
    start, end, resume, length = (int(number) for number in ranges[-1])
    if start != 0 or end >= resume or resume + length != len(pdf):
        raise Refused("altered", "the signature does not cover the whole file")
    return pdf[:end], pdf[end:resume], pdf[resume:]


def der_in(gap: bytes) -> bytes:
    """The DER value between < and >; only zeros may follow it."""
    if not re.fullmatch(rb"<([0-9a-fA-F]{2}){4,65536}>", gap):
        raise Refused("altered", "the place of the signature holds something else")
    data = bytes.fromhex(gap[1:-1].decode())
    value = next(values(data, only_first=True))
    if data[len(value.whole) :].strip(b"\0"):
        raise Refused("altered", "bytes after the signature's value")
    return value.whole


def values(data: bytes, only_first: bool = False) -> Iterator[Value]:
    """The DER values that fill `data`: definite, shortest lengths, one-byte tags (X.690, 8.1 and 10.1)."""
    at = 0
    while at < len(data):
        tag, size, head = data[at], data[at + 1], 2
        if size >= 0x80:
            octets = size & 0x7F
            size = int.from_bytes(data[at + 2 : at + 2 + octets], "big")
            head = 2 + octets
            if not 1 <= octets <= 3 or size < (0x80 if octets == 1 else 1 << 8 * (octets - 1)):
                raise Refused("altered", "not DER")
        if tag & 0x1F == 0x1F or at + head + size > len(data):
            raise Refused("altered", "not DER")
        whole = data[at : at + head + size]
        yield Value(tag, whole[head:], whole)
        if only_first:
            return
        at += len(whole)


def expect(data: bytes, *tags: int) -> list[Value]:
    """The values in `data`, which must have exactly these tags."""
    found = list(values(data))
    if [value.tag for value in found] != list(tags):
        raise Refused("altered", "the signature container has another shape")
    return found


def read_container(der: bytes) -> Container:
    """A ContentInfo with SignedData of one signer, whoever made it; `check_form` asks whether it looks like ours."""
    (info,) = expect(der, SEQUENCE)
    kind, wrapped = expect(info.content, OID, TAG0)
    (signed,) = expect(wrapped.content, SEQUENCE)
    version, digests, encapsulated, certificates, signers = expect(signed.content, INTEGER, SET, SEQUENCE, TAG0, SET)
    (signer,) = expect(signers.content, SEQUENCE)
    fields = list(values(signer.content))
    shape = [value.tag for value in fields]
    if shape[:6] != [INTEGER, SEQUENCE, SEQUENCE, TAG0, SEQUENCE, OCTETS] or shape[6:] not in ([], [TAG1]):
        raise Refused("altered", "the signer's part has another shape")
    fixed = (kind.content, version.content, digests.content, encapsulated.whole, fields[0].content)
    found = [x509.load_der_x509_certificate(value.whole) for value in values(certificates.content)]
    return Container(
        found, fields[1].whole, fields[3].whole, fields[2].whole, fields[4].whole, fields[5].content, fixed
    )


def check_form(container: Container) -> None:
    """What no signature protects is as this office writes it: version 1, SHA-256, detached; RSA or ECDSA."""
    if container.digest != SHA256 or container.algorithm not in (RSA_SHA256, RSA_PLAIN, ECDSA_SHA256):
        raise Refused("foreign", "made with other algorithms than this office uses")
    if container.fixed != (SIGNED_DATA, b"\1", SHA256, DETACHED, b"\1"):
        raise Refused("altered", "the signature container is of another kind")


def digest_of(container: Container) -> hashes.HashAlgorithm:
    """The hash that the signer's part names."""
    (kind, *_) = values(expect(container.digest, SEQUENCE)[0].content)
    if kind.content not in DIGESTS:
        raise Refused("foreign", "made with another digest than this office uses")
    return DIGESTS[kind.content]


def signer_of(container: Container) -> x509.Certificate:
    """The certificate that the signer's part names by issuer and serial number."""
    for certificate in container.certificates:
        issuer = certificate.issuer.public_bytes()
        (number,) = [v for v in values(_tbs(certificate)) if v.tag == INTEGER][:1]
        if expect(container.issuer_and_serial, SEQUENCE)[0].content == issuer + number.whole:
            return certificate
    raise Refused("altered", "the signer's certificate is missing")


def _tbs(certificate: x509.Certificate) -> bytes:
    return next(values(certificate.tbs_certificate_bytes)).content


def check_attributes(container: Container, signer: x509.Certificate, signed: bytes) -> None:
    """The signed attributes name this document's digest and this certificate, each once."""
    attributes: dict[bytes, bytes] = {}
    for attribute in values(next(values(container.attributes)).content):
        kind, held = expect(attribute.content, OID, SET)
        if kind.content in attributes:
            raise Refused("altered", "a signed attribute appears twice")
        attributes[kind.content] = held.content
    if attributes.get(CONTENT_TYPE) != DATA:
        raise Refused("altered", "the signature is over another kind of content")
    digest = hashlib.new(digest_of(container).name, signed).digest()
    if attributes.get(MESSAGE_DIGEST) != bytes([OCTETS, len(digest)]) + digest:
        raise Refused("altered", "the content does not have the signed digest")
    # ESSCertIDv2 (RFC 5035): SHA-256 is the default, so the first value inside is the certificate's hash.
    (signing,) = expect(attributes[SIGNING_CERTIFICATE], SEQUENCE)
    (listed, *_) = values(signing.content)
    (first, *_) = values(listed.content)
    hashed = [value.content for value in values(first.content) if value.tag == OCTETS]
    if hashed[:1] != [hashlib.sha256(signer.public_bytes(Encoding.DER)).digest()]:
        raise Refused("altered", "the signature was made with another certificate")


def check_signature(container: Container, signer: x509.Certificate) -> None:
    """The signature over the signed attributes, which are hashed as a SET (RFC 5652, 5.4)."""
    key, signed, digest = signer.public_key(), bytes([SET]) + container.attributes[1:], digest_of(container)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            salted = RSA_PSS in container.algorithm
            scheme = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO) if salted else padding.PKCS1v15()
            return key.verify(container.signature, signed, scheme, digest)
        if isinstance(key, ec.EllipticCurvePublicKey):
            return key.verify(container.signature, signed, ec.ECDSA(digest))
    except InvalidSignature:
        raise Refused("altered", "the signature is wrong") from None
    raise Refused("foreign", "made with another kind of key than this office uses")


def check_chain(signer: x509.Certificate, others: list[x509.Certificate], root: x509.Certificate) -> None:
    """The certificate was issued by the root, or by an authority that leads to it (three steps at most)."""
    allowed = signer.extensions.get_extension_for_class(x509.KeyUsage).value
    if not allowed.digital_signature and not allowed.content_commitment:
        raise Refused("foreign", "the certificate is not for signatures")
    current = signer
    for _ in range(4):
        if _issued(current, root):
            return
        above = [other for other in others if other != current and _issued(current, other)]
        if not above:
            break
        current = above[0]
    raise Refused("foreign", "the certificate does not lead to the root that was given")


def _issued(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
        limits = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = authority.extensions.get_extension_for_class(x509.KeyUsage).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    begun = certificate.not_valid_before_utc
    return (
        limits.ca and usage.key_cert_sign and authority.not_valid_before_utc <= begun <= authority.not_valid_after_utc
    )


def signing_time(before: bytes, after: bytes) -> datetime:
    """The time the signer claims: /M of the signature, inside the signed bytes (ISO 32000-1, 7.3.4.2 and 7.9.4)."""
    near = before[-4096:] + b"\n" + after[:1024]
    found = re.findall(rb"/M\s*\(((?:[^()\\]|\\[0-7]{3}){15,60})\)", near)
    if not found:
        raise Refused("foreign", "no time of signing where this office writes it")
    plain = re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8) & 255]), found[-1]).decode("ascii")
    return datetime.strptime(plain.replace("D:", "").replace("'", "").replace("Z", "+0000"), "%Y%m%d%H%M%S%z")


if __name__ == "__main__":
    sys.exit(main())
