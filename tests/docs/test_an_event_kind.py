"""A kind of event is declared once, as CONTRIBUTING shows it, and is known everywhere."""

import pytest
from django.db import transaction

from madoguchi.cases import events, kinds
from tests import town
from tests.docs.reading import ROOT, blocks
from tests.docs.test_events import PAGE, row, unlike


def declarations():
    """What the page tells its reader to add to the register."""
    (block,) = [one for one in blocks(ROOT / "CONTRIBUTING.md") if one.file.endswith("cases/kinds.py")]
    return eval(f"{{{block.text}}}", vars(kinds))


@pytest.fixture
def code(monkeypatch):
    """The made-up kind of the page, declared."""
    ((code, kind),) = declarations().items()
    monkeypatch.setitem(kinds.KINDS, code, kind)
    return code


def happened(code):
    """A case to which it happened."""
    case = town.applied()
    with transaction.atomic():
        by = town.sasaki()
        events.append(events.lock(case), code, by=by, data={"officer": by.officer.pk})
    case.refresh_from_db()
    return case


@pytest.mark.django_db
def test_it_is_in_the_record_and_on_both_pages(code):
    case, kind = happened(code), kinds.KINDS[code]
    assert events.verify(case) is None
    assert case.events.latest("seq").kind == code
    assert kind.officer in town.browser_of(town.sasaki()).get(f"/desk/cases/{case.reference}/").content.decode()
    assert kind.applicant in town.holder(case).get(f"/applications/{case.reference}/").content.decode()


@pytest.mark.django_db
def test_without_its_declaration_it_is_refused():
    (code,) = declarations()
    with pytest.raises(ValueError, match=r"declare it in cases/kinds\.py"):
        happened(code)


def test_the_check_of_the_reference_asks_for_its_row(code):
    asked = row(code, kinds.KINDS[code])
    assert unlike(PAGE) == [f"add: {asked}"]
    assert unlike(f"{PAGE}\n{asked}\n") == []
