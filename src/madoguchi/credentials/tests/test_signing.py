"""The signature: made once, exactly as pyHanko makes it, by a key in a file or in a token."""

import asyncio
import hashlib
import io
import os
import shutil
import stat
import subprocess
import threading
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from pyhanko.sign.signers.pdf_cms import Signer as PyHankoSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from madoguchi.credentials import keys
from madoguchi.credentials.checking import check
from madoguchi.credentials.container import find
from madoguchi.credentials.signing import SigningFailed, file_signer, make_file_key, pkcs11_signer

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


def test_the_files_are_for_their_owner_only_and_made_once(tmp_path):
    files = make_file_key(tmp_path / "keys")
    before = files.signer_key.read_bytes()
    assert make_file_key(tmp_path / "keys").signer_key.read_bytes() == before
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (files.signer_key, files.root_key)} == {0o600}


def test_processes_that_start_together_make_one_set_of_files(tmp_path):
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(make_file_key(tmp_path / "keys").signer.read_bytes()))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


def test_a_half_made_set_is_made_anew(tmp_path):
    files = make_file_key(tmp_path)
    files.signer.unlink()
    make_file_key(tmp_path)
    certificate = x509.load_pem_x509_certificate(files.signer.read_bytes())
    assert certificate.public_key() == load_pem_private_key(files.signer_key.read_bytes(), None).public_key()


def test_the_certificate_names_a_position_for_five_years(ours):
    certificate = x509.load_pem_x509_certificate(ours.files.signer.read_bytes())
    assert certificate.subject.rfc4514_string() == "CN=みなと野県知事,O=みなと野県,C=JP"
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc < timedelta(days=5 * 366)
    assert isinstance(certificate.public_key(), rsa.RSAPublicKey)


def test_the_signature_certifies_the_document_against_every_later_change(genuine):
    with pikepdf.open(io.BytesIO(genuine)) as pdf:
        signature = pdf.Root.Perms.DocMDP
        assert signature.SubFilter == "/ETSI.CAdES.detached"
        assert int(signature.Reference[0].TransformParams.P) == 1


def test_a_signed_document_is_still_tagged(genuine):
    with pikepdf.open(io.BytesIO(genuine)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert "pdfuaid:part" in pdf.Root.Metadata.read_bytes().decode()


def test_the_container_from_the_blueprint_is_the_one_pyhanko_makes(ours, genuine, unsigned):
    key = load_pem_private_key(ours.files.signer_key.read_bytes(), None)

    class Plain(PyHankoSigner):
        async def async_sign_raw(self, data, digest_algorithm, dry_run=False):
            return key.sign(data, PKCS1v15(), SHA256())

    ours.signer.sign(unsigned)  # the blueprint is surely drawn now
    fast = find(ours.signer.sign(unsigned))
    engine = ours.signer._engine
    plain = Plain(signing_cert=engine.signing_cert, cert_registry=SimpleCertificateStore(), embed_roots=False)
    slow = asyncio.run(plain.async_sign(hashlib.sha256(fast.signed).digest(), "sha256", use_pades=True)).dump()
    assert fast.der == slow
    assert cms.ContentInfo.load(fast.der, strict=True)["content"]["signer_infos"][0]["signature"].native


def test_what_is_not_a_pdf_is_not_signed(ours):
    with pytest.raises(SigningFailed):
        ours.signer.sign(b"hello")


def test_a_certified_document_is_not_signed_again(ours, genuine):
    with pytest.raises(SigningFailed):
        ours.signer.sign(genuine)


def test_a_signer_without_its_files_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        file_signer(tmp_path)


def test_threads_that_sign_together_sign_their_own_documents(ours, unsigned, other_unsigned):
    found: list[tuple[bytes, bytes]] = []

    def one(pdf: bytes) -> None:
        found.append((pdf, ours.signer.sign(pdf)))

    threads = [threading.Thread(target=one, args=(pdf,)) for pdf in (unsigned, other_unsigned) * 6]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert all(signed.startswith(pdf) and check(signed, trust_roots=[ours.root]).genuine for pdf, signed in found)


def test_an_ecdsa_key_signs_too(tmp_path, monkeypatch, unsigned):
    monkeypatch.setattr(keys, "new_key", lambda: ec.generate_private_key(ec.SECP256R1()))
    files = make_file_key(tmp_path)
    signer = file_signer(tmp_path)
    for _ in range(2):
        assert check(signer.sign(unsigned), trust_roots=[files.root.read_bytes()]).genuine


def test_a_signature_with_a_timestamp_is_genuine(tmp_path, unsigned, ours):
    stamps = make_file_key(tmp_path)
    certificate, key = _stamping_authority(stamps)
    stamper = DummyTimeStamper(tsa_cert=certificate, tsa_key=key)
    assert check(ours.signer.sign(unsigned, timestamper=stamper), trust_roots=[ours.root]).genuine


def _stamping_authority(files):
    der = x509.load_pem_x509_certificate(files.signer.read_bytes()).public_bytes(Encoding.DER)
    private = load_pem_private_key(files.signer_key.read_bytes(), None)
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return asn1_x509.Certificate.load(der), asn1_keys.PrivateKeyInfo.load(plain)


@pytest.fixture
def token(tmp_path, monkeypatch):
    """A SoftHSM token with a signing key and its certificate, and the root it leads to."""
    module = next((path for path in MODULES if Path(path).exists()), None)
    if not shutil.which("softhsm2-util") or module is None:
        pytest.skip("PKCS#11 was not tried: it needs Debian's softhsm2")
    import pkcs11

    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    files = make_file_key(tmp_path / "keys")
    tool, pin = ["softhsm2-util", "--module", module], ["--pin", "1234"]
    subprocess.run([*tool, "--init-token", "--free", "--label", "city", *pin, "--so-pin", "5678"], check=True)
    options = ["--token", "city", *pin, "--label", "mayor", "--id", "01"]
    subprocess.run([*tool, "--import", str(files.signer_key), *options], check=True)
    session = pkcs11.lib(module)
    session.reinitialize()
    der = x509.load_pem_x509_certificate(files.signer.read_bytes()).public_bytes(Encoding.DER)
    with session.get_token(token_label="city").open(rw=True, user_pin="1234") as opened:
        opened.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: "mayor",
                pkcs11.Attribute.ID: b"\x01",
                pkcs11.Attribute.SUBJECT: b"",
                pkcs11.Attribute.VALUE: der,
            }
        )
    return Path(module), files


def test_a_key_in_a_hardware_token_signs_like_the_one_in_a_file(token, unsigned):
    module, files = token
    signer = pkcs11_signer(module, "city", "1234", "mayor", "mayor")
    assert signer.fingerprint == file_signer(files.directory).fingerprint
    for _ in range(3):
        assert check(signer.sign(unsigned), trust_roots=[files.root.read_bytes()]).genuine


def test_a_token_session_that_was_lost_is_opened_again(token, unsigned):
    module, files = token
    signer = pkcs11_signer(module, "city", "1234", "mayor", "mayor")
    signer.sign(unsigned)
    signer._engine._sign.__self__._session.close()
    assert check(signer.sign(unsigned), trust_roots=[files.root.read_bytes()]).genuine


@pytest.mark.parametrize(
    ("name", "pin", "key", "certificate"),
    [
        ("city", "9999", "mayor", "mayor"),
        ("town", "1234", "mayor", "mayor"),
        ("city", "1234", "king", "mayor"),
        ("city", "1234", "mayor", "king"),
    ],
    ids=["wrong PIN", "no such token", "no such key", "no such certificate"],
)
def test_a_token_that_cannot_be_used_is_one_kind_of_error(token, name, pin, key, certificate):
    module, _ = token
    with pytest.raises(SigningFailed, match=name):
        pkcs11_signer(module, name, pin, key, certificate)


def test_a_module_that_is_not_there_is_the_same_kind_of_error():
    with pytest.raises(SigningFailed):
        pkcs11_signer(Path("/nonexistent/module.so"), "city", "1234", "mayor", "mayor")


def test_nothing_of_the_key_is_readable_by_others_even_under_a_wide_umask(tmp_path):
    old = os.umask(0)
    try:
        files = make_file_key(tmp_path / "keys")
    finally:
        os.umask(old)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (files.signer_key, files.root_key)} == {0o600}
