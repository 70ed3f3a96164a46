"""A dataset's files lie in the database; a host's copies of them are checked, and may be thrown away."""

import hashlib
import os

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client

from madoguchi.opendata.models.datasets import File, Piece
from madoguchi.opendata.publishing import store

from ...tests import town_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def host(settings, tmp_path):
    """Switches to another host: one more folder, empty."""

    def move(name):
        settings.DATASETS_DIR = tmp_path / name
        return settings.DATASETS_DIR

    move("a")
    return move


@pytest.fixture
def csv():
    return town_data.published(200).current.files.get(resource__format="csv")


def digest(content):
    return hashlib.sha256(content).hexdigest()


def downloaded(version="v1"):
    answer = Client().get(f"/datasets/shops/{version}.csv")
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else b""


def rewritten(**values):
    """What no program can do while the guards stand."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Piece.objects.update(**values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_what_one_host_published_another_hands_out(csv, host):
    here = store.local(csv).read_bytes()
    folder = host("b")
    assert downloaded() == (200, here)
    assert digest(here) == csv.sha256
    assert [one.name for one in folder.iterdir()] == [csv.sha256]


def test_a_second_download_reads_nothing_from_the_store(csv, django_assert_num_queries):
    store.local(csv)
    with django_assert_num_queries(0):
        store.local(csv)


@pytest.mark.parametrize("harm", ["thrown away", "cut", "longer"])
def test_a_copy_that_is_not_whole_is_fetched_again(csv, harm):
    copy = store.local(csv)
    whole = copy.read_bytes()
    if harm == "thrown away":
        copy.unlink()
    else:
        copy.write_bytes(whole[:-1] if harm == "cut" else whole + b"x")
    assert downloaded() == (200, whole)


def test_large_files_lie_in_pieces_and_come_back_whole(monkeypatch, host):
    monkeypatch.setattr(store, "PIECE_BYTES", 1000)
    csv = town_data.published(200).current.files.get(resource__format="csv")
    parts = list(Piece.objects.filter(sha256=csv.sha256).order_by("number").values_list("number", "part"))
    assert [number for number, _part in parts] == list(range(-(-csv.bytes // 1000)))
    assert max(len(part) for _number, part in parts) == 1000
    assert digest(store.local(csv).read_bytes()) == csv.sha256


def test_what_is_lost_or_is_another_file_is_never_handed_out(csv, host):
    folder = host("b")
    rewritten(part=b"another file")
    assert downloaded() == (404, b"")
    with pytest.raises(store.ContentMissing, match="back-up"):
        store.local(csv)
    assert list(folder.iterdir()) == []
    rewritten(sha256="0" * 64, number=F("id"))
    assert downloaded() == (404, b"")


def test_without_the_check_another_file_would_be_handed_out(csv, host, monkeypatch):
    """The control."""
    host("b")
    rewritten(part=b"another file")
    monkeypatch.setattr(store, "hashlib", type("blind", (), {"sha256": staticmethod(lambda: Blind(csv.sha256))}))
    assert downloaded() == (200, b"another file")


class Blind:
    """A digest that says what one wants to hear."""

    def __init__(self, told):
        self.told = told

    def update(self, piece):
        """Look away."""

    def hexdigest(self):
        """As expected."""
        return self.told


def test_the_same_bytes_lie_there_once(csv):
    before = Piece.objects.count()
    store.put(store.local(csv), csv.sha256)
    assert Piece.objects.count() == before


def test_what_is_published_is_stored_with_its_version_or_not_at_all():
    with pytest.raises(RuntimeError), transaction.atomic():
        town_data.published(20)
        raise RuntimeError
    assert not Piece.objects.exists()


@pytest.mark.parametrize("change", [lambda rows: rows.update(part=b"x"), lambda rows: rows.delete()])
def test_the_database_refuses_a_change_of_what_was_stored(csv, change):
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        change(Piece.objects.all())


def test_the_files_of_an_earlier_version_are_taken_in_once(csv, host):
    content = store.local(csv).read_bytes()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; DELETE FROM opendata_piece;"
                       " SET LOCAL session_replication_role = origin")  # fmt: skip
    old = host("old") / "shops"
    old.mkdir(parents=True)
    (old / "v1.csv").write_bytes(content)
    (old / "v1.json").write_bytes(b"[]")  # not what was published: stays out
    assert [store.take_in_files(), store.take_in_files()] == [1, 0]
    host("b")
    assert downloaded() == (200, content)
    assert set(Piece.objects.values_list("sha256", flat=True)) == {csv.sha256}


def test_the_oldest_copies_make_room(csv, host, monkeypatch):
    folder = host("b")
    copies = [store.local(file) for file in File.objects.order_by("pk")]
    for age, copy in enumerate(copies):
        os.utime(copy, (10_000 - age,) * 2)
    monkeypatch.setattr(store, "MOST_BYTES", copies[0].stat().st_size)
    store._make_room(folder)
    assert list(folder.iterdir()) == copies[:1]
    monkeypatch.setattr(store, "MOST_BYTES", 0)
    os.utime(copies[0])
    store._make_room(folder)
    assert list(folder.iterdir()) == copies[:1]  # young: somebody may be about to open it
