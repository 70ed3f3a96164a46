"""What the desk shows: the inbox by urgency, and everything about one case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.applications import present
from madoguchi.applications.models import Filing
from madoguchi.cases.models import Case, Consultation, Event
from madoguchi.cases.queries import clock, flow_of, flows
from madoguchi.catalogue.queries import current
from madoguchi.decisions.actions import next_seat, sits_in
from madoguchi.decisions.models import Approval, Draft
from madoguchi.foundation.identifiers import parse_reference
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Officer, Post, Role
from madoguchi.people.town import town

PAGE = 50
MOST_COUNTED = 1000
SOON_DAYS = 3
FAR = date(9999, 12, 31)


def language() -> Any:
    """The reader's language."""
    return get_language() or "ja"


@dataclass(frozen=True)
class Row:
    """A line of the inbox."""

    case: Case
    procedure: str
    step: str
    urgency: str
    days: int | None


def tabs() -> list[tuple[str, str]]:
    """The views of the inbox."""
    return [
        ("mine", _("自分の担当")),
        ("office", _("課のすべて")),
        ("approval", _("決裁待ち")),
        ("consulted", _("照会")),
        ("closed", _("終わった案件")),
    ]


def listed(actor: Actor, tab: str) -> QuerySet[Case]:
    """The cases of a tab."""
    own = Case.objects.filter(office__in=actor.offices_with((*CASE_WORKERS, Role.CLERK)))
    still_open = own.filter(closed_at__isnull=True)
    match tab:
        case "mine":
            return still_open.filter(assignee=actor.officer)
        case "approval":
            return Case.objects.filter(pk__in=waiting_for(actor), closed_at__isnull=True)
        case "consulted":
            asked = Consultation.objects.filter(
                case=OuterRef("pk"), office__in=actor.offices_with(CASE_WORKERS), answered_at__isnull=True
            )
            return Case.objects.filter(Exists(asked))
        case "closed":
            return own.filter(closed_at__isnull=False)
        case _all:
            return still_open


def waiting_for(actor: Actor) -> QuerySet[Draft, Any]:
    """Ids of cases whose draft waits for this actor's seat, or for a seat that the actor deputises."""
    seats = Q()
    for office, roles in (actor.offices or {}).items():
        seats |= Q(office=office, position__in=list(roles))
    if actor.officer is not None:
        for office, role in Post.objects.filter(deputy=actor.officer).values_list("office", "role"):
            seats |= Q(office=office, position=role)
    if not seats:
        return Draft.objects.none().values("case_id")
    earlier = Approval.objects.filter(draft=OuterRef("draft"), outcome="", order__lt=OuterRef("order"))
    turn = Approval.objects.filter(seats, ~Exists(earlier), outcome="", draft__state=Draft.State.PENDING)
    return Draft.objects.filter(approvals__in=turn).values("case_id")


def narrowed(cases: QuerySet[Case], asked: Mapping[str, str], today: date) -> QuerySet[Case]:
    """The filters and the search of the inbox."""
    if asked.get("procedure"):
        cases = cases.filter(procedure=asked["procedure"])
    if asked.get("step"):
        cases = cases.filter(step=asked["step"])
    if asked.get("channel"):
        cases = cases.filter(channel=asked["channel"])
    if asked.get("late"):
        cases = cases.filter(due_on__lt=today)
    words = asked.get("q", "").strip()[:80]
    if words:
        reference = parse_reference(words)
        cases = cases.filter(reference=reference) if reference else cases.filter(title__icontains=words)
    return cases


def after(cases: QuerySet[Case], mark: str, *, closed: bool) -> QuerySet[Case]:
    """Keyset pagination: the cases behind a mark, as cheap on the last page as on the first."""
    if closed:
        cases = cases.order_by("-received_at", "-id")
        return cases.filter(received_at__lt=mark) if mark else cases
    cases = cases.order_by(F("due_on").asc(nulls_last=True), "id")
    day, _bar, identifier = mark.partition("|")
    if not identifier:
        return cases
    if not day:
        return cases.filter(due_on__isnull=True, id__gt=identifier)
    return cases.filter(Q(due_on__gt=day) | Q(due_on=day, id__gt=identifier) | Q(due_on__isnull=True))


def mark_of(case: Case, *, closed: bool) -> str:
    """The mark of a case for the next page."""
    return case.received_at.isoformat() if closed else f"{case.due_on or ''}|{case.pk}"


def row(case: Case, today: date) -> Row:
    """A case as a line; no further query."""
    days = (case.due_on - today).days if case.due_on else None
    if not case.is_open or days is None:
        urgency = "" if case.is_open else "closed"
    else:
        urgency = "late" if days < 0 else "soon" if days <= SOON_DAYS else "ok"
    return Row(case, row_name(case.procedure), step_name(case), urgency, days)


def row_name(code: str) -> str:
    """A procedure's name in the reader's language."""
    found = current().get(code)
    return found.compiled.words(language()).text("name", found.compiled.procedure.name) if found else code


def step_name(case: Case) -> str:
    """Where a case stands."""
    flow = flow_of(case)
    standing = flow.step_by_id.get(case.step) or flow.end_by_id.get(case.step)
    return standing.text(language()) if standing else case.step


def steps_of_all() -> list[tuple[str, str]]:
    """Every step of every flow, once, for the filter."""
    found = {step.id: step.text(language()) for flow in flows().values() for step in flow.steps}
    return sorted(found.items(), key=lambda pair: pair[1])


def counted(cases: QuerySet[Case]) -> str:
    """How many, counted up to a limit so that the page costs the same at any size."""
    number = cases.order_by()[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else str(number)


@dataclass(frozen=True)
class Told:
    """A line of the record as officers read it."""

    at: Any
    text: str
    who: str


def record(case: Case) -> list[Told]:
    """All events of a case with the names of those who acted, newest first."""
    events = list(case.events.order_by("-seq")[:300])
    codes = {event.actor_code for event in events if event.actor_kind == "officer" and event.actor_code.isdigit()}
    names = {str(officer.pk): officer.name for officer in Officer.objects.filter(pk__in=codes)}
    return [Told(event.at, _text(case, event), _who(event, names)) for event in events]


def _who(event: Event, names: Mapping[str, str]) -> str:
    if event.actor_kind == "officer":
        return names.get(event.actor_code, event.actor_code)
    return {"applicant": _("申請者"), "system": _("システム")}.get(event.actor_kind, "")


def _text(case: Case, event: Event) -> str:
    if event.kind == "moved":
        return _("「%(left)s」→「%(to)s」") % {
            "left": _place(case, event.data["from"]),
            "to": _place(case, event.data["to"]),
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
        "fee-noted": _("手数料の変更"),
        "purged": _("個人情報の消去"),
    }
    return texts.get(event.kind, event.kind)


def _place(case: Case, identifier: str) -> str:
    flow = flow_of(case)
    found = flow.step_by_id.get(identifier) or flow.end_by_id.get(identifier)
    return found.text(language()) if found else identifier


def answers(case: Case) -> dict[str, Any]:
    """The answers as they stand, with those marked that the last correction changed."""
    filings: Sequence[Filing] = list(case.filings.order_by("-number")[:2])
    newest = filings[0].answers
    before = filings[1].answers if len(filings) > 1 else newest
    changed = frozenset(key for key in {*newest, *before} if newest.get(key) != before.get(key))
    return {"parts": present.shown(case.compiled, newest, language(), changed), "filing": filings[0]}


def checklist(case: Case) -> list[dict[str, Any]]:
    """The lines to check at this step, ticked or not."""
    ticked = {check.item: check for check in case.checks.filter(step=case.step).select_related("by")}
    return [
        {"line": line, "check": ticked.get(line.id)} for line in case.compiled.procedure.checklist.get(case.step, ())
    ]


@dataclass(frozen=True)
class MayDo:
    """What this officer may do with the case now; only that is offered."""

    work: bool
    steps: Sequence[tuple[str, str]] = ()
    correct: bool = False
    draft: bool = False
    acknowledge: bool = False
    seat: Approval | None = None
    as_deputy: bool = False


def may_do(case: Case, actor: Actor, today: date) -> MayDo:
    """The actions open to this officer at this step."""
    draft = case.drafts.filter(state=Draft.State.PENDING).first()
    seat = next_seat(draft) if draft else None
    sits, as_deputy = sits_in(seat, actor, today) if seat else (False, False)
    own = draft is not None and actor.officer is not None and draft.drafted_by_id == actor.officer.pk
    if not actor.holds(case.office) or not case.is_open:
        return MayDo(False, seat=seat if sits and not own else None, as_deputy=as_deputy)
    flow = flow_of(case)
    outcomes = flow.outcomes(case.step, "officer")
    corrections = [
        o for o, one in outcomes.items() if one.to in flow.step_by_id and flow.step_by_id[one.to].is_correction
    ]
    ends = [o for o, one in outcomes.items() if one.to in flow.end_by_id]
    steps = [(o, one.text(language())) for o, one in outcomes.items() if o not in {*corrections, *ends, "drafted"}]
    return MayDo(
        True, steps, bool(corrections), "drafted" in outcomes, bool(ends), seat if sits and not own else None, as_deputy
    )


def whole(case: Case, actor: Actor, today: date) -> dict[str, Any]:
    """Everything the case's screen shows."""
    standing = clock(case)
    offices = town().offices
    drafts = case.drafts.prefetch_related("approvals__by").select_related("drafted_by").order_by("-pk")
    return {
        "case": case,
        "name": row(case, today).procedure,
        "step": step_name(case),
        "row": row(case, today),
        "clock": standing,
        "used": standing.used(today) if standing else None,
        "remaining": standing.remaining(today) if standing else None,
        "record": record(case),
        "checklist": checklist(case),
        "notes": list(case.notes.select_related("by").order_by("-at")),
        "consultations": [
            {"one": one, "office": offices[one.office].in_language(language()) if one.office in offices else one.office,
             "mine": actor.holds(one.office) and one.answered_at is None}
            for one in case.consultations.select_related("asked_by", "answered_by").order_by("-asked_at")
        ],
        "corrections": list(case.corrections.select_related("asked_by").order_by("-asked_at")),
        "drafts": [(draft, result_name(case, draft.result)) for draft in drafts],
        "documents": list(case.credentials.defer("pdf")),
        "offices": [(o.code, o.in_language(language())) for o in offices.values() if o.code != case.office],
        "office": offices[case.office].in_language(language()),
        "may": may_do(case, actor, today),
        "may_withdraw_document": actor.holds(case.office, [Role.MANAGER, Role.DIRECTOR]),
        "file_url": "desk:file",
        "reference": case.reference,
        "document_date": today,
        **answers(case),
    }  # fmt: skip


def result_name(case: Case, result: str) -> str:
    """A decision in words."""
    ends = [end for end in flow_of(case).ends if end.decision == result]
    return ends[0].text(language()) if ends else result
