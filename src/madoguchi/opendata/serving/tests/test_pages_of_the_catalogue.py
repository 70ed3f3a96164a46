"""The pages of the catalogue, in three languages, and the files behind them."""

import pytest
from django.utils import timezone

from madoguchi.opendata.models.datasets import Dataset
from madoguchi.opendata.publishing.actions import freeze
from madoguchi.opendata.publishing.columns import Column
from madoguchi.people.actor import worker
from tests import town

from ...tests import town_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    return town.visitor()


@pytest.fixture
def shops():
    return town_data.published(50, title_en="Shops", description_en="Shops of the town.")


@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"])
def test_a_dataset_is_found_and_shown(browser, shops, language):
    found = browser.get(f"{language}/datasets/?q=店&theme=business&office=reform")
    assert found.status_code == 200 and "/datasets/shops/" in found.content.decode()
    page = browser.get(f"{language}/datasets/shops/").content.decode()
    assert "shops.parquet" in page and "<svg" in page and "creativecommons.org/licenses/by/4.0/" in page
    assert ("Shops of the town." in page) == (language == "/en")


def test_what_fits_nothing_says_so(browser, shops):
    assert "見つかりませんでした" in browser.get("/datasets/?q=ない言葉").content.decode()
    assert "あてはまる行がありません" in browser.get("/datasets/shops/?q=ない言葉").content.decode()


@pytest.mark.parametrize(
    "query", ["q=a:b", "q=(", "q=%00", "start=-1", "start=99999999999", "q=" + "x" * 5000, "q=%22"]
)
def test_odd_questions_are_no_fault(browser, shops, query):
    assert browser.get(f"/datasets/?{query}").status_code == 200
    assert browser.get(f"/datasets/shops/?{query}").status_code in {200, 400}


def test_too_many_words_are_answered_kindly(browser, shops):
    answer = browser.get("/datasets/shops/?q=" + "+".join("abcdefghijkl"))
    assert answer.status_code == 400 and "検索語が多すぎるか、長すぎます。" in answer.content.decode()


def test_coordinates_make_a_map(browser):
    columns = [Column("名称"), Column("緯度", "number"), Column("経度", "number")]
    town_data.published(
        code="places", columns=columns, key=(), rows=[["東", 35.1, 139.2], ["西", 35.2, 139.1], ["無", None, None]]
    )
    page = browser.get("/datasets/places/").content.decode()
    assert page.count("<circle") == 2 and "<title>東</title>" in page


def test_one_place_alone_is_a_map_too(browser):
    columns = [Column("名称"), Column("latitude", "number"), Column("longitude", "number")]
    town_data.published(code="places", columns=columns, key=(), rows=[["東", 35.1, 139.2]])
    assert browser.get("/datasets/places/").content.decode().count("<circle") == 1


def test_the_difference_of_two_versions_is_shown(browser, shops):
    rows = [list(row) for row in town_data.shops(50)]
    rows[0][1], gone = "新しい名前", rows.pop()
    rows.append([51, "増えた店", *gone[2:]])
    freeze(dataset=shops, columns=town_data.SHOPS, key=("id",), rows=rows, by=worker("test"))
    page = browser.get("/datasets/shops/changes/1/2/").content.decode()
    assert "新しい名前" in page and "増えた店" in page and gone[1] in page
    assert page.count('<dd class="stat__value">1</dd>') == 3
    assert browser.get("/datasets/shops/changes/?before=2&after=1").status_code == 200
    assert browser.get("/datasets/shops/changes/").status_code == 200
    assert browser.get("/datasets/shops/changes/1/9/").status_code == 404


def test_rows_without_a_key_come_and_go(browser):
    made = town_data.published(code="plain", columns=[Column("a"), Column("b")], key=(), rows=[["1", "x"], ["1", "x"]])
    freeze(dataset=made, columns=[Column("a"), Column("c")], key=(), rows=[["1", "y"], ["2", "y"]], by=worker("test"))
    page = browser.get("/datasets/plain/changes/1/2/").content.decode()
    assert "増えた列" in page and "なくなった列" in page and page.count('<dd class="stat__value">1</dd>') == 2


def test_files_of_every_version_are_there_for_ever(browser, shops):
    first = browser.get("/datasets/shops/v1.csv")
    freeze(dataset=shops, columns=town_data.SHOPS, key=("id",), rows=town_data.shops(3), by=worker("test"))
    assert browser.get("/datasets/shops/v1.csv").getvalue() == first.getvalue()
    newest = browser.get("/datasets/shops/shops.csv")
    assert newest.getvalue() != first.getvalue() and "attachment" in newest["Content-Disposition"]
    assert browser.get("/datasets/shops/shops.csv", headers={"If-None-Match": newest["ETag"]}).status_code == 304
    for name in ("v9.csv", "other.csv", "shops.exe", "shops", "..%2Fshops.csv", "v1.json.csv"):
        assert browser.get(f"/datasets/shops/{name}").status_code == 404


def test_what_is_not_public_is_not_there(browser, shops):
    Dataset.objects.filter(code="shops").update(is_public=False, changed_at=timezone.now())
    for path in ("", "shops.csv", "v1.csv", "datapackage.json", "changes/", "changes/1/1/"):
        assert browser.get(f"/datasets/shops/{path}").status_code == 404
    assert "shops" not in browser.get("/catalog.ttl").content.decode()
