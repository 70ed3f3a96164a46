"""Where an installation names a bucket, dataset files lie there: against a real server that speaks S3, on loopback."""

import hashlib

import boto3
import pytest
from django.test import Client
from moto.server import ThreadedMotoServer

from madoguchi.opendata.models.datasets import Piece
from madoguchi.opendata.publishing import bucket, store

from ...tests import town_data

pytestmark = pytest.mark.django_db
NAME = "minatono-data"


@pytest.fixture(scope="module")
def address():
    """The server's."""
    running = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture(autouse=True)
def kept(address, monkeypatch, settings, tmp_path):
    """The bucket as the environment names it; its objects."""
    names = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    objects = boto3.resource("s3", endpoint_url=address).create_bucket(Bucket=NAME).objects
    settings.DATASETS_DIR = tmp_path / "a"
    settings.STORAGES = settings.STORAGES | {"datasets": bucket.storage(NAME, address)}
    yield objects
    objects.all().delete()


def downloaded():
    answer = Client().get("/datasets/shops/v1.csv")
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else b""


def test_files_are_objects_named_by_their_content_and_no_rows(kept, settings, tmp_path):
    version = town_data.published(200).current
    names = {f"datasets/{file.sha256}" for file in version.files.all()}
    assert {one.key for one in kept.all()} == names
    assert not Piece.objects.exists()
    settings.DATASETS_DIR = tmp_path / "b"  # another host
    status, content = downloaded()
    csv = version.files.get(resource__format="csv")
    assert (status, hashlib.sha256(content).hexdigest()) == (200, csv.sha256)


def test_an_object_that_is_gone_or_another_is_never_handed_out(kept, settings, tmp_path):
    csv = town_data.published(200).current.files.get(resource__format="csv")
    settings.DATASETS_DIR = tmp_path / "b"
    for one in kept.all():
        one.Object().put(Body=b"another file")
    assert downloaded() == (404, b"")
    kept.all().delete()
    assert downloaded() == (404, b"")
    with pytest.raises(store.ContentMissing, match="bucket"):
        store.local(csv)
