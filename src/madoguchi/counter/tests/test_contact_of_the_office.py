"""Address, number and hours of the office stand wherever somebody may want to ask: pages, letters, papers."""

import re

import pytest
from django.core import mail
from django.utils.translation import override

from madoguchi.sequence import follow
from madoguchi.town.offices import contact, contact_lines, town
from tests import town as cast

pytestmark = pytest.mark.django_db
READINGS = re.compile(r"<rp>.*?</rp>|<rt>.*?</rt>|</?ruby>")


@pytest.mark.parametrize(("language", "prefix"), [("ja", ""), ("en", "/en"), ("ja-easy", "/ja-easy")])
@pytest.mark.parametrize("page", ["procedure", "case", "facility", "hall"])
def test_a_page_says_where_to_ask(page, language, prefix):
    case = cast.applied(language=language)
    office = {"facility": "parks", "hall": ""}.get(page, case.office)
    path = {
        "procedure": f"/procedures/{case.procedure}/",
        "case": f"/applications/{case.reference}/",
        "facility": "/facilities/river-garden/",
        "hall": "/accessibility/",
    }[page]
    said = READINGS.sub("", cast.holder(case).get(prefix + path).content.decode())
    with override(language):
        assert all(line in said for line in contact(office)), contact(office)


@pytest.mark.parametrize("language", ["ja", "en", "ja-easy"])
def test_a_letter_says_where_to_ask(language):
    case = cast.applied(language=language)
    follow(case.events.get(kind="submitted").pk)
    with override(language):
        assert all(line in mail.outbox[-1].body for line in contact(case.office))


def test_a_paper_says_where_to_ask():
    office = town().offices["chuo-health-center"].contact
    assert contact_lines("chuo-health-center") == (office.address, f"電話 {office.phone}", office.hours)
