"""The office's electronic signature: PAdES baseline B-B, certified, no later change allowed.

RSA-2048, as LGPKI's 職責証明書 have it. ECDSA P-256 is accepted too (pdfsig knows both), but an RSA signature has a
fixed length, and that is what lets `blueprint` skip the costly part; the raw signature is under 1 ms either way.
"""

import asyncio
import io
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import pem, x509  # type: ignore[import-untyped]
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pkcs11.util.ec import encode_ecdsa_signature
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import TimeStamper

from .blueprint import CachedSigner, RawSign
from .keys import KeyFiles, Names, PrivateKey, make_file_key

__all__ = ["KeyFiles", "Names", "Signer", "SigningFailed", "file_signer", "make_file_key", "pkcs11_signer"]

FIELD = "Madoguchi"
REASON = "発行"
# Hidden, so that PDF/UA-1 asks for no place in the structure tree (ISO 14289-1, 7.18.4).
_UNSEEN = SigFieldSpec(FIELD, invis_sig_settings=InvisSigSettings(set_print_flag=False, set_hidden_flag=True))
# Hexadecimal digits kept free for the container: 2.3 KB without, up to 12 KB with a timestamp.
_ROOM, _ROOM_WITH_TIME = 6_144, 24_576


class SigningFailed(Exception):
    """No signature was made: the file is not a PDF we can sign, or the token refused. The cause is chained."""


class _Update(IncrementalPdfFileWriter):
    """An update that leaves title and metadata as the document has them (pyHanko would write its own name there)."""

    def _update_meta(self) -> None:
        """Nothing: the signature changes nothing that a reader sees."""


class Signer:
    """Signs documents with one key that stays loaded. Safe to share between threads: they take turns.

    Not to be called where an event loop is running (use a thread there).
    """

    def __init__(self, certificate: Path | bytes, chain: list[Path], sign: RawSign) -> None:
        self._certificate = _certificate(certificate)
        self._engine = CachedSigner(self._certificate, [_certificate(one) for one in chain], sign)
        self._turn = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signing certificate, hexadecimal: which seal was used (for the register)."""
        return str(self._certificate.sha256.hex())

    def sign(self, pdf: bytes, *, reason: str = REASON, timestamper: TimeStamper | None = None) -> bytes:
        """The PDF with our certification signature, appended as an incremental update. Raises `SigningFailed`."""
        details = PdfSignatureMetadata(
            field_name=FIELD,
            reason=reason,
            md_algorithm="sha256",
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            subfilter=SigSeedSubFilter.PADES,
        )
        room = _ROOM if timestamper is None else _ROOM_WITH_TIME
        try:
            with self._turn:
                writer = _Update(io.BytesIO(pdf))
                signer = PdfSigner(details, self._engine, timestamper=timestamper, new_field_spec=_UNSEEN)
                work = signer.async_sign_pdf(writer, bytes_reserved=room)
                signed = _finish(work) if self._engine.never_waits(timestamper) else asyncio.run(work)
        except Exception as error:  # pyHanko raises many kinds for a broken PDF, PKCS#11 as many for a lost token
            raise SigningFailed(f"The document was not signed: {type(error).__name__}: {error}") from error
        return bytes(signed.getbuffer())


def file_signer(directory: Path) -> Signer:
    """The signer over the files `make_file_key` made. Raises `FileNotFoundError` when there are none."""
    files = KeyFiles(directory)
    key = load_pem_private_key(files.signer_key.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SigningFailed(f"{files.signer_key} holds neither an RSA nor an ECDSA key.")
    return Signer(files.signer, [files.root], _raw(key))


def pkcs11_signer(
    module: Path | str,
    token: str,
    pin: str,
    key_label: str = "signer",
    cert_label: str = "signer",
    chain: tuple[Path, ...] = (),
) -> Signer:
    """The signer over a key in a hardware token. `chain` are PEM files of the authorities above its certificate.

    The session is opened here and once again when the token was lost in between. Open it after forking a worker.
    Raises `SigningFailed` when the token, the key or the certificate is not found or the PIN is wrong.
    """
    device = _Token(module, token, pin, key_label)
    try:
        certificate = device.certificate(cert_label)
    except pkcs11.PKCS11Error as error:
        raise SigningFailed(f"Token {token!r} cannot be used: {type(error).__name__}: {error}") from error
    return Signer(certificate, list(chain), device.sign)


class _Token:
    """One PKCS#11 session and the private key in it."""

    def __init__(self, module: Path | str, token: str, pin: str, label: str) -> None:
        self._place = (module, token, pin, label)
        self._key: Any = None
        self._session: Any = None

    def certificate(self, label: str) -> bytes:
        """The certificate of this label, DER."""
        self._open()
        wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE, pkcs11.Attribute.LABEL: label}
        for found in self._session.get_objects(wanted):
            return bytes(found[pkcs11.Attribute.VALUE])
        raise pkcs11.NoSuchKey(f"no certificate {label!r}")

    def sign(self, data: bytes) -> bytes:
        """Sign, opening the session again if the token went away since the last time."""
        try:
            return self._sign(data)
        except pkcs11.PKCS11Error:
            self._open()
            return self._sign(data)

    def _sign(self, data: bytes) -> bytes:
        if self._key.key_type == pkcs11.KeyType.RSA:
            return bytes(self._key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
        digest = hashes.Hash(hashes.SHA256())
        digest.update(data)
        return bytes(encode_ecdsa_signature(self._key.sign(digest.finalize(), mechanism=pkcs11.Mechanism.ECDSA)))

    def _open(self) -> None:
        module, token, pin, label = self._place
        if self._session is not None:
            with suppress(pkcs11.PKCS11Error):
                self._session.close()
        self._session = pkcs11.lib(str(module)).get_token(token_label=token).open(user_pin=pin)
        self._key = self._session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)


def _finish(work: Coroutine[Any, Any, io.BytesIO]) -> io.BytesIO:
    """Run what never waits without an event loop, which costs more than the signature."""
    try:
        work.send(None)
    except StopIteration as done:
        result: io.BytesIO = done.value
        return result
    raise RuntimeError("the signature waited for something")


def _raw(key: PrivateKey) -> RawSign:
    if isinstance(key, rsa.RSAPrivateKey):
        scheme: Callable[[bytes], bytes] = lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())  # noqa: E731
        return scheme
    return lambda data: key.sign(data, ec.ECDSA(hashes.SHA256()))


def _certificate(source: Path | bytes) -> x509.Certificate:
    data = source if isinstance(source, bytes) else source.read_bytes()
    return x509.Certificate.load(pem.unarmor(data)[2] if pem.detect(data) else data)
