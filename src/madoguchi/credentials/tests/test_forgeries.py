"""Every forgery is refused three times: by `check`, by the outsiders' program and by poppler's pdfsig."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from madoguchi.credentials.checking import check
from madoguchi.credentials.tests.forgeries import ZOO

OUTSIDERS = Path(__file__).parents[4] / "verify" / "verify_document.py"
NSS = pytest.mark.skipif(
    not (shutil.which("pdfsig") and shutil.which("certutil")),
    reason="pdfsig not asked: it needs Debian's poppler-utils and libnss3-tools",
)


@pytest.fixture(scope="session")
def kit(genuine, another, unsigned, impostor, lapsed, ours):
    return SimpleNamespace(
        genuine=genuine, another=another, unsigned=unsigned, impostor=impostor, lapsed=lapsed, root=ours.root
    )


@pytest.fixture(scope="session")
def outsiders():
    spec = importlib.util.spec_from_file_location("verify_document", OUTSIDERS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def trust(tmp_path_factory, ours, lapsed):
    """An NSS store that trusts our root, as a reader's machine would."""
    store = tmp_path_factory.mktemp("nss")
    subprocess.run(["certutil", "-N", "-d", f"sql:{store}", "--empty-password"], check=True)
    for name, root in (("ours", ours.files.root), ("lapsed", lapsed.files.root)):
        subprocess.run(
            ["certutil", "-A", "-d", f"sql:{store}", "-n", name, "-t", "CT,C,C", "-i", str(root)], check=True
        )
    return store


def roots(kit) -> list[bytes]:
    """Ours, and the lapsed office's: its documents must be refused for their date and nothing else."""
    return [kit.root, kit.lapsed.files.root.read_bytes()]


def pdfsig_accepts(pdf: bytes, store: Path, folder: Path) -> bool:
    """The three predicates in pdfsig's words, for exactly one signature."""
    file = folder / "file.pdf"
    file.write_bytes(pdf)
    run = subprocess.run(["pdfsig", "-nssdir", str(store), str(file)], capture_output=True, text=True, errors="replace")
    said = run.stdout
    predicates = ("Signature is Valid.", "Total document signed", "Certificate is Trusted.")
    return len(re.findall(r"^Signature #", said, re.M)) == 1 and all(sentence in said for sentence in predicates)


def test_the_genuine_document_is_accepted_by_check(kit):
    assert check(kit.genuine, trust_roots=roots(kit)).genuine


def test_the_genuine_document_is_accepted_by_the_outsiders_program(kit, outsiders, tmp_path, ours, capsys):
    (tmp_path / "a.pdf").write_bytes(kit.genuine)
    assert outsiders.main([str(tmp_path / "a.pdf"), "--root", str(ours.files.root)]) == 0
    assert "真正" in capsys.readouterr().out


@NSS
def test_the_genuine_document_is_accepted_by_pdfsig(kit, trust, tmp_path):
    assert pdfsig_accepts(kit.genuine, trust, tmp_path)


@pytest.mark.parametrize("name", ZOO)
def test_a_forgery_is_refused_by_check(name, kit):
    verdict = check(ZOO[name].make(kit), trust_roots=roots(kit))
    assert not verdict.genuine
    assert verdict.state in ZOO[name].states
    assert verdict.subject is None, "nothing of a forgery's own words is believed"


@pytest.mark.parametrize("name", ZOO)
def test_a_forgery_is_refused_by_the_outsiders_program(name, kit, outsiders, tmp_path, capsys):
    root = kit.lapsed.files.root if "ran out" in name else kit.root
    (tmp_path / "a.pdf").write_bytes(ZOO[name].make(kit))
    (tmp_path / "root.pem").write_bytes(root if isinstance(root, bytes) else root.read_bytes())
    assert outsiders.main([str(tmp_path / "a.pdf"), "--root", str(tmp_path / "root.pem")]) == 1
    assert capsys.readouterr().out.startswith(tuple(outsiders.SAYS[state] for state in ZOO[name].states))


@NSS
@pytest.mark.parametrize("name", ZOO)
def test_a_forgery_is_refused_by_pdfsig(name, kit, trust, tmp_path):
    assert not pdfsig_accepts(ZOO[name].make(kit), trust, tmp_path)
