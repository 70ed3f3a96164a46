# ruff: noqa: E501
"""The same version says the same in every format: CSV, JSON, Parquet, the API; what the CSV says otherwise is told."""

import csv
import io
import json

import duckdb
import pytest
from django.test import Client

from madoguchi.opendata.models.datasets import Resource
from madoguchi.opendata.publishing.columns import Column, as_text
from madoguchi.opendata.publishing.store import local
from madoguchi.opendata.serving.shelf import shelf
from madoguchi.platform.spreadsheet import original

from ...tests import town_data

pytestmark = pytest.mark.django_db
LONG = "指定暑熱避難施設の開放により受け入れることが可能であると見込まれる人数"
TEXTS = ["@みなと広場", "-", "-5℃以下", "−3", "+αの部屋", "=1+1", "'=1+1", "'60s", "行\n行", 'say "x", y', "0600042", "000000000001",
         "1E2", " 前", "+81-45-222-0101", f'"{LONG}":', None]  # fmt: skip
COLUMNS = [
    Column("番号", "integer"),
    Column("文字"),
    Column("値", "number"),
    Column("日", "date"),
    Column(LONG, "integer"),
    Column(LONG + "（備考）"),
]
ROWS = [[n, text, n / 8, None, n * 2, text] for n, text in enumerate(TEXTS)]


@pytest.fixture
def version(settings, tmp_path):
    settings.DATASETS_DIR = tmp_path
    return town_data.published(columns=COLUMNS, key=["番号"], rows=ROWS).current


def said(version, kind):
    path = local(version.files.get(resource__format=kind))
    names = [one["name"] for one in version.fields]
    if kind == "csv":
        rows = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
        return [[original(row[name]) for name in names] for row in rows]
    if kind == "json":
        return [[as_text(row[name]) for name in names] for row in json.loads(path.read_text())]
    return [[as_text(value) for value in row] for row in duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall()]


def asked(version, **more):
    resource = Resource.objects.get(dataset=version.dataset, format="csv")
    answer = Client().get("/api/3/action/datastore_search", {"resource_id": str(resource.pk), "limit": 100, **more})
    assert answer.status_code == 200, answer.content
    return answer.json()["result"]


@pytest.mark.parametrize("kind", Resource.Format.values)
def test_every_file_says_what_was_published(version, kind):
    assert said(version, kind) == [[as_text(value) for value in row] for row in ROWS]


def test_the_api_says_the_same_under_the_same_names(version):
    result = asked(version)
    names = [one["id"] for one in result["fields"]][1:]
    assert names == [one.name for one in COLUMNS]
    assert [[row[name] for name in names] for row in result["records"]] == ROWS


def test_a_long_heading_is_searched_and_sorted_by_its_whole_name(version):
    assert [row["番号"] for row in asked(version, sort=f"{LONG} desc", limit=2)["records"]] == [16, 15]
    assert [row["番号"] for row in asked(version, filters=json.dumps({LONG: 6}))["records"]] == [3]
    assert Client().get(f"/datasets/{version.dataset.code}/").status_code == 200


def test_where_the_csv_says_otherwise_it_is_told(version):
    marked = [one["name"] for one in version.schema["fields"] if one.get("csvEscape") == "'"]
    assert marked == ["文字", LONG + "（備考）"]
    package = shelf().items[version.dataset.code].package
    assert {one["format"]: "アポストロフィ" in one["description"] for one in package["resources"]} == {
        "CSV": True, "JSON": False, "PARQUET": False,
    }  # fmt: skip
    assert "アポストロフィ" in Client().get(f"/datasets/{version.dataset.code}/").content.decode()


def test_only_what_runs_is_written_otherwise(version):
    path = local(version.files.get(resource__format="csv"))
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    changed = [text for row, text in zip(rows, TEXTS, strict=True) if row["文字"] != as_text(text)]
    assert changed == ["=1+1", "'=1+1"]
