"""Definitions of facilities: the demo town's are sound, every fault is told with its line, the schema is published."""

from pathlib import Path

import pytest
from django.conf import settings

from madoguchi.bookings.facilities.load import check, load, write_schema
from madoguchi.platform.definitions import DefinitionRefused

MUSEUM = settings.FACILITIES_DIR / "art-museum" / "facility.yaml"
KNOWN = {"offices": ["culture", "parks", "chuo-health-center"], "procedures": ["food-business-permit"]}
REFERENCE = Path(__file__).parents[5] / "docs" / "reference"


def faults(tmp_path, old, new):
    text = MUSEUM.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "art-museum").mkdir()
    (tmp_path / "art-museum" / "facility.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return check(tmp_path, **KNOWN)


def test_the_demo_towns_facilities_have_no_fault():
    procedures = [path.name for path in settings.PROCEDURES_DIR.iterdir()]
    assert check(settings.FACILITIES_DIR, offices=KNOWN["offices"], procedures=procedures) == []
    assert {one.kind for one in load(settings.FACILITIES_DIR).values()} == {"museum", "garden", "zoo", "counter"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("code: art-museum", "code: other", "not the folder's name"),
        ("office: culture", "office: nowhere", "no office of the town"),
        ("capacity: 60", "capacity: 0", "greater than or equal to 1"),
        ("capacity: 60", "capcity: 60", "Extra inputs"),
        ('from: "09:30", until: "17:30"', 'from: "18:30", until: "17:30"', "earlier than until"),
        ('price: "400"', 'price: "400 +"', "no amount in CEL"),
        ('price: "400"', 'price: "weather"', "price reads weather"),
        ('price: "400"', 'price: "-1"', "negative"),
        ("tickets: {adult: 10}", "tickets: {giant: 10}", "no category"),
        ("en: Student,", "", "Field required"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_to_do(tmp_path, old, new, told):
    found = faults(tmp_path, old, new)
    assert any(told in one.sentence for one in found), found
    assert all(one.remedy and one.line >= 1 for one in found)
    lines = MUSEUM.read_text(encoding="utf-8")
    assert {one.line for one in found} & {lines[: lines.index(old)].count("\n") + n for n in (0, 1, -1, 2)} or (
        "offers" in found[0].sentence
    )


def test_an_entitlement_that_nobody_grants_is_a_fault():
    found = check(settings.FACILITIES_DIR, **KNOWN, granted=["something-else"])
    assert any("no procedure grants npo-activity" in one.sentence for one in found)


def test_what_is_not_yaml_is_refused_and_never_raises_in_the_check(tmp_path):
    assert faults(tmp_path, "offers:", "offers: [")
    with pytest.raises(DefinitionRefused):
        load(tmp_path)


def test_the_published_schema_is_up_to_date(tmp_path):
    write_schema(tmp_path / "schema.json")
    written = (tmp_path / "schema.json").read_text(encoding="utf-8")
    assert written == (REFERENCE / "facility.schema.json").read_text(encoding="utf-8")
