"""Settings are read from the environment; what cannot be read is told with its name and the remedy."""

import stat

import pytest

from madoguchi.config import environment as env


@pytest.mark.parametrize(
    ("written", "read"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("off", False), ("", True)]
)
def test_a_flag(monkeypatch, written, read):
    monkeypatch.setenv("SHOWN", written)
    assert env.flag("SHOWN", default=True) is read


def test_a_flag_that_is_neither_is_told(monkeypatch):
    monkeypatch.setenv("SHOWN", "maybe")
    with pytest.raises(env.EnvironmentRefused, match=r"SHOWN='maybe' .* write 1 or 0"):
        env.flag("SHOWN")


@pytest.mark.parametrize(("written", "read"), [("2525", 2525), ("", 25)])
def test_a_number(monkeypatch, written, read):
    monkeypatch.setenv("PORT", written)
    assert env.number("PORT", 25) == read


@pytest.mark.parametrize("written", ["-1", "1.5", "20 MB", "٢²"])
def test_a_number_that_is_none_is_told(monkeypatch, written):
    monkeypatch.setenv("PORT", written)
    with pytest.raises(env.EnvironmentRefused, match="PORT"):
        env.number("PORT", 25)


def test_a_list(monkeypatch):
    monkeypatch.setenv("HOSTS", " a.example, b.example ,")
    assert env.names("HOSTS") == ["a.example", "b.example"]
    assert env.names("NOT_SET", "localhost") == ["localhost"]


def test_networks_and_single_addresses(monkeypatch):
    monkeypatch.setenv("OURS", "192.0.2.0/24, 2001:db8::1")
    assert [str(one) for one in env.networks("OURS")] == ["192.0.2.0/24", "2001:db8::1/128"]
    assert env.networks("NOT_SET") == []


@pytest.mark.parametrize("written", ["our rooms", "192.0.2.1/24", "0.0.0.0/0", "::/0", "2000::/3"])
def test_what_is_no_network_or_nearly_all_of_them_is_told(monkeypatch, written):
    monkeypatch.setenv("OURS", written)
    with pytest.raises(env.EnvironmentRefused, match="OURS"):
        env.networks("OURS")


def test_the_home_folder_is_the_projects_unless_said_otherwise(monkeypatch, tmp_path):
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
    assert env.home() == tmp_path
    monkeypatch.delenv("MADOGUCHI_HOME")
    assert env.home() == env.PROJECT / ".madoguchi"


def test_a_secret_is_given_or_made_once_for_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
    made = env.secret("TEST_SECRET")
    kept = tmp_path / "secrets" / "test_secret"
    assert len(made) >= 64
    assert env.secret("TEST_SECRET") == made == kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    monkeypatch.setenv("TEST_SECRET", "from the vault")
    assert env.secret("TEST_SECRET") == "from the vault"
