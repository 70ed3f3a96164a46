"""The command line: what is typed, and the sentence where something stands in the way."""

import shutil
import sys

import pytest
from django.db import OperationalError

from madoguchi.config import cli
from madoguchi.config.environment import EnvironmentRefused


def run(monkeypatch, *words):
    """The exit code of a command line."""
    monkeypatch.setattr(sys, "argv", ["madoguchi", *words])
    return cli.main()


def test_run_has_an_address_of_its_own():
    given = cli.parser().parse_args(["run"])
    assert (given.host, given.port) == ("127.0.0.1", 8000)
    assert given.workers >= 1


@pytest.mark.parametrize(
    "words", [["run", "--port", "0"], ["run", "--port", "65536"], ["run", "--workers", "none"], ["nothing"], []]
)
def test_what_cannot_be_meant_is_refused_with_the_usage(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.parser().parse_args(words)
    assert "usage: madoguchi" in capsys.readouterr().err


def test_a_fault_free_folder_is_checked(monkeypatch, capsys, settings, tmp_path):
    shutil.copytree(settings.PROCEDURES_DIR / "barber-shop-opening", tmp_path / "barber-shop-opening")
    assert run(monkeypatch, "check", str(tmp_path)) == 0
    assert capsys.readouterr().out.startswith("0 fault(s)")


def test_faults_are_listed_and_the_code_is_1(monkeypatch, capsys, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "procedure.yaml").write_text("code: broken\n")
    assert run(monkeypatch, "check", str(tmp_path)) == 1
    assert "broken/procedure.yaml" in capsys.readouterr().out


def test_a_flow_is_printed_as_bpmn(monkeypatch, capsysbinary):
    assert run(monkeypatch, "bpmn", "permit") == 0
    assert b"BPMN/20100524/MODEL" in capsysbinary.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["bpmn", "nowhere"], "there is no flow 'nowhere'; there are"),
        (["code", "nobody@minatono.example"], "has no code"),
        (["add-officer", "a@b.example", "名", "nowhere", "officer"], "unknown office or role"),
    ],
)
def test_what_does_not_exist_is_told_in_a_sentence(monkeypatch, capsys, words, told):
    assert run(monkeypatch, *words) == 1
    assert told in capsys.readouterr().err


def test_migrating_needs_a_database(monkeypatch, capsys):
    monkeypatch.delenv("DATABASE_URL")
    assert run(monkeypatch, "migrate") == 1
    assert "DATABASE_OWNER_URL" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (OperationalError("connection failed\nIs the server running?"), "no database (connection failed)"),
        (EnvironmentRefused("MADOGUCHI_DEBUG='x' is neither true nor false"), "MADOGUCHI_DEBUG='x'"),
    ],
)
def test_faults_that_people_can_mend_are_sentences(monkeypatch, capsys, fault, told):
    def broken(given):
        """Broken."""
        raise fault

    monkeypatch.setattr(cli, "verify_record", broken)
    assert run(monkeypatch, "verify-record") == 1
    assert capsys.readouterr().err.startswith(f"madoguchi: {told}")


def test_a_fault_of_the_program_is_not_hidden(monkeypatch):
    def broken(given):
        """Broken."""
        raise KeyError("ours")

    monkeypatch.setattr(cli, "verify_record", broken)
    with pytest.raises(KeyError):
        run(monkeypatch, "verify-record")
