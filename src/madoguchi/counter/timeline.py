"""What the applicant reads of a case: where it stands, what happened, what usually comes next. Told by outcome."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.cases.flow import Step, path_to_decision
from madoguchi.cases.models import Case, Event
from madoguchi.cases.queries import awaits_payment, flow_of, timeline

from .queries import language


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: done, now or to come."""

    state: str
    title: str
    at: Any = None
    text: str = ""


def step_name(case: Case) -> str:
    """Where the case stands, in the reader's language."""
    if awaits_payment(case):
        return _("支払い待ち")
    flow = flow_of(case)
    standing = flow.step_by_id.get(case.step) or flow.end_by_id.get(case.step)
    lang: Any = language()
    return standing.text(lang) if standing else case.step


def history(case: Case) -> list[Entry]:
    """What happened and what usually comes next, as the applicant reads it."""
    return [*_done(case), *(_ahead(case) if case.is_open else ())]


def _done(case: Case) -> Iterator[Entry]:
    for event in timeline(case):
        if title := told(case, event):
            yield Entry("done", title, event.at)


def _ahead(case: Case) -> list[Entry]:
    lang: Any = language()
    titles = [(step.text(lang), step.text(lang, "help")) for step in path_to_decision(flow_of(case), case.step)]
    if awaits_payment(case):
        titles = [(step_name(case), _("手数料が支払われると、次に進みます。")), *titles]
    return [Entry("now" if n == 0 else "next", title, text=text) for n, (title, text) in enumerate(titles)]


def told(case: Case, event: Event) -> str:
    """What an event was, in the applicant's words; "" where another event tells it."""
    if event.kind in BY_OUTCOME:
        return BY_OUTCOME[event.kind](case, event.data)
    titles = {
        "submitted": _("申請が到達しました"),
        "email-confirmed": _("メールアドレスを確認しました"),
        "letter-withheld": _(
            "メールは送っていません（先に同じアドレスへ送ったメールのリンクを開くと、届くようになります）"
        ),
        "correction-asked": _("補正をお願いしました"),
        "correction-answered": _("補正の回答を受け取りました"),
        "issued": _("文書を発行しました"),
        "delivered": _("文書を受け取りました"),
        "document-withdrawn": _("文書が取り消されました"),
        "withdrawn": _("取り下げました"),
        "rated": _("評価をいただきました"),
        "fee-noted": _("手数料が変わりました"),
        "charged": _("手数料の支払いをお願いしました"),
        "reduced": _("手数料が減りました"),
        "refunded": _("お金をお返ししました"),
        "payment-lapsed": _("支払いの期限が過ぎたため、申請が終わりました"),
        "appointment-made": _("相談を予約しました"),
        "appointment-moved": _("相談の日時を変えました"),
        "appointment-cancelled": _("相談の予約を取り消しました"),
        "arrived": _("窓口に着きました"),
    }
    return titles.get(event.kind, "")


def _moved(case: Case, data: Mapping[str, Any]) -> str:
    """A step's end, or where the case goes on when the step is not over.

    Nothing where a correction begins or is answered, and at the end: events of their own tell those.
    """
    steps = flow_of(case).step_by_id
    left, to = steps.get(data["from"]), steps.get(data["to"])
    if left is None or to is None or to.is_correction:
        return ""
    outcome = left.outcomes.get(data.get("outcome", ""))
    if left.is_correction:
        return "" if _is_usual(left, data) else _("期限までに回答がなかったため、いまの内容で進めます")
    lang: Any = language()
    if outcome is None or not outcome.finishes:
        return _("次の段階に移りました：%(step)s") % {"step": to.text(lang)}
    return _("%(step)sが終わりました") % {"step": left.text(lang)}


def _is_usual(step: Step, data: Mapping[str, Any]) -> bool:
    return next(iter(step.outcomes)) == data.get("outcome")


def _decided(_case: Case, data: Mapping[str, Any]) -> str:
    """A notification has no yes or no (行政手続法第37条): it was looked at, nothing was decided."""
    return _("届出の形式を確認しました") if data.get("result") == "acknowledged" else _("決定しました")


def _paid(_case: Case, data: Mapping[str, Any]) -> str:
    return _("手数料の一部の支払いを確認しました") if data.get("due", 0) > 0 else _("手数料の支払いを確認しました")


BY_OUTCOME: Mapping[str, Callable[[Case, Mapping[str, Any]], str]] = {
    "moved": _moved,
    "decided": _decided,
    "paid": _paid,
}
"""Kinds whose sentence depends on what came of them."""
