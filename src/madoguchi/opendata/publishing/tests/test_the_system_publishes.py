"""What the system publishes of itself: again and again the same is no new version, and no person is in it."""

import csv
import io
import json

import duckdb
import openpyxl
import pytest

from madoguchi.desk import actions as desk
from madoguchi.figures.rollup import roll
from madoguchi.opendata.models.datasets import Dataset
from madoguchi.opendata.publishing import inventory
from madoguchi.opendata.publishing.actions import import_inventory, renew_all
from madoguchi.opendata.publishing.columns import Column, RowsRefused
from madoguchi.opendata.publishing.sources import SOURCES, facilities
from madoguchi.opendata.publishing.store import local
from madoguchi.people.actor import worker
from madoguchi.registers.directory import registers
from tests import town

from ...tests import town_data

pytestmark = pytest.mark.django_db


def rows_of(code, kind="csv"):
    version = Dataset.objects.get(code=code).current
    path = local(version.files.get(resource__format=kind))
    if kind == "parquet":
        return duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall()
    if kind == "json":
        return json.loads(path.read_text(encoding="utf-8"))
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_granted_permit_appears_and_makes_the_next_version():
    renew_all(register=SOURCES, by=worker("test"))
    case = town.applied()
    town.decided(case)
    versions, _faults = renew_all(register=SOURCES, by=worker("test"))
    assert [(one.dataset.code, one.number, one.rows) for one in versions] == [("food-businesses", 2, 1)]
    (row,) = rows_of("food-businesses")
    allowed = registers()["food-business"].register.open_data.columns
    assert list(row) == ["全国地方公共団体コード", "ID", "地方公共団体名", *allowed]
    assert row["営業施設名称"] == case.filings.get(step="").answers["trade_name"]
    assert case.reference not in json.dumps(rows_of("food-businesses", "json"))


def test_a_person_who_applies_is_not_published():
    given = town.example()
    assert given["applicant"]["kind"] == "person"
    licence = town.example(town.LICENCE)
    person = {**licence["applicant"], "kind": "person", "name": "秘密 花子"}
    from madoguchi.opendata.publishing.sources.permits import _value

    asked = town.compiled(town.LICENCE).every
    assert _value(asked, "applicant.name", {"applicant": person}) is None
    assert _value(asked, "applicant.name", {"applicant": {**person, "kind": "corporation"}}) == "秘密 花子"


def test_a_withdrawn_document_goes_and_a_refusal_never_comes():
    granted, refused = town.applied(), town.applied()
    credential = town.decided(granted)
    town.decided(refused, "refused")
    renew_all(register=SOURCES, by=worker("test"))
    assert len(rows_of("food-businesses")) == 1
    desk.withdraw_document(credential, reason="取消し", by=town.yamamoto())
    renew_all(register=SOURCES, by=worker("test"))
    assert rows_of("food-businesses") == []


def test_the_catalogue_has_the_columns_of_the_national_inventory():
    renew_all(register=SOURCES, by=worker("test"))
    found = rows_of("procedures")
    assert list(found[0])[:46] == list(inventory.NAMES) and len(inventory.NAMES) == 46
    permit = next(row for row in found if row["手続ID"] == town.RESTAURANT)
    assert permit["法令名"] == "食品衛生法" and permit["手数料等の納付有無"] == "2 手数料等有り"
    assert all(row["手続類型"] == "1 申請等" for row in found)


def test_the_inventory_comes_back_from_its_own_file_and_from_a_national_one(tmp_path):
    renew_all(register=SOURCES, by=worker("test"))
    stored = local(Dataset.objects.get(code="procedures").current.files.get(resource__format="csv"))
    own = tmp_path / "procedures.csv"
    own.write_bytes(stored.read_bytes())
    assert {row[0] for row in inventory.read(own)} >= {town.RESTAURANT}
    book = openpyxl.Workbook()
    book.active.append(["分類"])
    book.active.append([name.replace("(", "（ ").replace(")", "）") for name in inventory.NAMES])
    book.active.append(["１２３", "厚生労働省", "届出", *[None] * 28, "1,200", 800.0, "400", *[None] * 12])
    book.save(tmp_path / "national.xlsx")
    made = import_inventory(path=tmp_path / "national.xlsx", by=worker("test"))
    (row,) = rows_of(made.code, "json")
    assert (row["手続名"], row["総手続件数"], row["オンライン手続件数"]) == ("届出", 1200, 800) and not made.is_public


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x81\xff\x00", "手続ID,手続名\n1,2\n".encode("cp932")])
def test_another_file_is_no_inventory(tmp_path, content):
    (tmp_path / "wrong.csv").write_bytes(content)
    with pytest.raises(RowsRefused):
        inventory.read(tmp_path / "wrong.csv")


def test_fewer_than_five_are_nowhere_in_the_figures():
    for _n in range(3):
        town.applied()
    roll()
    renew_all(register=SOURCES, by=worker("test"))
    (row,) = [row for row in rows_of("service-figures") if row["procedure"] == town.RESTAURANT]
    assert row["received"] == row["online"] == ""


def test_facilities_come_when_there_are_some(tmp_path, settings):
    settings.FACILITIES_DIR = tmp_path
    assert list(facilities.sources()) == []
    (tmp_path / "museum").mkdir()
    (tmp_path / "museum/facility.yaml").write_text("code: museum\nname: 博物館\nlatitude: 35.5\nlongitude: 139.5\n")
    (source,) = facilities.sources()
    renew_all(register=[lambda: [source]], by=worker("test"))
    assert rows_of("facilities", "json")[0]["緯度"] == 35.5


def test_all_files_say_the_same():
    made = town_data.published(30)
    as_csv, as_json, parquet = (rows_of(made.code, kind) for kind in ("csv", "json", "parquet"))
    names = [field["name"] for field in made.current.fields]
    assert [str(as_json[0][name]) for name in names[:3]] == [as_csv[0][name] for name in names[:3]]
    assert [row[3].isoformat() for row in parquet] == [row["opened"] for row in as_json]
    assert len(as_csv) == len(as_json) == len(parquet) == 30


def test_a_formula_is_harmless_in_the_csv_and_itself_elsewhere():
    rows = [["=1+1"], ["普通"], ["line\nline"], ['say "x", y'], [None]]
    made = town_data.published(columns=[Column("text")], key=(), rows=rows)
    assert {row["text"] for row in rows_of(made.code)} == {"'=1+1", "普通", "line\nline", 'say "x", y', ""}
    assert {row[0] for row in rows_of(made.code, "parquet")} == {one for (one,) in rows}


@pytest.mark.parametrize(
    ("columns", "key", "rows"),
    [
        ([], (), []),
        ([Column("a"), Column("A")], (), []),
        ([Column("_id")], (), []),
        ([Column('a"b')], (), []),
        ([Column("あ" * 134)], (), []),
        ([Column("a")], ("b",), []),
        ([Column("a")], ("a",), [["1"], ["1"]]),
        ([Column("a", "integer")], (), [["1"]]),
        ([Column("a", "integer")], (), [[True]]),
        ([Column("a", "integer")], (), [[2**63]]),
        ([Column("a", "number")], (), [[float("nan")]]),
        ([Column("a")], (), [["\0"]]),
        ([Column("a")], (), [["\ud800"]]),
        ([Column("a")], (), [["1", "2"]]),
    ],
)
def test_what_cannot_be_published_is_refused(columns, key, rows):
    with pytest.raises(RowsRefused):
        town_data.published(columns=columns, key=key, rows=rows)


def test_long_texts_and_odd_names_are_stored_and_found():
    from madoguchi.opendata.serving.search import Question, search

    columns = [Column("割合(%)", "number"), Column("select; --", "string")]
    made = town_data.published(columns=columns, key=(), rows=[[1.5, "長" * 9000], [2.5, "短い"]])
    assert json.loads(search(made.current, Question(filters={"割合(%)": [2.5]})).records)[0]["select; --"] == "短い"
    assert search(made.current, Question(filters={"select; --": ["長" * 9000]})).total == 1
