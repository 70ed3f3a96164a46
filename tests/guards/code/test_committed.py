"""Nothing of an installation is committed: no key, no dump, no home that a run has made."""

import re
import subprocess

import pytest

from tests.docs.reading import ROOT

PRIVATE_KEY = re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|PuTTY-User-Key-File-\d|AGE-SECRET-KEY-1[A-Z0-9]")
"""A key as a file holds it; its head in a sentence or a test (`BEGIN PRIVATE KEY` without dashes) is none."""
OF_AN_INSTALLATION = re.compile(
    r"(^|/)(\.madoguchi[^/]*|secrets|keys|postgres|letters)/|\.(pem|key|p12|pfx|jks|kdbx|dump|pgdump|sqlite3?)$"
    r"|(^|/)(PG_VERSION|demo-accounts\.txt|\.env|\.pgpass|id_(rsa|ed25519))$|_secret_key$",
    re.IGNORECASE,
)


def committed():
    """Every file that git would put into a clone, with those that are about to be added."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in told.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def short(path):
    return path.relative_to(ROOT).as_posix()


def test_no_file_of_an_installation_is_committed():
    assert [short(path) for path in committed() if OF_AN_INSTALLATION.search(short(path))] == []


def test_no_private_key_is_committed():
    assert [short(path) for path in committed() if PRIVATE_KEY.search(path.read_bytes())] == []


@pytest.mark.parametrize(
    "name",
    [".madoguchi-micro/secrets/madoguchi_secret_key", ".madoguchi/postgres/PG_VERSION", "tests/root.key", "backup.dump",
     "docs/demo-accounts.txt", "deploy/.env"],
)  # fmt: skip
def test_what_a_run_leaves_behind_would_be_found(name):
    assert OF_AN_INSTALLATION.search(name)


def test_a_key_would_be_found():
    dashes = b"-----"
    assert PRIVATE_KEY.search(dashes + b"BEGIN EC PRIVATE KEY" + dashes)
