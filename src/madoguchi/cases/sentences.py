"""What came of an event, in the reader's words: the names of its codes, and sentences that depend on its data."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.design.templatetags.design import moment
from madoguchi.foundation.money import yen
from madoguchi.people.models import Role
from madoguchi.town.offices import office_name

from .flow import Step
from .models import Case
from .queries import flow_of

Data = Mapping[str, Any]
Sentence = str | Callable[[Case, Data], str]
"""A message id, or what makes a sentence of a case and an event's data."""


def said(sentence: Sentence, case: Case, data: Data) -> str:
    """A sentence in the reader's language; "" stays it."""
    if callable(sentence):
        return sentence(case, data)
    return _(sentence) if sentence else ""


def language() -> Any:
    """The reader's language."""
    return get_language() or "ja"


def step_name(case: Case, step: str = "") -> str:
    """Where a case stands, or the name of another of its steps or ends."""
    flow = flow_of(case)
    found = flow.step_by_id.get(step or case.step) or flow.end_by_id.get(step or case.step)
    return found.text(language()) if found else step or case.step


def result_name(case: Case, result: str) -> str:
    """A decision in words."""
    ends = [end for end in flow_of(case).ends if end.decision == result]
    return ends[0].text(language()) if ends else result


def position_name(position: str) -> str:
    """A seat of the approval chain in words."""
    return str(Role(position).label) if position in Role.values else position


def from_to(case: Case, data: Data) -> str:
    """Which step ended and which began, for officers."""
    return _("「%(left)s」→「%(to)s」") % {"left": step_name(case, data["from"]), "to": step_name(case, data["to"])}


def went_on(case: Case, data: Data) -> str:
    """A step's end for the applicant, or where the case goes on when the step is not over.

    Nothing where a correction begins or is answered, and at the end: events of their own tell those.
    """
    steps = flow_of(case).step_by_id
    left, to = steps.get(data["from"]), steps.get(data["to"])
    if left is None or to is None or to.is_correction:
        return ""
    outcome = left.outcomes.get(data.get("outcome", ""))
    if left.is_correction:
        return "" if _is_usual(left, data) else _("期限までに回答がなかったため、いまの内容で進めます")
    if outcome is None or not outcome.finishes:
        return _("次の段階に移りました：%(step)s") % {"step": to.text(language())}
    return _("%(step)sが終わりました") % {"step": left.text(language())}


def _is_usual(step: Step, data: Data) -> bool:
    return next(iter(step.outcomes)) == data.get("outcome")


def decision(_case: Case, data: Data) -> str:
    """A notification has no yes or no (行政手続法第37条): it was looked at, nothing was decided."""
    return _("届出の形式を確認しました") if data.get("result") == "acknowledged" else _("決定しました")


def payment(_case: Case, data: Data) -> str:
    """Whether the fee was paid or a part of it."""
    return _("手数料の一部の支払いを確認しました") if data.get("due", 0) > 0 else _("手数料の支払いを確認しました")


def office(_case: Case, data: Data) -> str:
    """Which office it was."""
    return office_name(data.get("office", ""))


def result(case: Case, data: Data) -> str:
    """Which decision it is to be."""
    return result_name(case, data.get("result", ""))


def result_and_number(case: Case, data: Data) -> str:
    """Which decision, and its document's number."""
    return f"{result(case, data)} {data.get('number', '')}"


def seat(_case: Case, data: Data) -> str:
    """Which seat of the chain, and whether a deputy sat there."""
    name = position_name(data.get("position", ""))
    return f"{name} {_('代決')}" if data.get("deputy") else name


def way_out(_case: Case, data: Data) -> str:
    """How a document reached the applicant."""
    return _("紙で手渡し") if data.get("by") == "paper" else _("ダウンロード済み")


def way_in(_case: Case, data: Data) -> str:
    """Whether an officer took it down at the counter."""
    return _("窓口で受付") if data.get("channel") == "counter" else ""


def answer(case: Case, data: Data) -> str:
    """Which questions are right as they are, if any; how the answer came otherwise."""
    if data.get("unchanged"):
        return _("このままで正しいとの回答：%(labels)s") % {"labels": _labels(case, data["unchanged"])}
    return way_in(case, data)


def amount(_case: Case, data: Data) -> str:
    """How much money."""
    return yen(data.get("yen", 0), language())


def appointment(_case: Case, data: Data) -> str:
    """When, and by which way."""
    at = moment(datetime.fromisoformat(data["at"])) if data.get("at") else ""
    return f"{at} {_('ビデオ通話') if data.get('way') == 'video' else _('窓口')}"


def line(case: Case, data: Data) -> str:
    """Which line of the check list."""
    lines = case.compiled.procedure.checklist.get(data.get("step", ""), ())
    return next((one.text for one in lines if one.id == data.get("item")), "")


def ask(case: Case, data: Data) -> str:
    """What the step asked."""
    step = data.get("step", "")
    asked = case.compiled.procedure.asks.get(step)
    return case.compiled.words(language()).text(f"asks.{step}.title", asked.title) if asked else step


def _labels(case: Case, questions: Iterable[str]) -> str:
    words, known = case.compiled.words(language()), case.compiled.by_id
    return "、".join(words.text(f"questions.{one}.label", known[one].label) for one in questions if one in known)
