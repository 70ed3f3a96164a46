"""CMS signatures by filling in a blueprint: only the digest and the signature differ from one document to the next.

pyHanko builds the signature container once, through asn1crypto, for a stand-in digest (13 ms). An RSA signature has a
fixed length, and PAdES keeps the signing time out of the signed attributes, so every later container is the same bytes
with two places filled in (under 1 ms with the signature itself). The tests compare both ways byte for byte.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms, x509  # type: ignore[import-untyped]
from pyhanko.sign.signers.pdf_cms import Signer as PyHankoSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

RawSign = Callable[[bytes], bytes]
"""Signs the SHA-256 digest of what it is given: RSA PKCS#1 v1.5, or ECDSA as DER."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Signed attributes and container with stand-ins; `fill` puts the real digest and signature in their places."""

    attributes: bytes
    container: bytes
    digest: bytes
    signature: bytes

    def fill(self, digest: bytes, sign: RawSign) -> bytes:
        """The DER container for a document with this SHA-256 digest."""
        signature = sign(self.attributes.replace(self.digest, digest))
        if len(signature) != len(self.signature) or len(digest) != len(self.digest):
            raise ValueError("the key gives signatures of another length than its blueprint")
        return self.container.replace(self.digest, digest).replace(self.signature, signature)


class CachedSigner(PyHankoSigner):
    """A pyHanko signer over a key that is already loaded."""

    def __init__(self, certificate: x509.Certificate, chain: list[x509.Certificate], sign: RawSign) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(chain)
        super().__init__(signing_cert=certificate, cert_registry=store, embed_roots=False)
        self._sign = sign
        self._fixed_length = certificate.public_key.algorithm == "rsa"
        self._size = certificate.public_key.byte_size
        self._blueprint: Blueprint | None = None

    def never_waits(self, timestamper: object) -> bool:
        """Whether the next signature is made from the blueprint, with no step that pyHanko hands to an event loop."""
        return self._blueprint is not None and timestamper is None

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The plain signature, called by pyHanko."""
        return self._sign(data)

    async def async_sign(self, data_digest: bytes, digest_algorithm: str, *args: Any, **settings: Any) -> Any:
        """The container for this digest: from the blueprint where that is exact, else from pyHanko."""
        if not self._fixed_length or settings.get("timestamper") is not None:
            return await super().async_sign(data_digest, digest_algorithm, *args, **settings)
        if self._blueprint is None:
            self._blueprint = await self._draw(digest_algorithm, *args, **settings)
        return cms.ContentInfo.load(self._blueprint.fill(data_digest, self._sign))

    async def _draw(self, digest_algorithm: str, *args: Any, **settings: Any) -> Blueprint:
        digest, signature = secrets.token_bytes(32), secrets.token_bytes(self._size)
        seen: list[bytes] = []

        def stand_in(data: bytes) -> bytes:
            seen.append(data)
            return signature

        real, self._sign = self._sign, stand_in
        try:
            drawn = await super().async_sign(digest, digest_algorithm, *args, **settings)
        finally:
            self._sign = real
        blueprint = Blueprint(seen[-1], drawn.dump(), digest, signature)
        if (blueprint.container.count(digest), blueprint.container.count(signature), len(seen)) != (1, 1, 1):
            raise ValueError("the stand-ins are not each found once in the container")
        return blueprint
