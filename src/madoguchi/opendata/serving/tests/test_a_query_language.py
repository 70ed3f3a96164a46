"""`fq` is read to its end, or refused with its name: a harvester never takes an ignored condition for an answer."""

from datetime import UTC, datetime

import pytest

from madoguchi.opendata.models.datasets import Dataset
from madoguchi.opendata.serving.conditions import SearchRefused
from madoguchi.opendata.serving.finding import find
from madoguchi.opendata.serving.shelf import shelf

from ...tests import town_data

pytestmark = pytest.mark.django_db
ALL = ["a-shop", "park", "shops"]


@pytest.fixture
def items():
    for code, parts in {
        "shops": {"title": "店の一覧"},
        "a-shop": {"title": "一つの店", "tags": ["店", "c:d"], "licence": "CC0-1.0"},
        "park": {"title": "公園(北区)", "tags": ["公園"], "theme": "culture", "office": "cityscape"},
    }.items():
        town_data.published(2, code=code, **parts)
    for month, code in enumerate(ALL, 1):
        at = datetime(2026, month, 1, 9, tzinfo=UTC)
        Dataset.objects.filter(code=code).update(created_at=at, changed_at=at)
    return list(shelf().items.values())


@pytest.mark.parametrize(
    ("fq", "names"),
    {
        "": ALL,
        "*:*": ALL,
        "metadata_modified:[2026-02-01T09:00:00Z TO *]": ["park", "shops"],
        "metadata_modified:{2026-02-01T09:00:00Z TO *]": ["shops"],
        "metadata_modified:[* TO 2026-02-01T09:00:00Z}": ["a-shop"],
        "metadata_created:[2026-01-01T00:00:00Z TO 2026-02-28T23:59:59.999Z]": ["a-shop", "park"],
        'metadata_created:["2026-03-01T18:00:00+09:00" TO *]': ["shops"],
        "-metadata_modified:[2026-02-01T09:00:00Z TO *]": ["a-shop"],
        "metadata_modified:2026-02-01T09\\:00\\:00Z": ["park"],
        "metadata_modified:[* TO *]": ALL,
        "name:[park TO *]": ["park", "shops"],
        "name:park OR name:shops": ["park", "shops"],
        "name:park OR name:shops groups:business": ["shops"],
        "groups:business AND name:shops OR name:park": ["park", "shops"],
        "(groups:business -name:shops) OR name:park": ["a-shop", "park"],
        "NOT groups:business": ["park"],
        "!groups:business": ["park"],
        "+groups:business +name:shops": ["shops"],
        "groups:(culture OR business) -name:(park OR shops)": ["a-shop"],
        "name:*shop*": ["a-shop", "shops"],
        "name:a\\-shop": ["a-shop"],
        "name:?ark": ["park"],
        'name:"*shop*"': [],
        'tags:"c:d"': ["a-shop"],
        'title:"公園(北区)"': ["park"],
        "公園": ["park"],
        "shop*": ["a-shop", "shops"],
        "license_id:CC0-1.0": ["a-shop"],
        "name:*": ALL,
    }.items(),
)
def test_what_is_asked_is_found(items, fq, names):
    assert [item.dataset.code for item in find(items, fq=[fq])] == names


def test_every_one_of_a_list_must_fit(items):
    assert [item.dataset.code for item in find(items, fq=["groups:business", "name:shops OR name:park"])] == ["shops"]


UNREADABLE = """
nothing:1|name:|(name:park|name:park)|name:[a TO b|name:"a|name:[a]|name:park OR|AND a|name:[* TO
metadata_modified:[NOW-1DAY TO *]|metadata_modified:[yesterday TO *]|metadata_modified:[]|metadata_modified:never
name:park~2|name:park^4|park~|{!term f=name}park
"""


@pytest.mark.parametrize(
    "fq", [*UNREADABLE.strip().replace("\n", "|").split("|"), "(" * 400 + "a" + ")" * 400, "a" * 1001]
)
def test_what_cannot_be_read_is_refused_by_its_name(items, fq):
    with pytest.raises(SearchRefused) as refused:
        find(items, fq=[fq])
    assert refused.value.field == "fq"
