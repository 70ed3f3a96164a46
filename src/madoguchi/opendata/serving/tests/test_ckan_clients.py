"""The public `ckanapi` client reads this catalogue as it reads any other."""

import json
import urllib.request
from urllib.error import HTTPError

import pytest
from ckanapi import NotFound, RemoteCKAN, ValidationError

from ...tests import town_data

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ckan(live_server, settings):
    settings.PUBLIC_URL = live_server.url
    town_data.published(250)
    town_data.published(3, code="parks", title="公園", tags=["公園"], theme="culture", office="cityscape")
    town_data.published(3, code="secret").__class__.objects.filter(code="secret").update(is_public=False)
    with RemoteCKAN(live_server.url) as client:
        yield client


@pytest.mark.parametrize("get_only", [True, False], ids=["GET", "POST"])
def test_the_catalogue_is_read(ckan, get_only):
    client = RemoteCKAN(ckan.address, get_only=get_only)
    act = client.action
    assert act.site_read() is True
    assert act.status_show()["site_url"] == ckan.address
    assert act.package_list() == ["parks", "shops"]
    assert act.package_list(limit=1, offset=1) == ["shops"]
    assert act.group_list() == ["business", "culture"]
    assert act.organization_list() == ["cityscape", "reform"]
    assert act.tag_list() == ["公園", "店", "食品"]
    assert act.group_show(id="culture")["package_count"] == 1
    assert act.organization_show(id="reform", include_datasets="true")["packages"][0]["name"] == "shops"
    shops = act.package_show(id="shops")
    assert act.package_show(id=shops["id"]) == shops
    assert shops["license_id"] == "CC-BY-4.0" and [one["format"] for one in shops["resources"]] == [
        "CSV", "JSON", "Parquet".upper()]  # fmt: skip
    assert act.resource_show(id=shops["resources"][0]["id"]) == shops["resources"][0]
    assert len(act.current_package_list_with_resources()) == 2


@pytest.mark.parametrize("get_only", [True, False], ids=["GET", "POST"])
def test_datasets_are_found(ckan, get_only):
    act = RemoteCKAN(ckan.address, get_only=get_only).action
    facets = '["organization", "tags"]' if get_only else ["organization", "tags"]
    found = act.package_search(**{"q": "公園", "facet.field": facets})
    assert (found["count"], found["results"][0]["name"]) == (1, "parks")
    assert found["search_facets"]["organization"]["items"] == [
        {"name": "cityscape", "display_name": "景観課", "count": 1}
    ]
    for fq, names in {
        "organization:reform": ["shops"],
        'tags:"食品"': ["shops"],
        "-groups:culture": ["shops"],
        "groups:(business OR culture)": ["parks", "shops"],
        "res_format:CSV": ["parks", "shops"],
        "name:par*": ["parks"],
        "name:nothing": [],
    }.items():
        found = act.package_search(fq=fq, sort="name asc")
        assert [one["name"] for one in found["results"]] == names, fq
    assert act.package_search(rows=1, start=1, sort="name desc")["results"][0]["name"] == "parks"


@pytest.mark.parametrize("get_only", [True, False], ids=["GET", "POST"])
def test_rows_are_found(ckan, get_only):
    act = RemoteCKAN(ckan.address, get_only=get_only).action
    resource = act.package_show(id="shops")["resources"][0]["id"]
    first = act.datastore_search(resource_id=resource)
    assert (first["total"], len(first["records"]), first["records"][0]["_id"]) == (250, 100, 1)
    assert first["fields"][:2] == [{"id": "_id", "type": "int8"}, {"id": "id", "type": "int8"}]
    filters = json.dumps({"ward": ["港区", "北区"]}) if get_only else {"ward": ["港区", "北区"]}
    some = act.datastore_search(
        resource_id=resource, filters=filters, sort="seats desc", fields=["ward", "seats"], limit=5
    )
    seats = [one["seats"] for one in some["records"]]
    assert seats == sorted(seats, reverse=True) and {one["ward"] for one in some["records"]} <= {"港区", "北区"}
    words = act.datastore_search(resource_id=resource, q="寿司", limit=1000)
    assert words["total"] == len(words["records"]) > 0 and all("寿司" in one["name"] for one in words["records"])
    last = act.datastore_search(resource_id=resource, offset=240)
    assert [one["_id"] for one in last["records"]] == list(range(241, 251))
    assert "total" not in act.datastore_search(resource_id=resource, include_total=False, limit=0)


def test_errors_are_those_of_ckan(ckan):
    act = ckan.action
    for name, given in {
        "package_show": {"id": "secret"},
        "resource_show": {"id": "1"},
        "group_show": {"id": "x"},
    }.items():
        with pytest.raises(NotFound):
            ckan.call_action(name, given)
    resource = act.package_show(id="shops")["resources"][0]["id"]
    for given in ({"limit": -1}, {"sort": "nothing"}, {"filters": {"nothing": 1}}, {"q": {"a": "b"}}, {"fields": [1]}):
        with pytest.raises(ValidationError):
            act.datastore_search(resource_id=resource, **given)
    with pytest.raises(ValidationError):
        act.package_show()
    with pytest.raises(ValidationError):
        act.package_search(fq="nothing:1")


def opened(url, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers))
    except HTTPError as answer:
        return answer


def test_an_unknown_action_is_a_bad_request(ckan):
    assert opened(f"{ckan.address}/api/3/action/package_delete").status == 400


def test_what_did_not_change_is_not_sent_again(ckan):
    for address in ("/api/3/action/package_search?q=%E5%BA%97", "/api/action/package_show?id=shops"):
        first = opened(ckan.address + address)
        tag = first.headers["ETag"]
        assert first.status == 200 and json.load(first)["success"] is True
        assert opened(ckan.address + address, **{"If-None-Match": tag}).status == 304
    town_data.published(3, code="more")
    assert opened(ckan.address + address, **{"If-None-Match": tag}).status == 200


def test_a_body_that_is_no_json_is_a_bad_request(ckan):
    for body in (b"{", b"[1]", b"[" * 50_000):
        request = urllib.request.Request(
            f"{ckan.address}/api/3/action/package_list", body, {"Content-Type": "application/json"}
        )
        with pytest.raises(HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == 400
