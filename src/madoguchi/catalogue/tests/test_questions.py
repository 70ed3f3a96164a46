"""What each question type makes of an answer: good ones, full-width ones and those it refuses."""

import pytest

from madoguchi.catalogue.problems import Refused

UPLOAD, OTHER = "a" * 32, "b" * 32
OPTIONS = [{"id": "tap", "label": "水道水"}, {"id": "well", "label": "井戸水"}, {"id": "sea", "label": "海水"}]
ADDRESS = {"postal_code": "100-0001", "prefecture": "東京都", "town": "千代田区千代田", "street": "1番1号"}
KEYS = {
    "number": {"min": 0, "max": 100, "decimals": 2},
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS},
    "party": {"ask": ["kana", "corporate_number", "birth_date", "address", "phone", "email"]},
    "group": {"row_label": "人", "questions": [{"id": "name", "type": "text", "label": "名"}]},
    "declaration": {"text": "誓います。"},
}
PERSON = {"kind": "person", "name": "髙﨑"}
CLEANED = [
    ("text", "いど屋", "いど屋"),
    ("text", "\u3000いど屋 ", "いど屋"),
    ("text", "か\u3099", "が"),
    ("text", "   ", None),
    ("long-text", "一行目\r\n二行目", "一行目\n二行目"),
    ("kana", "ミナトノ タロウ", "ミナトノ タロウ"),
    ("kana", "ﾐﾅﾄﾉ ﾀﾛｳ", "ミナトノ タロウ"),
    ("kana", "みなとの", "ミナトノ"),
    ("number", "12.5", 12.5),
    ("number", "１２．５", 12.5),
    ("number", "1,200", 1200.0),
    ("number", 3, 3.0),
    ("number", "-0", 0.0),
    ("number", "", None),
    ("money", "１，２００円", 1200),
    ("money", "¥500", 500),
    ("money", 0, 0),
    ("date", "2026-04-01", "2026-04-01"),
    ("date", "２０２６/4/1", "2026-04-01"),
    ("date", {"era": "令和", "year": "８", "month": "4", "day": "1"}, "2026-04-01"),
    ("date", {"era": "令和", "year": "元", "month": "5", "day": "1"}, "2019-05-01"),
    ("date", {"year": 2024, "month": 2, "day": 29}, "2024-02-29"),
    ("choice", "tap", "tap"),
    ("choice", "", None),
    ("choices", ["well", "tap"], ["well", "tap"]),
    ("choices", [], None),
    ("yes-no", "yes", True),
    ("yes-no", False, False),
    ("yes-no", "", None),
    ("email", "taro@example.jp", "taro@example.jp"),
    ("email", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"),
    ("email", "a..b.@mobile.example.jp", "a..b.@mobile.example.jp"),
    ("phone", "03-1234-5678", "+81312345678"),
    ("phone", "０９０（１２３４）５６７８", "+819012345678"),
    ("phone", "+1 212 555 0100", "+12125550100"),
    ("phone", "0120-123-456", "+81120123456"),
    ("address", {"postal_code": "１０００００１", "street": "1番1号"}, ADDRESS),
    (
        "address",
        {"postal_code": "〒100-0001", "prefecture": "大阪"},
        {"postal_code": "100-0001", "prefecture": "大阪府", "town": "千代田区千代田"},
    ),
    ("address", {"postal_code": "", "street": " "}, None),
    ("party", PERSON, PERSON),
    ("party", {**PERSON, "kana": "", "email": None}, PERSON),
    ("party", {"kind": "corporation", "name": "甲", "corporate_number": "５８３５６７８２５６２４６"}, ...),
    ("party", {"kind": "corporation", "name": "甲", "corporate_number": "T5835678256246"}, ...),
    ("party", {"kind": "corporation", "name": "甲", "corporate_number": "ｔ5-8356-7825-6246"}, ...),
    ("party", {"kind": "corporation", "name": "甲", "corporate_number": "Ｔ　５８３５ ６７８２ ５６２４６"}, ...),
    ("file", [UPLOAD, OTHER], [UPLOAD, OTHER]),
    ("file", [], None),
    ("group", [{"name": "甲"}], [{"name": "甲"}]),
    ("group", [], None),
    ("declaration", "yes", True),
    ("declaration", True, True),
    ("declaration", False, None),
]


@pytest.mark.parametrize(("kind", "given", "stored"), CLEANED)
def test_an_answer_is_stored_in_one_shape(kind, given, stored, question):
    cleaned = question(kind, **KEYS.get(kind, {})).clean(given)
    if stored is ...:
        stored = {"kind": "corporation", "name": "甲", "corporate_number": "5835678256246"}
    if kind == "address" and stored:
        stored = {part: text for part, text in stored.items() if text}
    assert cleaned == stored
    assert type(cleaned) is type(stored)


REFUSED = [
    ("text", 5, "wrong-type"),
    ("text", "字" * 101, "too-long"),
    ("text", "a\nb", "control-character"),
    ("long-text", "字" * 1001, "too-long"),
    ("kana", "港野", "not-kana"),
    ("number", "十", "not-a-number"),
    ("number", "1.234", "too-many-decimals"),
    ("number", "1e5", "not-a-number"),
    ("number", True, "wrong-type"),
    ("number", float("nan"), "not-a-number"),
    ("number", float("inf"), "not-a-number"),
    ("number", 10**400, "not-a-number"),
    ("number", "٣", "not-a-number"),
    ("money", "12.5", "not-whole"),
    ("money", "無料", "not-a-number"),
    ("date", "2026-02-30", "no-such-day"),
    ("date", "昨日", "not-a-date"),
    ("date", "0000-01-01", "unclear-year"),
    ("date", 20260401, "wrong-type"),
    ("date", {"year": "", "month": "4", "day": "1"}, "no-year"),
    ("date", {"year": "2026", "month": "", "day": "1"}, "no-month"),
    ("date", {"year": "2026", "month": "4"}, "no-day"),
    ("date", {"year": "፩", "month": "4", "day": "1"}, "not-a-date"),
    ("date", {"year": True, "month": "4", "day": "1"}, "not-a-date"),
    ("date", {"year": 10**400, "month": "4", "day": "1"}, "not-a-date"),
    ("date", {"era": "昭和", "year": "65", "month": "4", "day": "1"}, "not-in-era"),
    ("date", {"era": "江戸", "year": "1", "month": "4", "day": "1"}, "no-such-era"),
    ("choice", "lake", "not-an-option"),
    ("choice", ["tap"], "wrong-type"),
    ("choices", ["lake"], "not-an-option"),
    ("choices", "tap", "wrong-type"),
    ("choices", [{}], "wrong-type"),
    ("choices", ["tap"] * 7, "too-many"),
    ("yes-no", "maybe", "wrong-type"),
    ("yes-no", 1, "wrong-type"),
    ("email", "taro", "not-an-email"),
    ("email", "taro@example", "not-an-email"),
    ("email", "taro@example..jp", "not-an-email"),
    ("email", "a b@example.jp", "not-an-email"),
    ("email", "太郎@example.jp", "not-an-email"),
    ("phone", "110", "not-a-phone"),
    ("phone", "番号なし", "not-a-phone"),
    ("phone", "03-1234-5678 ext. 9", "not-a-phone"),
    ("phone", "1234-5678", "not-a-phone"),
    ("address", "甲県", "wrong-type"),
    ("address", {"prefecture": "甲県"}, "not-a-prefecture"),
    ("address", {"postal_code": "12-34567a"}, "not-a-postal-code"),
    ("address", {"planet": "地球"}, "unknown-part"),
    ("party", {"name": "甲"}, "no-kind"),
    ("party", {"kind": "robot"}, "no-kind"),
    ("party", {**PERSON, "corporate_number": "5835678256246"}, "unknown-part"),
    ("party", {"kind": "corporation", "name": "甲", "corporate_number": "5835678256247"}, "not-a-corporate-number"),
    ("party", {"kind": "corporation", "name": "甲", "corporate_number": "TT5835678256246"}, "not-a-corporate-number"),
    ("party", {"kind": "corporation", "name": "甲", "corporate_number": "T5835678256247"}, "not-a-corporate-number"),
    ("party", {"kind": "corporation", "name": "甲", "corporate_number": "T"}, "not-a-corporate-number"),
    ("party", [], "wrong-type"),
    ("file", UPLOAD, "wrong-type"),
    ("file", ["../../etc/passwd"], "file-missing"),
    ("file", [UPLOAD] * 101, "too-many"),
    ("group", {}, "wrong-type"),
    ("group", ["甲"], "wrong-type"),
    ("group", [{}] * 21, "too-many-rows"),
    ("declaration", "no", "wrong-type"),
]


@pytest.mark.parametrize(("kind", "given", "code"), REFUSED)
def test_an_answer_of_another_shape_is_refused(kind, given, code, question):
    with pytest.raises(Refused) as refused:
        question(kind, **KEYS.get(kind, {})).clean(given)
    assert refused.value.code == code


def test_text_may_have_to_fit_a_pattern(question):
    plate = question("text", pattern="[0-9]{4}", pattern_text="数字4桁")
    assert plate.clean("1234") == "1234"
    with pytest.raises(Refused) as refused:
        plate.clean("12345")
    assert (refused.value.code, refused.value.params) == ("wrong-form", {"form": "数字4桁"})


def test_all_wrong_parts_of_a_party_are_told_and_the_good_ones_kept(question):
    address = {"postal_code": "1", "street": "1番"}
    given = {**PERSON, "kana": "漢字", "phone": "1", "address": address, "email": "a@b.jp"}
    with pytest.raises(Refused) as refused:
        question("party", **KEYS["party"]).clean(given)
    told = {(problem.pointer, problem.code) for problem in refused.value.all_at(("q",))}
    assert told == {
        ("/q/kana", "not-kana"), ("/q/phone", "not-a-phone"), ("/q/address/postal_code", "not-a-postal-code"),
    }  # fmt: skip
    assert refused.value.partial == {**PERSON, "address": {"street": "1番"}, "email": "a@b.jp"}


def test_a_telephone_number_with_its_country_is_never_taken_for_a_my_number(question):
    phone = question("phone")
    typed = [f"090{n:08}" for n in range(10_000_000, 10_000_200)]
    stored = [phone.clean(number) for number in typed]
    assert [phone.clean(number) for number in stored] == stored
    assert all(len(number) == 13 for number in stored)


def test_days_outside_the_limits_are_found(question):
    day = question("date", not_before="2026-04-01", not_after="2026-04-30")
    assert [problem.code for problem in day.examine("2026-03-31", ("q",))] == ["too-early"]
    assert [problem.code for problem in day.examine("2026-05-01", ("q",))] == ["too-late"]
    assert list(day.examine("2026-04-30", ("q",))) == []


def test_a_postal_code_that_nobody_uses_is_found(question):
    address = question("address")
    unused = address.clean({**ADDRESS, "postal_code": "000-0000"})
    assert [problem.code for problem in address.examine(unused, ("q",))] == ["unknown-postal-code"]
    assert list(address.examine(ADDRESS, ("q",))) == []


def test_postal_codes_are_looked_up_from_any_thread(question):
    from concurrent.futures import ThreadPoolExecutor

    from madoguchi.foundation.postal import places

    places.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        towns = list(pool.map(places, ["1000001", "2310005", "5300001", "0600000"]))
    assert [found[0].prefecture for found in towns] == ["東京都", "神奈川県", "大阪府", "北海道"]


@pytest.mark.parametrize("index", ["²", "1000", "-1", "x", ""])
def test_a_row_number_that_is_none_is_ignored(index, question):
    group = question("group", **KEYS["group"])
    assert group.rows_in({f"q.{index}.name": "甲"}, "q") == 0


def test_what_is_not_answered_reads_as_blank_in_rules_its_parts_too(question):
    party, group = question("party", **KEYS["party"]), question("group", **KEYS["group"])
    assert party.in_rules(None)["address"]["street"] == ""
    assert party.in_rules({**PERSON, "address": {"town": "甲"}})["address"] == {
        "postal_code": "", "prefecture": "", "town": "甲", "street": "", "building": "",
    }  # fmt: skip
    assert party.in_rules(PERSON)["birth_date"] == ""
    assert group.in_rules([{}]) == [{"name": ""}]
    assert question("number", decimals=1).in_rules(None) == 0.0
    assert type(question("number", decimals=1).in_rules(None)) is float
    assert type(question("number").in_rules(None)) is int
