"""`datastore_search`, `datastore_info` and the dump give rows in every form CKAN knows, and refuse what they do not."""

import csv
import io
import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import frictionless
import pytest

from madoguchi.opendata.publishing.columns import Column
from madoguchi.opendata.serving.ckan import dump
from madoguchi.opendata.serving.ckan.actions import ACTIONS
from tests import town

from ...tests import town_data

pytestmark = pytest.mark.django_db
COLUMNS = [Column("ward"), Column("name"), Column("n", "integer"), Column("ok", "boolean"), Column("rate", "number")]
ROWS = [
    ["港区", "寿司, 一", 1, True, 0.5],
    ["港区", "そば", 2, None, None],
    ["北区", None, 3, False, 1e-7],
    ["北区", "港区のパン", 4, True, 2.0],
    [None, '="x"', 5, True, 3.0],
]


@pytest.fixture
def resource():
    return str(town_data.published(columns=COLUMNS, key=("n",), rows=ROWS).resources.first().pk)


def told(action, **given):
    path = f"/api/3/action/{action}"
    answer = town.visitor().get(path, {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()})
    posted = town.visitor().post(path, json.dumps(given), content_type="application/json")
    assert answer.status_code == posted.status_code
    if answer.status_code == 200 and action == "datastore_search":
        assert answer.json()["result"]["records"] == posted.json()["result"]["records"]
    return answer.status_code, answer.json()


def found(**given):
    status, body = told("datastore_search", **given)
    assert status == 200, body
    return body["result"]


def numbers(**given):
    return [one["n"] for one in found(**given)["records"]]


def test_records_come_as_objects_lists_csv_and_tsv(resource):
    asked = {"resource_id": resource, "fields": ["n", "name", "ok", "rate"], "limit": 3}
    assert found(**asked)["records"][0] == {"n": 1, "name": "寿司, 一", "ok": True, "rate": 0.5}
    lists = found(**asked, records_format="lists")["records"]
    assert lists == [[1, "寿司, 一", True, 0.5], [2, "そば", None, None], [3, None, False, 1e-07]]
    text = found(**asked, records_format="csv")["records"]
    assert text == '1,"寿司, 一",true,0.5\n2,そば,,\n3,,false,0.0000001\n'
    assert found(**asked, records_format="tsv")["records"].splitlines()[0] == "1\t寿司, 一\ttrue\t0.5"


def test_words_of_one_column_are_looked_for_there_only(resource):
    assert numbers(resource_id=resource, q="港区") == [1, 2, 4]
    assert numbers(resource_id=resource, q={"ward": "港区"}) == [1, 2]
    assert numbers(resource_id=resource, q={"ward": "港区", "name": "ソバ"}) == [2]
    assert numbers(resource_id=resource, q={"n": "4"}) == [4]
    assert numbers(resource_id=resource, q={"name": "%"}) == []


def test_null_finds_what_is_empty(resource):
    assert numbers(resource_id=resource, filters={"ok": None}) == [2]
    assert numbers(resource_id=resource, filters={"ward": [None, "港区"]}) == [1, 2, 5]
    assert numbers(resource_id=resource, filters={"ward": None, "name": None}) == []


def test_equal_rows_come_once(resource):
    asked = {"resource_id": resource, "distinct": True, "fields": ["ward"]}
    assert found(**asked, sort="ward desc", filters={"ward": ["港区", "北区"]})["records"] == sorted(
        [{"ward": "北区"}, {"ward": "港区"}], key=lambda one: one["ward"], reverse=True
    )
    assert found(**asked)["total"] == 3
    assert len(found(**asked, limit=1, offset=1)["records"]) == 1
    assert len(found(resource_id=resource, distinct=True)["records"]) == 5


def test_the_links_lead_through_the_same_rows(resource):
    asked = {"resource_id": resource, "q": {"ward": "区"}, "filters": {"n": [1, 2, 3, 4]}, "fields": ["n"], "limit": 1,
             "sort": "n desc", "records_format": "lists", "include_total": False}  # fmt: skip
    seen, page = [], found(**asked)
    while page["records"]:
        seen += page["records"]
        following = urlsplit(page["_links"]["next"])
        assert following.path == "/api/3/action/datastore_search"
        assert "total" not in page
        page = found(**dict(parse_qsl(following.query)))
    assert seen == [[4], [3], [2], [1]]
    assert found(**dict(parse_qsl(urlsplit(page["_links"]["start"]).query)))["records"] == [[4]]
    assert found(**dict(parse_qsl(urlsplit(page["_links"]["prev"]).query)))["records"] == [[1]]


def test_a_resource_tells_its_columns_and_size(resource):
    info = told("datastore_info", id=resource)[1]["result"]
    assert info["meta"]["count"] == 5 and info["meta"]["size"] > 0
    assert [(one["id"], one["type"]) for one in info["fields"]][:3] == [
        ("ward", "text"),
        ("name", "text"),
        ("n", "int8"),
    ]
    assert info["fields"][2]["schema"]["uniquekey"] is True
    assert told("datastore_info", id="1")[0] == 404


@pytest.mark.parametrize(
    ("name", "value"),
    {
        "records_format": "xml", "plain": False, "language": "english", "total_estimation_threshold": 10**6,
        "q": {"rate": "1"}, "filters": {"n": {"gt": 1}}, "include_total": "perhaps", "limit": "-1", "fields": ["none"],
        "sort": "none", "full_text": "x", "sql": "SELECT 1", "self": "1", "distinct": [],
    }.items(),
)  # fmt: skip
def test_what_is_not_supported_is_refused_by_its_name(resource, name, value):
    status, body = told("datastore_search", resource_id=resource, **{name: value})
    assert (status, body["error"]["__type"]) == (409, "Validation Error")
    assert body["error"][name]


def test_a_sort_beside_distinct_is_of_its_columns(resource):
    status, body = told("datastore_search", resource_id=resource, distinct=True, fields=["ward"], sort="n")
    assert status == 409 and body["error"]["sort"]


@pytest.mark.parametrize("action", ACTIONS)
def test_no_action_ignores_a_parameter(action):
    town_data.published(2)
    status, body = told(action, nobody_knows_this="1")
    assert status == 409 and list(body["error"]) == ["nobody_knows_this", "__type"]


def dumped(resource, **given):
    return town.visitor().get(f"/datastore/dump/{resource}?{urlencode(given)}")


def text_of(resource, **given):
    answer = dumped(resource, **given)
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    return b"".join(answer.streaming_content).decode()


def test_a_dump_has_all_rows_however_many_pages_they_are(resource, monkeypatch):
    whole = text_of(resource)
    assert whole.splitlines()[:2] == ["_id,ward,name,n,ok,rate", '1,港区,"寿司, 一",1,true,0.5']
    monkeypatch.setattr(dump, "MOST_ROWS", 2)
    assert text_of(resource) == whole
    for given, ids in {
        (("limit", 3),): [1, 2, 3],
        (("limit", 3), ("offset", 1)): [2, 3, 4],
        (("offset", 4),): [5],
        (("limit", 0),): [],
        (("filters", '{"ward": "港区"}'), ("sort", "n desc")): [2, 1],
        (("q", "区"),): [1, 2, 3, 4],
    }.items():
        rows = list(csv.DictReader(io.StringIO(text_of(resource, **dict(given)))))
        assert [int(row["_id"]) for row in rows] == ids, given
    told = json.loads(text_of(resource, format="json"))
    assert [row[3] for row in told["records"]] == [1, 2, 3, 4, 5]
    assert told["fields"][1] == {"id": "ward", "type": "text"}


def test_a_dump_may_have_a_mark_tabs_and_some_columns(resource):
    assert text_of(resource, bom="true", format="tsv", fields="n,ward", limit=1) == "\ufeffn\tward\n1\t港区\n"
    assert text_of(resource, distinct="true", fields="ok", format="csv").splitlines() == ["ok", "false", "true", '""']


def test_a_spreadsheet_runs_nothing_of_a_dump(resource):
    assert '\'=""x""' in text_of(resource)
    assert json.loads(text_of(resource, format="json"))["records"][4][2] == '="x"'


def test_a_dump_that_did_not_change_is_not_sent_again(resource):
    tag = dumped(resource)["ETag"]
    assert town.visitor().get(f"/datastore/dump/{resource}", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(("name", "value"), [("format", "xml"), ("limit", "x"), ("nothing", "1"), ("filters", "{")])
def test_a_dump_refuses_by_name(resource, name, value):
    answer = dumped(resource, **{name: value})
    assert answer.status_code == 400 and answer.json()["error"][name]


def test_there_is_no_dump_of_what_is_not_public(resource):
    assert dumped("1").status_code == 404
    assert dumped(f"{resource}x").status_code == 404


def test_frictionless_reads_a_dump(resource, tmp_path):
    (tmp_path / "dump.csv").write_text(text_of(resource, bom="true", fields="ward,n,ok,rate"), "utf-8")
    with frictionless.Resource(path="dump.csv", basepath=str(tmp_path)) as read:
        assert [row["n"] for row in read.row_stream] == [1, 2, 3, 4, 5]
    assert frictionless.validate("dump.csv", basepath=str(tmp_path)).valid
