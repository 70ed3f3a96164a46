"""Authorities between the root and the signer (as LGPKI has them), and people who pretend to be one."""

import importlib.util
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding

from madoguchi.credentials import keys
from madoguchi.credentials.checking import State, check
from madoguchi.credentials.signing import Signer

NOW, NAMES = datetime.now(UTC), keys.Names()
OUTSIDERS = Path(__file__).parents[4] / "verify" / "verify_document.py"


def authority(key, issuer, issuer_key, *, ca: bool = True, depth: int | None = 0, name: str = "Bridge CA"):
    """A certificate that may issue others (or, with `ca=False`, may not)."""
    subject = keys._name(NAMES, name)
    above = issuer.subject if issuer else subject
    limit = x509.BasicConstraints(ca=ca, path_length=depth if ca else None)
    issued = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        keys._builder(subject, above, key, NOW, 10)
        .add_extension(limit, critical=True)
        .add_extension(keys._usage(signs_certificates=ca), critical=True)
        .add_extension(issued, critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def both_say(pdf: bytes, root: x509.Certificate) -> tuple[str, str]:
    """The state according to `check`, and according to the outsiders' program."""
    spec = importlib.util.spec_from_file_location("verify_document", OUTSIDERS)
    outsiders = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(outsiders)
    try:
        outsiders.verify(pdf, root)
        theirs = "genuine"
    except outsiders.Refused as refused:
        theirs = refused.state
    return check(pdf, trust_roots=[root.public_bytes(Encoding.PEM)]).state, theirs


@pytest.fixture(scope="module")
def pairs():
    """Three keys, to save the time of making them in each test."""
    return [keys.new_key() for _ in range(3)]


def signed_under(between: x509.Certificate, between_key, key, pdf: bytes, folder: Path) -> bytes:
    """The PDF signed by a certificate that `between` issued; the container carries both."""
    leaf = keys.signer_certificate(key, between, between_key, NAMES, NOW)
    (folder / "between.pem").write_bytes(between.public_bytes(Encoding.PEM))
    signer = Signer(
        leaf.public_bytes(Encoding.PEM),
        [folder / "between.pem"],
        lambda data: key.sign(data, PKCS1v15(), hashes.SHA256()),
    )
    return signer.sign(pdf)


def test_an_authority_between_the_root_and_the_signer_is_followed(pairs, unsigned, tmp_path):
    root_key, between_key, key = pairs
    root = authority(root_key, None, root_key, depth=1, name="Root")
    between = authority(between_key, root, root_key)
    assert both_say(signed_under(between, between_key, key, unsigned, tmp_path), root) == ("genuine", "genuine")


def test_a_signer_may_not_make_signers(pairs, unsigned, tmp_path):
    root_key, between_key, key = pairs
    root = authority(root_key, None, root_key, depth=1, name="Root")
    ordinary = authority(between_key, root, root_key, ca=False)
    pdf = signed_under(ordinary, between_key, key, unsigned, tmp_path)
    assert both_say(pdf, root) == (State.FOREIGN, "foreign")


def test_an_authority_with_the_right_name_and_another_key_is_refused(pairs, unsigned, tmp_path):
    root_key, between_key, key = pairs
    root = authority(root_key, None, root_key, depth=1, name="Root")
    false_root = authority(key, None, key, depth=1, name="Root")
    between = authority(between_key, false_root, key)
    pdf = signed_under(between, between_key, key, unsigned, tmp_path)
    assert both_say(pdf, root) == (State.FOREIGN, "foreign")


def test_a_certificate_that_is_not_for_signatures_is_refused(pairs, unsigned, tmp_path):
    root_key, _, key = pairs
    root = authority(root_key, None, root_key, depth=1, name="Root")
    other = authority(key, root, root_key, name="みなと野県知事")
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    sign = lambda data: key.sign(data, PKCS1v15(), hashes.SHA256())  # noqa: E731
    signer = Signer(other.public_bytes(Encoding.PEM), [tmp_path / "root.pem"], sign)
    assert both_say(signer.sign(unsigned), root) == (State.FOREIGN, "foreign")
