"""A small good definition, and the means to write it to disk, spoilt in one way, and to have it checked."""

from copy import deepcopy

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from madoguchi.catalogue.checking.check import FlowFacts, check
from madoguchi.catalogue.format import Procedure
from madoguchi.catalogue.load import build
from madoguchi.catalogue.questions import AnyQuestion
from madoguchi.catalogue.wording import texts

LAW = {"name": "食品衛生法", "number": "昭和22年法律第233号", "article": "第55条"}
GOOD = {
    "code": "well-permit",
    "name": "井戸許可",
    "kind": "application",
    "summary": "井戸を使う許可の申請です。",
    "bureau": "health",
    "office": "health-center",
    "law": [LAW],
    "regime": "act",
    "audience": ["person", "corporation"],
    "life_events": ["start-business"],
    "who_may_apply": "井戸を使う方。押印は不要です。",
    "needed": ["水質検査の成績書"],
    "standard_period": {"days": 10, "unit": "working"},
    "fee": {"item": "手数料", "amount": "water == 'well' ? 18300 + wells * 100 : 14400"},
    "retention": {"years": 5},
    "flow": "permit",
    "effective": {"from": "2026-04-01"},
    "form": [
        {
            "id": "who",
            "title": "申請者",
            "questions": [
                {
                    "id": "applicant",
                    "type": "party",
                    "label": "申請者",
                    "ask": ["kana", "birth_date", "address", "phone"],
                }
            ],
        },
        {
            "id": "place",
            "title": "施設",
            "questions": [
                {"id": "trade_name", "type": "text", "label": "屋号", "max": 60},
                {
                    "id": "water",
                    "type": "choice",
                    "label": "使用水",
                    "options": [{"id": "tap", "label": "水道水"}, {"id": "well", "label": "井戸水"}],
                },
                {
                    "id": "water_test",
                    "type": "file",
                    "label": "水質検査成績書",
                    "when": "water == 'well'",
                    "when_text": "井戸水の場合",
                },
                {"id": "wells", "type": "number", "label": "井戸の数", "min": 0, "max": 9},
                {"id": "area", "type": "number", "label": "床面積", "decimals": 1, "min": 1, "max": 500},
                {"id": "kitchen", "type": "number", "label": "調理場", "decimals": 1, "min": 1, "max": 500},
                {
                    "id": "officers",
                    "type": "group",
                    "label": "役員",
                    "row_label": "役員",
                    "required": False,
                    "when": "applicant.kind == 'corporation'",
                    "when_text": "法人の場合",
                    "questions": [
                        {"id": "name", "type": "text", "label": "氏名"},
                        {
                            "id": "role",
                            "type": "choice",
                            "label": "役職",
                            "options": [{"id": "head", "label": "代表"}, {"id": "other", "label": "その他"}],
                        },
                        {
                            "id": "role_name",
                            "type": "text",
                            "label": "役職名",
                            "when": "role == 'other'",
                            "when_text": "その他の場合",
                        },
                    ],
                },
                {"id": "truth", "type": "declaration", "label": "確認", "text": "事実と相違ありません。"},
            ],
        },
    ],
    "constraints": [{"id": "kitchen_fits", "rule": "kitchen <= area", "message": "床面積以下です。", "at": "kitchen"}],
    "checklist": {"review": [{"id": "complete", "text": "そろっている"}]},
    "refusal_reasons": [{"id": "standard", "text": "基準に合わない。", "law": LAW}],
    "outcome": {
        "document": "permit",
        "title": "許可書",
        "lead": "次のとおり許可する。",
        "facts": [{"label": "氏名", "value": "applicant.name"}],
    },
    "appeal": {"reviewer": "知事", "defendant": "みなと野県", "represented_by": "知事"},
    "open_data": {"dataset": "wells", "columns": {"屋号": "trade_name", "水": "water"}},
}
ANSWERS = {
    "applicant": {
        "kind": "person",
        "name": "髙﨑 𠮷子",
        "kana": "タカサキ ヨシコ",
        "birth_date": "1990-02-28",
        "address": {"postal_code": "100-0001", "street": "1番1号"},
        "phone": "03-1234-5678",
    },
    "trade_name": "いど屋",
    "water": "tap",
    "wells": 0,
    "area": 20,
    "kitchen": "8.5",
    "truth": True,
    "electronic_notice": False,
}
TOWN = {
    "bureaus": [{"code": "health"}, {"code": "roads"}],
    "offices": [{"code": "health-center", "bureau": "health"}, {"code": "road-office", "bureau": "roads"}],
    "life_events": [{"code": "start-business"}],
}
FLOWS = {
    "permit": FlowFacts("permit", ("application",), ("intake", "review"), ("granted", "refused")),
    "notification": FlowFacts("notification", ("notification",), ("intake",), ("acknowledged",)),
}


@pytest.fixture
def definition():
    """The good definition, free to be spoilt."""
    return deepcopy(GOOD)


@pytest.fixture
def answers():
    """Answers to it that are right, free to be spoilt."""
    return deepcopy(ANSWERS)


@pytest.fixture
def compiled(definition):
    """The good definition, ready to judge."""
    return build(definition, {})


@pytest.fixture
def question():
    """Builds a question of a type from its keys."""
    adapter = TypeAdapter(AnyQuestion)
    return lambda kind, **keys: adapter.validate_python({"id": "q", "type": kind, "label": "問い", **keys})


def write_tree(file, tree):
    """Write YAML in block style, so that every key has its line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as stream:
        yaml.safe_dump(tree, stream, allow_unicode=True, sort_keys=False, width=10_000)


def needed_wordings(tree):
    """Wordings that fit the definition, as far as it can be read."""
    try:
        return dict.fromkeys(texts(Procedure.model_validate(tree)), "text")
    except ValidationError:
        return {"name": "text"}


@pytest.fixture
def write(tmp_path):
    """Writes a definition with its wordings and examples; returns the folder."""

    def write(tree, *, folder=None, wordings=None, examples=None):
        place = tmp_path / "procedures" / (folder or str(tree.get("code", "nameless")))
        write_tree(place / "procedure.yaml", tree)
        for language in ("en", "ja-easy"):
            write_tree(place / "wording" / f"{language}.yaml", needed_wordings(tree) if wordings is None else wordings)
        for name, example in (good_examples() if examples is None else examples).items():
            write_tree(place / "examples" / f"{name}.yaml", example)
        return place

    return write


def good_examples():
    """One accepted and one refused application for the good definition."""
    refused = {**deepcopy(ANSWERS), "kitchen": 30}
    return {
        "accepted": {"title": "水道水の店", "answers": deepcopy(ANSWERS), "outcome": {"accepted": True, "fee": 14400}},
        "refused": {
            "title": "調理場が床面積より広い",
            "answers": refused,
            "outcome": {"accepted": False, "problems": [{"pointer": "/kitchen", "code": "constraint"}]},
        },
    }


@pytest.fixture
def faults(tmp_path):
    """All faults of what was written."""
    return lambda: check(tmp_path / "procedures", town=TOWN, flows=FLOWS)
