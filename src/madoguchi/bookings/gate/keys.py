"""The private keys that sign tickets: sealed for the database under the installation's secret, or files of before that.

A row is opened by MADOGUCHI_SECRET_KEY only: who has a dump of the database alone forges no ticket (ADR 50).
"""

import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key

NONCE_BYTES: Final = 12


class KeyMissing(Exception):
    """The key of this number cannot be had; the text says what to do."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"ticket key {number} cannot be opened: bring back the MADOGUCHI_SECRET_KEY that it was sealed with,"
            " or make a new one by `madoguchi rotate-ticket-key`."
        )


def seal(private: Ed25519PrivateKey, *, secret: str, number: int) -> bytes:
    """The key as a row may hold it: a nonce, then AES-256-GCM over its 32 bytes, bound to its number."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_sealing_key(secret)).encrypt(nonce, private.private_bytes_raw(), _context(number))


def unseal(sealed: bytes, *, secret: str, number: int) -> Ed25519PrivateKey:
    """The key back. Raises KeyMissing: another secret, another number, or not what was sealed."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return Ed25519PrivateKey.from_private_bytes(AESGCM(_sealing_key(secret)).decrypt(nonce, rest, _context(number)))
    except (InvalidTag, ValueError) as fault:
        raise KeyMissing(number) from fault


def _sealing_key(secret: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"madoguchi ticket keys").derive(secret.encode())  # RFC 5869


def _context(number: int) -> bytes:
    return f"ticket-key:{number}".encode()


def path_of(directory: Path, number: int) -> Path:
    """Where version 0.1.0 kept the key of this number (PKCS#8)."""
    return directory / f"ticket-{number}.key"


def read_file(directory: Path, number: int) -> Ed25519PrivateKey | None:
    """The key that an earlier version kept as a file; None where there is none that can be read."""
    try:
        key = load_pem_private_key(path_of(directory, number).read_bytes(), password=None)
    except (OSError, ValueError):
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None
