"""A register is a folder; every fault of it, and of a procedure that concerns it, is told with its line."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as some

from madoguchi.catalogue.load import read_procedure
from madoguchi.platform.definitions import DefinitionRefused, read
from madoguchi.registers.load import agree, check, load, write_schema
from madoguchi.registers.rules import Change, fold, may_follow

REFERENCE = Path(__file__).resolve().parents[4] / "docs" / "reference"
OFFICES = {"chuo-health-center": "health", "legal": "general"}


def faults(tmp_path, before, after, file="register.yaml"):
    """What the check says of a register in which something was written otherwise."""
    shutil.copytree(settings.REGISTERS_DIR, tmp_path / "registers")
    changed = tmp_path / "registers" / "food-business" / file
    text = changed.read_text("utf-8")
    assert before in text
    changed.write_text(text.replace(before, after, 1), "utf-8")
    return check(tmp_path / "registers", offices=OFFICES)


def test_the_towns_own_registers_have_no_fault():
    assert check(settings.REGISTERS_DIR, offices=OFFICES) == []
    assert set(load(settings.REGISTERS_DIR)) == {
        path.parent.name for path in settings.REGISTERS_DIR.glob("*/register.yaml")
    }


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("name_column: trade_name", "name_column: shop", "shop, which is no column"),
        ("holder: operator", "holder: nobody", "nobody, which is no column"),
        ("public: [trade_name,", "public: [operator,", "operator publishes"),
        ("法人番号: operator.corporate_number", "法人番号: operator.birth_date", "publishes"),
        ("業態: business_style", "業態: style", "style is no column"),
        ("office: chuo-health-center", "office: legal", "legal is no office of health"),
        ("renewal: {keeps_force: false}", "renewal: {keeps_force: true}", "keeps_force needs the law"),
        ("summary:", "sumary:", "sumary"),
        ("code: food-business", "code: food", "not the folder's name"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path, before, after, told):
    (first, *_more) = found = faults(tmp_path, before, after)
    assert any(told in one.sentence for one in found), [one.sentence for one in found]
    assert first.file.name == "register.yaml" and first.line >= 1


@pytest.mark.parametrize("language", ["en", "ja-easy"])
def test_a_text_without_its_wording_and_a_wording_without_a_text_are_told(tmp_path, language):
    found = faults(tmp_path, "  main_foods:", "  other_foods:", f"wording/{language}.yaml")
    assert {"columns.main_foods.label has no wording", "columns.other_foods.label words nothing"} == {
        one.sentence for one in found
    }


def test_what_cannot_be_read_is_told_and_never_raises_in_the_check(tmp_path):
    assert faults(tmp_path, "columns:", "columns: [")
    with pytest.raises(DefinitionRefused):
        load(tmp_path / "registers")


@pytest.mark.parametrize(
    ("concerns", "told"),
    [
        ({"register": "cats"}, "there is no register cats"),
        ({"columns": {"cat": "applicant"}}, "cat is no column"),
        ({"columns": {"operator": "cat"}}, "cat is no question"),
        ({"columns": {"operator": "trade_name"}}, "trade_name is a text, the column operator a party"),
        ({"holding": "trade_name"}, "trade_name is no question of type holding"),
        ({"on": "trade_name"}, "trade_name is no question of type date"),
        ({"effects": [{"effect": "renew", "when": "cat == 1"}]}, "reads cat"),
        ({"effects": [{"effect": "renew", "when": "1 +"}]}, "not CEL"),
    ],
)
def test_a_procedure_that_does_not_fit_its_register_is_told(concerns, told):
    source = read(settings.PROCEDURES_DIR / "food-business-permit" / "procedure.yaml")
    known = {code: one.register for code, one in load(settings.REGISTERS_DIR).items()}
    assert list(agree(known, read_procedure(source))) == []
    source.tree["concerns"] |= concerns
    assert any(told in one for one in agree(known, read_procedure(source)))


def test_an_effect_on_what_exists_needs_the_question_that_names_it():
    source = read(settings.PROCEDURES_DIR / "food-business-closure" / "procedure.yaml")
    source.tree["concerns"]["holding"] = ""
    with pytest.raises(DefinitionRefused, match="question of type holding"):
        read_procedure(source)


def test_the_published_schema_is_up_to_date(tmp_path):
    write_schema(tmp_path / "schema.json")
    assert (tmp_path / "schema.json").read_text("utf-8") == (REFERENCE / "register.schema.json").read_text("utf-8")


DAYS = some.dates(date(2026, 1, 1), date(2040, 1, 1))
CHANGES = some.lists(
    some.tuples(some.sampled_from(["renew", "change", "succeed", "suspend", "resume", "end"]), DAYS), max_size=8
)


@given(CHANGES, DAYS)
def test_what_holds_on_a_day_never_depends_on_later_days(later, day):
    changes = [Change(1, "enter", date(2026, 1, 1), date(2032, 1, 1), {"name": "0"})]
    changes += [Change(n, effect, on, date(2039, 1, 1), {"name": str(n)}) for n, (effect, on) in enumerate(later, 2)]
    known = [change for change in changes if change.on <= day]
    before, now = fold(known, day), fold(changes, day)
    assert (before.standing, before.until, before.values) == (now.standing, now.until, now.values)
    assert now.next_on is None or now.next_on > day


def test_what_is_decided_later_is_the_later_word_whatever_its_day():
    entered = Change(1, "enter", date(2026, 6, 15), date(2032, 6, 15), {"name": "あ", "food": "そば"})
    renewed = Change(2, "renew", date(2032, 5, 1), date(2038, 6, 15), {"name": "あ"})
    told_late = Change(3, "change", date(2032, 4, 1), values={"name": "い"})
    assert fold([entered, renewed, told_late], date(2032, 6, 1)).values == {"name": "い", "food": "そば"}
    before_it_began = Change(2, "change", date(2026, 6, 1), values={"name": "う"})
    assert fold([entered, before_it_began], date(2026, 6, 15)).values["name"] == "う"


def test_nothing_follows_on_an_end_but_what_was_undone_may_begin_anew():
    ended = fold([Change(1, "enter", date(2026, 1, 1)), Change(2, "end", date(2027, 1, 1))], date(2028, 1, 1))
    assert ended.ended_on == date(2027, 1, 1)
    assert not any(may_follow(effect, ended) for effect in ("enter", "renew", "change", "succeed", "suspend", "end"))
    undone = fold([Change(1, "enter", date(2026, 1, 1)), Change(2, "void", date(2026, 1, 2))], date(2028, 1, 1))
    assert may_follow("enter", undone) and not may_follow("end", undone)


def test_a_right_that_is_over_holds_on_only_where_the_law_says_so():
    state = fold([Change(1, "enter", date(2026, 1, 1), date(2026, 12, 31))], date(2027, 1, 1))
    assert not state.in_force(date(2027, 1, 1)) and state.in_force(date(2027, 1, 1), renewing=True)
    assert state.in_force(date(2026, 12, 31))
