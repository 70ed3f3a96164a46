"""One CMS signature (RFC 5652): is it intact, and does its certificate lead to a root that we trust?"""

from dataclasses import dataclass
from typing import Any

from asn1crypto import cms  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError
from pyhanko.sign.general import SignedDataCerts
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity

from .container import Broken

_DEEPEST = 3  # authorities between the signer and the root, at most
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

    def require_intact(self, digest: bytes) -> None:
        """The signed digest is the document's and the signature is right. Raises `Broken`."""
        if self.signer["digest_algorithm"]["algorithm"].native != "sha256":
            raise Broken("container")
        try:
            same, valid = validate_sig_integrity(self.signer, self.certs.signer_cert, "data", digest)
        except SignatureValidationError as error:
            raise Broken("signature") from error
        if not same or not valid:
            raise Broken("signature" if same else "digest")

    def require_chain(self, roots: list[x509.Certificate]) -> None:
        """The certificate leads to one of the roots, at the time the certificate began. Raises `Broken("chain")`.

        When it was used is judged later, by the signing time inside the signed bytes.
        """
        if not _may_sign(self.certificate):
            raise Broken("chain")
        between = [x509.load_der_x509_certificate(other.dump()) for other in self.certs.other_certs]
        anything = ExtensionPolicy.permit_all()
        verifier = (
            PolicyBuilder()
            .store(Store(roots))
            .time(self.certificate.not_valid_before_utc)
            .max_chain_depth(_DEEPEST)
            .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=anything)
            .build_client_verifier()
        )
        try:
            verifier.verify(self.certificate, between)
        except VerificationError as error:
            raise Broken("chain") from error

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


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.digital_signature or usage.content_commitment


def _exact(sequence: Any) -> bool:
    """Whether the fields fill the sequence, with no bytes of nobody's among them."""
    return bool(sequence.contents == b"".join(sequence[name].dump() for name in sequence))
