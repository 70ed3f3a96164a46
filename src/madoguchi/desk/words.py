"""Codes as officers read them: procedures, steps, decisions, offices, and the lines of the record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.cases.models import Case, Event
from madoguchi.cases.queries import flow_of
from madoguchi.design.templatetags.design import moment
from madoguchi.foundation.money import yen
from madoguchi.people.models import Officer, Role
from madoguchi.town.offices import office_name

MOST_EVENTS = 300


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


@dataclass(frozen=True)
class Told:
    """A line of the record as officers read it."""

    at: datetime
    text: str
    detail: str
    who: str


def record(case: Case) -> list[Told]:
    """The events of a case with the names of those who acted, newest first."""
    events = list(case.events.order_by("-seq")[:MOST_EVENTS])
    codes = {event.actor_code for event in events if event.actor_kind == "officer" and event.actor_code.isdigit()}
    names = {str(officer.pk): officer.name for officer in Officer.objects.filter(pk__in=codes)}
    return [Told(event.at, told(case, event), detail(case, event), _who(event, names)) for event in events]


def letters(case: Case) -> list[tuple[str, datetime]]:
    """The letters that were sent to the applicant, newest first."""
    sent = case.events.filter(kind="mailed").order_by("-seq")
    return [(letter_name(event.data.get("letter", "")), event.at) for event in sent]


def letter_name(letter: str) -> str:
    """What a letter was about."""
    names = {
        "submitted": _("受付のお知らせ"),
        "correction-asked": _("補正のお願い"),
        "correction-answered": _("補正を受け取ったお知らせ"),
        "issued": _("決定のお知らせ"),
        "withdrawn": _("取下げのお知らせ"),
        "link-again": _("リンクの再送"),
    }
    return names.get(letter, letter)


def _who(event: Event, names: Mapping[str, str]) -> str:
    if event.actor_kind == "officer":
        return names.get(event.actor_code, event.actor_code)
    return {"applicant": _("申請者"), "system": _("システム")}.get(event.actor_kind, "")


def told(case: Case, event: Event) -> str:
    """What happened, in a few words."""
    if event.kind == "moved":
        return _("「%(left)s」→「%(to)s」") % {
            "left": step_name(case, event.data["from"]),
            "to": step_name(case, event.data["to"]),
        }
    texts = {
        "submitted": _("到達"),
        "email-confirmed": _("メールアドレスの確認"),
        "read": _("閲覧"),
        "task-taken": _("担当の決定"),
        "correction-asked": _("補正の求め"),
        "correction-answered": _("補正の回答"),
        "consulted": _("照会"),
        "consultation-answered": _("照会への回答"),
        "note-added": _("メモ"),
        "checked": _("確認項目にチェック"),
        "unchecked": _("確認項目のチェックを外した"),
        "drafted": _("起案"),
        "approved": _("決裁"),
        "sent-back": _("差戻し"),
        "decided": _("決定"),
        "issued": _("文書の発行（施行）"),
        "delivered": _("文書の受取り"),
        "document-withdrawn": _("文書の取消し"),
        "withdrawn": _("取下げ"),
        "closed": _("完結"),
        "invited": _("リンクの発行"),
        "entered": _("申請者の入室"),
        "rated": _("利用者の評価"),
        "mailed": _("お知らせメールの送信"),
        "letter-withheld": _("お知らせメールの見合わせ（アドレス未確認）"),
        "fee-noted": _("手数料の変更"),
        "charged": _("請求"),
        "paid": _("納付"),
        "reduced": _("減免・減額"),
        "refunded": _("還付"),
        "written-off": _("不納欠損"),
        "payment-lapsed": _("未納による期限切れ"),
        "appointment-made": _("相談の予約"),
        "appointment-moved": _("予約の変更"),
        "appointment-cancelled": _("予約の取消し"),
        "arrived": _("来庁"),
        "called": _("呼出し"),
        "purged": _("個人情報の消去"),
    }
    return texts.get(event.kind, event.kind)


def detail(case: Case, event: Event) -> str:
    """What else the event's data says: which office, which seat, which decision, which letter."""
    data = event.data
    match event.kind:
        case "consulted" | "read":
            return office_name(data.get("office", ""))
        case "drafted":
            return result_name(case, data.get("result", ""))
        case "approved" | "sent-back":
            seat = position_name(data.get("position", ""))
            return f"{seat} {_('代決')}" if data.get("deputy") else seat
        case "decided":
            return f"{result_name(case, data.get('result', ''))} {data.get('number', '')}"
        case "delivered":
            return _("紙で手渡し") if data.get("by") == "paper" else _("ダウンロード済み")
        case "correction-answered" if data.get("unchanged"):
            return _("このままで正しいとの回答：%(labels)s") % {"labels": _labels(case, data["unchanged"])}
        case "correction-answered" | "withdrawn":
            return _("窓口で受付") if data.get("channel") == "counter" else ""
        case "mailed" | "letter-withheld":
            return letter_name(data.get("letter", ""))
        case "charged" | "paid" | "reduced" | "refunded" | "written-off" | "payment-lapsed":
            return yen(data.get("yen", 0), language())
        case "appointment-made" | "appointment-moved" | "appointment-cancelled" | "arrived" | "called":
            how = _("ビデオ通話") if data.get("way") == "video" else _("窓口")
            return f"{_at(data.get('at', ''))} {how}"
        case "checked" | "unchecked":
            return _line(case, data)
        case _nothing:
            return ""


def _labels(case: Case, questions: Iterable[str]) -> str:
    words, known = case.compiled.words(language()), case.compiled.by_id
    return "、".join(words.text(f"questions.{one}.label", known[one].label) for one in questions if one in known)


def _at(text: str) -> str:
    return moment(datetime.fromisoformat(text)) if text else ""


def _line(case: Case, data: Mapping[str, Any]) -> str:
    lines = case.compiled.procedure.checklist.get(data.get("step", ""), ())
    return next((line.text for line in lines if line.id == data.get("item")), "")
