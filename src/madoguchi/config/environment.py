"""Typed readers of environment variables. An error names the variable, the bad value and the remedy."""

import ipaddress
import os
import secrets
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]


class Refused(Exception):
    """What was asked cannot be done; the text says why and what to do instead."""


class EnvironmentRefused(Refused):
    """A setting in the environment cannot be used; the sentence says which and what to write instead."""


def text(name: str, default: str = "") -> str:
    """The variable as it stands, or the default."""
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """`1/true/yes/on` or `0/false/no/off`."""
    value = os.environ.get(name, "").strip().lower()
    if value == "":
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise EnvironmentRefused(f"{name}={value!r} is neither true nor false: write 1 or 0.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number, not below the least."""
    value = os.environ.get(name, "")
    if value == "":
        return default
    if not (value.isascii() and value.isdecimal()):
        raise EnvironmentRefused(f"{name}={value!r} is not a whole number: write digits only, for example {default}.")
    if int(value) < least:
        raise EnvironmentRefused(f"{name}={value!r} is too small: write at least {least}.")
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(name: str) -> list[Network]:
    """Networks or single addresses, separated by commas. The whole internet is none."""
    return [_network(name, one) for one in names(name)]


def _network(name: str, text: str) -> Network:
    try:
        found = ipaddress.ip_network(text)
    except ValueError as fault:
        told = f"{name} has {text!r} ({fault}): write networks or addresses, for example 192.0.2.0/24."
        raise EnvironmentRefused(told) from None
    if found.prefixlen < 8:
        raise EnvironmentRefused(f"{name} has {text!r}, which is a large part of the internet: name your own networks.")
    return found


def home() -> Path:
    """The folder with everything this installation makes for itself: keys, the embedded database, mail."""
    return Path(text("MADOGUCHI_HOME") or PROJECT / ".madoguchi").resolve()


def secret(name: str) -> str:
    """The variable, or else a secret made once and kept in the home folder, readable only by its owner."""
    if value := os.environ.get(name):
        return value
    kept = home() / "secrets" / name.lower()
    if not kept.exists():
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass  # another process of this installation made it first
    return kept.read_text().strip()
