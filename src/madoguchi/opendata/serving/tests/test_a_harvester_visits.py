"""Other catalogues take this one in: first whole, page by page, then only what changed; deleted datasets are noticed.

Addresses, parameters and rules are those of ckanext-harvest 1.6's CKAN harvester: pages of 100 in the order of their
ids until an empty one, an answer that repeats itself is a fault, and `metadata_modified:[<an hour before>Z TO *]`.
"""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from ckanapi import RemoteCKAN

from madoguchi.opendata.models.datasets import Dataset

from ...tests import town_data

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, LATER = datetime(2026, 4, 1, 9, tzinfo=UTC), datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.fixture
def hall(live_server, settings):
    settings.PUBLIC_URL = live_server.url
    for number in range(5):
        town_data.published(2, code=f"old-{number}", changed_at=FIRST)
    town_data.published(2, code="parks", office="cityscape", theme="culture", changed_at=FIRST)
    Dataset.objects.update(changed_at=FIRST)
    return live_server.url


def plain(hall, **parameters):
    with urlopen(f"{hall}/api/3/action/package_search?{urlencode(parameters)}") as answer:
        return json.load(answer)["result"]["results"]


def by_client(hall, **parameters):
    return RemoteCKAN(hall, get_only=True).call_action("package_search", parameters)["results"]


def gathered(ask, hall, *terms, rows=2):
    """The packages that a harvester gathers: by id, page after page, until an empty one."""
    found, before, start = {}, None, 0
    while True:
        fq = {"fq": " ".join(terms)} if terms else {}
        page = ask(hall, rows=str(rows), start=str(start), sort="id asc", **fq)
        if not page:
            return found
        assert page != before, "the pages repeat themselves"
        assert not found.keys() & {one["id"] for one in page}
        found |= {one["id"]: one for one in page}
        before, start = page, start + rows


def since(job):
    return f"metadata_modified:[{(job - timedelta(hours=1)).replace(tzinfo=None).isoformat()}Z TO *]"


def names(found):
    return sorted(one["name"] for one in found.values())


@pytest.mark.parametrize("ask", [plain, by_client], ids=["plain HTTP", "ckanapi"])
def test_the_first_visit_takes_everything_and_the_second_what_changed(hall, ask):
    first = gathered(ask, hall)
    assert names(first) == ["old-0", "old-1", "old-2", "old-3", "old-4", "parks"]
    assert list(first) == sorted(first)
    assert gathered(ask, hall, since(FIRST + timedelta(days=1))) == {}

    Dataset.objects.filter(code="old-3").update(title="変わった一覧", changed_at=LATER)
    town_data.published(2, code="new")
    Dataset.objects.filter(code="new").update(changed_at=LATER)
    Dataset.objects.filter(code="old-0").update(is_public=False)
    second = gathered(ask, hall, since(FIRST + timedelta(days=1)))
    assert names(second) == ["new", "old-3"]
    assert "変わった一覧" in {one["title"] for one in second.values()}

    gone = first.keys() - {one["id"] for one in gathered(ask, hall).values()}
    assert [first[one]["name"] for one in gone] == ["old-0"]


def test_a_harvester_of_some_offices_and_themes_gets_those(hall):
    both = "organization:reform OR organization:cityscape"
    assert len(gathered(plain, hall, both)) == 6
    assert names(gathered(plain, hall, "organization:cityscape", "-groups:business")) == ["parks"]
    Dataset.objects.filter(code="old-1").update(changed_at=LATER)
    assert names(gathered(plain, hall, both, since(LATER))) == ["old-1"]
    assert names(gathered(plain, hall, "-organization:reform", "-organization:nobody")) == ["parks"]


def test_each_dataset_of_a_harvest_is_shown_with_its_office_and_theme(hall):
    act = RemoteCKAN(hall, get_only=True).action
    for one in gathered(plain, hall).values():
        assert act.package_show(id=one["id"])["name"] == one["name"]
        assert act.organization_show(id=one["organization"]["name"])["id"] == one["owner_org"]
        assert act.group_show(id=one["groups"][0]["name"])["id"] == one["groups"][0]["id"]
