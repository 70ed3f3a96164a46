"""The signing key of a demonstration or a small town, in files: a root, and the mayor's certificate under it.

The certificate follows the shape of LGPKI's 職責証明書 (a position, not a person). A real city brings its own
certificate and keeps the key in hardware (`signing.pkcs11_signer`).
"""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

ROOT_YEARS = 20
SIGNER_YEARS = 5  # electronic signature law practice: a 職責証明書 lives at most five years
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336


@dataclass(frozen=True, slots=True)
class Names:
    """What the certificates say: the position that signs, and the government it belongs to."""

    signer: str = "みなと野県知事"
    organisation: str = "みなと野県"
    root: str = "Madoguchi demo CA"


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """Where the key and the certificates lie, all PEM; the keys are PKCS#8, mode 0600."""

    directory: Path

    @property
    def root_key(self) -> Path:
        """Private key of the root: take it off the machine once the signer's certificate exists."""
        return self.directory / "root.key"

    @property
    def root(self) -> Path:
        """The root certificate: what outsiders need to check a document."""
        return self.directory / "root.pem"

    @property
    def signer_key(self) -> Path:
        """Private key that signs documents."""
        return self.directory / "signer.key"

    @property
    def signer(self) -> Path:
        """Certificate of the position that signs; written last, so that it stands for a complete set."""
        return self.directory / "signer.pem"


def new_key() -> rsa.RSAPrivateKey:
    """A fresh RSA-2048 key (why RSA: `signing`)."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def make_file_key(directory: Path, *, names: Names | None = None, now: datetime | None = None) -> KeyFiles:
    """Make the root and the signer's key in `directory` (mode 0700) unless they are there; safe to call at every start.

    Raises `OSError` if the directory cannot be written.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    files = KeyFiles(directory)
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not files.signer.exists():
            _make(files, names or Names(), now or datetime.now(UTC))
    return files


def _make(files: KeyFiles, names: Names, now: datetime) -> None:
    root_key, signer_key = new_key(), new_key()
    root = root_certificate(root_key, names, now)
    signer = signer_certificate(signer_key, root, root_key, names, now)
    for path, content in (
        (files.root_key, _private(root_key)),
        (files.root, root.public_bytes(Encoding.PEM)),
        (files.signer_key, _private(signer_key)),
        (files.signer, signer.public_bytes(Encoding.PEM)),
    ):
        _write(path, content)


def root_certificate(key: PrivateKey, names: Names, now: datetime) -> x509.Certificate:
    """A self-signed root, valid from yesterday for `ROOT_YEARS`."""
    name = _name(names, names.root)
    builder = _builder(name, name, key, now, ROOT_YEARS)
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def signer_certificate(
    key: PrivateKey, root: x509.Certificate, root_key: PrivateKey, names: Names, now: datetime
) -> x509.Certificate:
    """The certificate of the position, issued by the root, valid from yesterday for `SIGNER_YEARS`."""
    purposes = [_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]  # the second is what older readers look for
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return (
        _builder(_name(names, names.signer), root.subject, key, now, SIGNER_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(root_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: PrivateKey, now: datetime, years: int
) -> x509.CertificateBuilder:
    start = (now - timedelta(days=1)).replace(microsecond=0)
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * years + years // 4))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(names: Names, common: str) -> x509.Name:
    parts = (
        (NameOID.COUNTRY_NAME, "JP"),
        (NameOID.ORGANIZATION_NAME, names.organisation),
        (NameOID.COMMON_NAME, common),
    )
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _opener(mode: int) -> Callable[[str, int], int]:
    return lambda path, flags: os.open(path, flags, mode)


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)  # a half-made set of an earlier, interrupted call
    with open(path, "xb", opener=_opener(0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
