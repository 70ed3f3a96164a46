"""One CMS signature (RFC 5652): is it intact, and does its certificate lead to a root that we trust?"""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from asn1crypto import cms  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.x509.verification import ClientVerifier, ExtensionPolicy, PolicyBuilder, Store
from pyhanko.sign.general import SignedDataCerts
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity

from .container import Broken

_DEEPEST = 3  # authorities between the signer and the root, at most
_DIGESTS = ("sha256", "sha384", "sha512")
_ALGORITHMS = ("sha256_rsa", "rsassa_pkcs1v15", "sha256_ecdsa")
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
_DETACHED = bytes.fromhex("300b06092a864886f70d010701")


@dataclass(frozen=True, slots=True)
class Signature:
    """A parsed container with exactly one signer."""

    content: Any
    certs: SignedDataCerts

    @classmethod
    def read(cls, der: bytes) -> "Signature":
        """Parse. Raises `Broken("container")`, or a library's own error for worse bytes."""
        content = cms.ContentInfo.load(der, strict=True)
        if content["content_type"].native != "signed_data" or len(content["content"]["signer_infos"]) != 1:
            raise Broken("container")
        return cls(content, extract_certs_for_validation(content["content"]))

    @property
    def data(self) -> Any:
        """The SignedData."""
        return self.content["content"]

    @property
    def signer(self) -> Any:
        """Its one SignerInfo."""
        return self.data["signer_infos"][0]

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""
        return x509.load_der_x509_certificate(self.certs.signer_cert.dump())

    def require_intact(self, signed: bytes) -> None:
        """The signed digest is the document's, the signature is right, and made as we make them. Raises `Broken`."""
        kind = self.signer["digest_algorithm"]["algorithm"].native
        if kind not in _DIGESTS:
            raise Broken("form")
        try:
            same, valid = validate_sig_integrity(
                self.signer, self.certs.signer_cert, "data", hashlib.new(kind, signed).digest()
            )
        except SignatureValidationError as error:
            raise Broken("signature") from error
        if not same or not valid:
            raise Broken("signature" if same else "digest")
        if kind != "sha256" or self.signer["signature_algorithm"]["algorithm"].native not in _ALGORITHMS:
            raise Broken("form")

    def require_chain(self, roots: list[x509.Certificate]) -> None:
        """The certificate leads to one of the roots, at the time the certificate began. Raises `Broken("chain")`.

        When it was used is judged later, by the signing time inside the signed bytes.
        """
        between = [x509.load_der_x509_certificate(other.dump()) for other in self.certs.other_certs]
        if not leads_to(self.certificate, between, roots):
            raise Broken("chain")

    @property
    def our_form(self) -> bool:
        """Whether the parts that no signature protects are as we write them, so that not one bit may be changed."""
        signer, stamped = self.signer, self.signer["unsigned_attrs"]
        named = signer["sid"].chosen
        return (
            _exact(self.content)
            and _exact(self.data)
            and _exact(signer)
            and named["issuer"].dump() == self.certs.signer_cert.issuer.dump()
            and self.data["version"].native == "v1"
            and signer["version"].native == "v1"
            and self.data["digest_algorithms"].dump() == bytes.fromhex("310f") + _SHA256
            and signer["digest_algorithm"].dump() == _SHA256
            and self.data["encap_content_info"].dump() == _DETACHED
            and self.data["crls"].native is None
            and all(one["type"].native == "signature_time_stamp_token" for one in stamped or ())
        )


def leads_to(certificate: x509.Certificate, between: list[x509.Certificate], roots: list[x509.Certificate]) -> bool:
    """Whether a certificate that may sign leads to one of the roots, at the time it began. Never raises."""
    try:
        if not _may_sign(certificate):
            return False
        _verifier(roots, certificate).verify(certificate, between)
    except Exception:  # ValueError, VerificationError, and whatever a library makes of hostile bytes
        return False
    return True


def _verifier(roots: list[x509.Certificate], certificate: x509.Certificate) -> ClientVerifier:
    return (
        PolicyBuilder()
        .store(Store(roots))
        .time(certificate.not_valid_before_utc)
        .max_chain_depth(_DEEPEST)
        .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all())
        .build_client_verifier()
    )


def certificates_in(der: bytes) -> list[x509.Certificate]:
    """Every certificate that lies in a container, however broken the rest of it is; the first 64 places are tried."""
    found = []
    for place in islice(re.finditer(rb"(?=\x30\x82(..)\x30\x82)", der, re.S), 64):
        with suppress(Exception):  # ValueError, InvalidVersion, …: hostile bytes
            size = 4 + int.from_bytes(place[1], "big")
            found.append(x509.load_der_x509_certificate(der[place.start() : place.start() + size]))
    return found


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.digital_signature or usage.content_commitment


def _exact(sequence: Any) -> bool:
    """Whether the fields fill the sequence, with no bytes of nobody's among them."""
    return bool(sequence.contents == b"".join(sequence[name].dump() for name in sequence))
