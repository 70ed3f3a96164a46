"""Run in a copy of the project with a fourth language: what its reader sees. What nobody translated is Japanese."""

import re
from datetime import date

import pytest
from django.conf import settings

from madoguchi.foundation.dates import format_date
from madoguchi.foundation.money import yen
from madoguchi.town.offices import town as the_town
from tests import town

pytestmark = pytest.mark.django_db
FORM = f"/procedures/{town.RESTAURANT}/apply/"


def page(path):
    answer = town.visitor().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_form_is_there_in_japanese_under_its_own_address():
    ours, source = page(f"/tok{FORM}"), page(FORM)
    assert '<html lang="tok">' in ours
    assert 'data-rules="/tok/rules/' in ours  # and files go beside them
    for text in ("飲食店営業許可", "職員用"):
        assert text in ours
        assert text in source


@pytest.mark.parametrize("path", ["/", FORM, f"/tok{FORM}", f"/en{FORM}"])
def test_every_page_switches_to_it(path):
    address = f"/tok{path.removeprefix('/en').removeprefix('/tok')}"
    assert re.search(rf'href="{address}"\s+lang="tok"[^>]*>toki pona</a>', page(path))


def test_who_reads_the_page_by_program_is_told_of_it():
    assert re.search(r'hreflang="tok"\s+href="[^"]*/tok/"', page("/"))
    assert "Disallow: /tok/desk/" in page("/robots.txt")


def test_a_translated_text_is_told_in_it():
    assert "o tawa insa" in page("/tok/")


def test_its_names_days_and_money():
    assert the_town().in_language("tok") == "ma Minatono"
    assert the_town().offices["chuo-health-center"].in_language("tok") == "中央保健所"
    assert format_date(date(2026, 1, 2), "tok") == "2026-01-02"
    assert yen(-1200, "tok") == "-¥1,200"
    assert dict(settings.LANGUAGES)["tok"] == "toki pona"
