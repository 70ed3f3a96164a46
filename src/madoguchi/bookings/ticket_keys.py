"""The private keys that sign tickets, as files: `ticket-<number>.key` in MADOGUCHI_HOME/keys, PKCS#8, mode 0600."""

import os
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

_NAME = re.compile(r"ticket-(\d{1,5})\.key")


class KeyMissing(Exception):
    """The key file is not there or is no Ed25519 key; the text says which and what to do."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is no ticket key: bring it back, or make a new one by `madoguchi rotate-ticket-key`.")


def path_of(directory: Path, number: int) -> Path:
    """Where the key of this number lies."""
    return directory / f"ticket-{number}.key"


def numbers(directory: Path) -> list[int]:
    """The numbers of the keys that lie in `directory`, ascending."""
    found = (_NAME.fullmatch(file.name) for file in directory.glob("ticket-*.key"))
    return sorted(int(match[1]) for match in found if match)


def read(directory: Path, number: int) -> Ed25519PrivateKey:
    """The private key of this number. Raises KeyMissing."""
    path = path_of(directory, number)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as fault:
        raise KeyMissing(path) from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(path)
    return key


def make(directory: Path, number: int) -> Ed25519PrivateKey:
    """A fresh key under a number that has none; the directory gets mode 0700. Raises FileExistsError, OSError."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    key = Ed25519PrivateKey.generate()
    whole, half = path_of(directory, number), directory / f".ticket-{number}.new"
    half.unlink(missing_ok=True)  # of an earlier, interrupted call
    with open(half, "xb", opener=_private) as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    os.link(half, whole)  # fails where the number is taken; never half a key under the final name
    half.unlink()
    return key


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
