"""A bureau's own list: tried first, each row's fate told, entered by a second officer, undone until it is used."""

from datetime import date

import pytest

from madoguchi import sequence
from madoguchi.platform.refusing import ActionRefused
from madoguchi.registers import actions, batches, queries
from madoguchi.registers.models import Batch, Entry, Holding
from tests import town
from tests.registers import closure_of

pytestmark = pytest.mark.django_db
HEADER = ["許可番号", "許可年月日", "満了日", "店の名", "営業者", "代表者", "所在地", "業態"]
SAKURA = ["昭60中保第12号", "昭和60年4月1日", "令和9年3月31日", "食堂さくら", "山田 花子", ""]
SEA = ["平3中保第7号", "H3.6.1", "2027/5/31", "居酒屋うみ", "株式会社うみ", "海野 一"]
ROWS = [
    [*SAKURA, "神奈川県横浜市中区本町1丁目2番3号", "食堂・レストラン"],
    [*SEA, "〒231-0005 神奈川県横浜市中区本町2", "居酒屋・バー・スナック"],
]
MAPPING = {
    "number": "許可番号", "since": "許可年月日", "until": "満了日", "trade_name": "店の名", "operator": "営業者",
    "operator.representative": "代表者", "facility_address": "所在地", "business_style": "業態",
}  # fmt: skip


def defined():
    return queries.registers()["food-business"]


def taken(rows=ROWS, header=HEADER, by=None):
    by = by or town.sasaki()
    made = batches.take_in(defined(), name="台帳.csv", sha256="0" * 64, header=header, rows=rows, by=by)
    return batches.map_columns(made, defined(), mapping=MAPPING, by=by)


def entered(batch, by=None):
    batches.approve(batch, by=by or town.ogawa())
    sequence.register_list(batch_id=str(batch.pk))
    batch.refresh_from_db()
    return batch


def fates(batch):
    return [row["fate"] for row in batch.fates]


def test_dates_of_two_eras_and_names_of_two_kinds_are_read():
    batch = taken()
    assert fates(batch) == ["new", "new"] and not Holding.objects.exists()
    entered(batch)
    sakura, sea = Holding.objects.order_by("since")
    assert (sakura.number, sakura.since, sakura.until) == ("昭60中保第12号", date(1985, 4, 1), date(2027, 3, 31))
    assert (sea.since, sea.until) == (date(1991, 6, 1), date(2027, 5, 31))
    assert (sakura.values["operator"], sakura.title) == ({"kind": "person", "name": "山田 花子"}, "食堂さくら")
    assert sea.values["operator"] == {"kind": "corporation", "name": "株式会社うみ", "representative": "海野 一"}
    assert sea.values["business_style"] == "izakaya"
    assert sea.values["facility_address"]["postal_code"] == "231-0005"
    assert sakura.values["facility_address"]["prefecture"] == "神奈川県"
    assert Entry.objects.filter(batch=batch, by=town.ogawa().officer, seq=1).count() == 2


@pytest.mark.parametrize(
    ("place", "text", "about", "code"),
    [
        (0, "", "number", "missing"),
        (1, "", "since", "missing"),
        (1, "令和6年13月1日", "since", "no-such-day"),
        (2, "1980-01-01", "until", "too-early"),
        (3, "", "trade_name", "missing"),
        (4, "", "operator", "missing"),
        (7, "宇宙食堂", "business_style", "not-an-option"),
    ],
)
def test_a_row_with_a_fault_is_told_and_the_others_go_on(place, text, about, code):
    wrong = [*ROWS[0][:place], text, *ROWS[0][place + 1 :]]
    batch = taken([wrong, ROWS[1]])
    assert fates(batch) == ["faulty", "new"]
    assert [about, code] in [[problem[0][0], problem[1]] for problem in batch.fates[0]["problems"]]
    entered(batch)
    assert Holding.objects.get().number == "平3中保第7号"


def test_days_of_an_era_that_ended_meanwhile_are_read_and_days_nobody_plans_for_are_told():
    rows = [[*ROWS[0][:2], "平成36年3月31日", *ROWS[0][3:]], [*ROWS[1][:2], "9999-12-31", *ROWS[1][3:]]]
    batch = taken(rows)
    assert fates(batch) == ["new", "faulty"]
    browser = town.browser_of(town.sasaki())
    for page in ("", "fates.csv"):
        assert browser.get(f"/desk/registers/food-business/lists/{batch.pk}/{page}").status_code == 200
    entered(batch)
    assert Holding.objects.get().until == date(2024, 3, 31)


def test_a_holder_without_a_name_and_a_my_number_are_told():
    mapping = {**MAPPING, "operator.birth_date": "代表者"}
    mapping.pop("operator.representative")
    nameless = [*ROWS[0][:4], "", "S40.1.1", *ROWS[0][6:]]
    numbered = [*ROWS[1][:3], "食堂 123456789018", "山田 太郎", "", *ROWS[1][6:]]
    batch = batches.map_columns(taken([nameless, numbered]), defined(), mapping=mapping, by=town.sasaki())
    assert fates(batch) == ["faulty", "faulty"]
    assert [row["problems"][0][1] for row in batch.fates] == ["missing", "my-number"]


def test_only_who_prepared_it_says_which_heading_fills_what():
    with pytest.raises(ActionRefused, match="読み込んだ職員"):
        batches.map_columns(taken(), defined(), mapping=MAPPING, by=town.ogawa())


def test_a_list_whose_rows_went_is_let_in_no_more():
    batch = taken()
    Batch.objects.update(rows=[])
    with pytest.raises(ActionRefused, match="消去"):
        batches.approve(batch, by=town.ogawa())
    assert town.browser_of(town.ogawa()).get(f"/desk/registers/food-business/lists/{batch.pk}/").status_code == 200


def test_of_a_number_that_stands_twice_the_first_counts():
    batch = taken([ROWS[0], ROWS[1], ["昭60中保第12号", *ROWS[1][1:]]])
    assert fates(batch) == ["new", "new", "doubled"]
    entered(batch)
    assert Holding.objects.count() == 2


def test_the_same_list_again_enters_nothing():
    entered(taken())
    again = taken()
    assert fates(again) == ["known", "known"]
    with pytest.raises(ActionRefused, match="入れられる行"):
        batches.approve(again, by=town.ogawa())


def test_the_mapping_of_before_is_proposed_for_the_same_headings():
    entered(taken())
    made = batches.take_in(defined(), name="2.csv", sha256="1" * 64, header=HEADER, rows=ROWS, by=town.sasaki())
    assert made.mapping == MAPPING


def test_who_prepared_it_does_not_let_it_in():
    with pytest.raises(ActionRefused, match="別の職員"):
        batches.approve(taken(), by=town.sasaki())
    assert not Holding.objects.exists()


@pytest.mark.parametrize("who", [town.kato, town.kanno, town.suzuki])
def test_no_other_office_and_no_clerk_does_any_of_it(who):
    with pytest.raises(ActionRefused):
        taken(by=who())
    batch = taken()
    for act in (batches.approve, lambda one, by: batches.undo(one, defined(), by=by)):
        with pytest.raises(ActionRefused):
            act(batch, by=who())


def test_a_list_is_undone_whole_and_may_come_again():
    batch = entered(taken())
    batches.undo(batch, defined(), by=town.sasaki())
    assert set(Holding.objects.values_list("standing", flat=True)) == {"void"}
    assert queries.find("food-business", "平3中保第7号") is None
    again = entered(taken())
    assert fates(again) == ["new", "new"]
    holding = queries.find("food-business", "平3中保第7号")
    assert (holding.standing, holding.last_seq, holding.title) == ("in-force", 3, "居酒屋うみ")
    batches.undo(again, defined(), by=town.sasaki())  # and once more
    assert queries.find("food-business", "平3中保第7号") is None


def test_what_was_used_since_is_not_undone():
    batch = entered(taken())
    case = closure_of(None, closed_on="2026-06-30", number="平3中保第7号")
    actions.confirm(case, number="平3中保第7号", by=town.sasaki())
    with pytest.raises(ActionRefused, match="1件"):
        batches.undo(batch, defined(), by=town.sasaki())
    assert queries.find("food-business", "昭60中保第12号").standing == "in-force"


def test_a_worker_that_was_killed_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(batches, "CHUNK", 1)
    batch = taken()
    batches.approve(batch, by=town.ogawa())
    done = batches._enter_some

    def once(*given):
        done(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(batches, "_enter_some", once)
        batches.enter_rows(Batch.objects.get(pk=batch.pk), defined())
    sequence.register_list(batch_id=str(batch.pk))
    sequence.register_list(batch_id=str(batch.pk))
    assert batches.progress(batch) == (2, 2) and Holding.objects.count() == 2


@pytest.mark.parametrize(
    ("header", "rows"),
    [([*HEADER[:-1], ""], ROWS), ([*HEADER[:-1], HEADER[0]], ROWS), (HEADER, [])],
    ids=["an empty heading", "a heading twice", "no row"],
)
def test_what_is_no_table_is_refused(header, rows):
    with pytest.raises(ActionRefused):
        taken(rows, header)
    assert not Batch.objects.exists()


def test_the_pages_take_a_file_from_trial_to_register():
    page, text = "/desk/registers/food-business/lists/", "\n".join(",".join(row) for row in [HEADER, *ROWS])
    first, second = town.browser_of(town.sasaki()), town.browser_of(town.ogawa())
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = first.post(page, {"list": SimpleUploadedFile("台帳.csv", text.encode("utf-8-sig"))})
    assert sent.status_code == 302
    own = sent.headers["Location"]
    assert first.post(own, {f"map-{target}": heading for target, heading in MAPPING.items()}).status_code == 302
    assert "別の職員がこのページ" in first.get(own).content.decode()
    assert first.post(f"{own}enter/").status_code == 422
    assert second.post(f"{own}enter/").status_code == 302
    sequence.register_list(batch_id=own.rstrip("/").rpartition("/")[2])
    assert "2件のうち2件" in second.get(own).content.decode()
    listed = first.get("/desk/registers/food-business/?standing=all&q=さくら").content.decode()
    assert "昭60中保第12号" in listed and "居酒屋うみ" not in listed
    assert second.post(f"{own}undo/").status_code == 302
    assert "居酒屋うみ" not in first.get("/desk/registers/food-business/?standing=all").content.decode()


def test_a_file_that_is_none_is_told():
    browser = town.browser_of(town.sasaki())
    answer = browser.post("/desk/registers/food-business/lists/", {})
    assert answer.status_code == 422 and "ファイルを選んで" in answer.content.decode()
