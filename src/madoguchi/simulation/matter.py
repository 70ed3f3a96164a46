"""The case itself: filings, files, steps, corrections, what officers write, and the rating."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from madoguchi.applications.models import Filing, Upload
from madoguchi.cases.actions import leads_forward
from madoguchi.cases.correspondence import Consultation, Correction, Note
from madoguchi.cases.flow import Wait
from madoguchi.cases.models import Case, Check, Task
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.judgement import Answers
from madoguchi.foundation import record
from madoguchi.foundation.dates import add_open_days, retention_end
from madoguchi.foundation.identifiers import new_reference
from madoguchi.participation.models import Rating

from . import money
from .dossier import Dossier, Writer, moment
from .files import KINDS, attached
from .lives import Happening
from .sources import with_files

ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
NOTES: Final = (
    "電話で内容を確認した。",
    "図面の縮尺を確認済み。",
    "現地の写真と一致している。",
    "前回の許可の控えを参照した。",
)
ASKED: Final = ("所管の規定に照らして、支障の有無を教えてください。", "過去の指導の有無を教えてください。")
ANSWERED: Final = ("支障ありません。", "過去の指導はありません。")
COMMENTS: Final = (
    "",
    "",
    "",
    "スマートフォンだけで終わりました。",
    "次に何をすればよいか、すぐ分かりました。",
    "説明がもう少し短いと助かります。",
)
WHY: Final = "添付の内容と記入が合っていません。確かめて、直してください。"
ANSWER_DAYS: Final = 10


def _submitted(dossier: Dossier, one: Happening) -> None:
    story, at = dossier.story, moment(one.at)
    course, variant = story.source.course, story.variant
    years = story.source.compiled.procedure.retention.years
    case = dossier.add(
        Case, id=dossier.identifier(), reference=new_reference(dossier.chance.randrange),
        version_id=story.source.compiled.version_id, procedure=course.code, office=course.office,
        flow=course.flow.code, step=course.flow.start, channel=story.channel, language=story.language,
        title=variant.title, fee=variant.fee, unpaid=variant.fee or 0, electronic_notice=variant.electronic,
        received_at=at, period_days=course.period_days, period_unit=course.period_unit, invented=True,
        retention_until=retention_end(one.at.date(), years), last_seq=0, last_hash=record.GENESIS,
    )  # fmt: skip
    dossier.open["case"] = case
    dossier.open["filing"] = dossier.add(Filing, case_id=case["id"], number=1, answers=_answers(dossier), at=at)
    _begin(dossier, course.flow.start)
    data = {"filing": 1, "channel": story.channel, "fee": variant.fee, "invented": True, **one.data}
    dossier.record("submitted", dossier.actor(one), data)


def _answers(dossier: Dossier) -> dict[str, Any]:
    return _placed(dossier, dossier.story.source.compiled, dossier.story.variant.answers)


def _placed(dossier: Dossier, compiled: Compiled, answers: Answers) -> dict[str, Any]:
    if not dossier.whole:
        return dict(with_files(compiled, answers, {}))
    placed = {
        path: [_attach(dossier, question.accept, question.id, number) for number in range(len(ids))]
        for path, question, ids in compiled.files_in(answers)
    }
    return dict(with_files(compiled, answers, placed))


def _attach(dossier: Dossier, kinds: tuple[str, ...], name: str, number: int) -> str:
    kind = kinds[number % len(kinds)]
    file = attached(kind, dossier.chance.randrange(KINDS))
    identifier = "".join(dossier.chance.choices(ALPHABET, k=32))
    dossier.add(
        Upload, id=identifier, case_id=dossier.case["id"], name=f"{name}-{number + 1}.{kind}", kind=kind,
        size=len(file.content), sha256=file.sha256, created_at=dossier.at, content=file.content,
    )  # fmt: skip
    return identifier


def _begin(dossier: Dossier, step: str) -> None:
    wait = dossier.story.source.course.flow.step_by_id[step].wait
    dossier.open["task"] = dossier.add(
        Task, id=next(dossier.ids[Task]), case_id=dossier.case["id"], step=step, opened_at=dossier.at,
        due_at=_timer(wait, dossier.now),
        closed_at=None, outcome="",
    )  # fmt: skip


def _timer(wait: Wait | None, now: datetime) -> datetime | None:
    if wait is None:
        return None
    if wait.unit == "calendar":
        return moment(now + timedelta(days=wait.days))
    return moment(datetime.combine(add_open_days(now.date(), wait.days), time.max))


def _moved(dossier: Dossier, one: Happening) -> None:
    case, flow, to = dossier.case, dossier.story.source.course.flow, one.data["to"]
    step, outcome = flow.step_by_id[one.data["from"]], flow.outcomes(one.data["from"])[one.data["outcome"]]
    ask = dossier.story.source.compiled.procedure.asks.get(step.id)
    if leads_forward(flow, step, outcome) or (ask and one.data["outcome"] in ask.only_if):
        _answer_step(dossier, one)
    dossier.open["task"].update(closed_at=dossier.at, outcome=one.data["outcome"])
    if asked := dossier.open.get("correction"):
        asked["answered_at"] = asked["answered_at"] or dossier.at
    case["step"] = to
    if to in flow.end_by_id:
        years = dossier.story.source.compiled.procedure.retention.years
        case.update(result=to, closed_at=dossier.at, retention_until=retention_end(one.at.date(), years))
    else:
        _begin(dossier, to)
    system = "fees" if one.data["outcome"] == "lapsed" else "timer"
    dossier.record("moved", dossier.actor(one, system), one.data)


def _answer_step(dossier: Dossier, one: Happening) -> None:
    """What an officer who finishes a step answered to what it asks."""
    source, step = dossier.story.source, one.data["from"]
    answers = source.at_step(step, one.at.date())
    if answers is None:
        return
    dossier.open["task"].update(filed_at=dossier.at)
    answered = dossier.open.setdefault("steps", {})
    number = answered[step] = answered.get(step, 0) + 1
    dossier.add(
        Filing, case_id=dossier.case["id"], step=step, number=number, task_id=dossier.open["task"]["id"],
        by_id=dossier.officer("officer"), answers=_placed(dossier, source.compiled.at(step), answers), at=dossier.at,
    )  # fmt: skip
    dossier.record("step-answered", dossier.actor(one), {"step": step, "filing": number})


def _correction_asked(dossier: Dossier, one: Happening) -> None:
    items = [{"question": question, "text": WHY} for question in one.data["questions"]]
    pk = next(dossier.ids[Correction])
    dossier.open["correction"] = dossier.add(
        Correction, id=pk, case_id=dossier.case["id"], asked_by_id=dossier.officer("officer"), asked_at=dossier.at,
        items=items, answer_by=_days_later(one.at.date()), answered_at=None,
    )  # fmt: skip
    dossier.record("correction-asked", dossier.actor(one), {"correction": pk, **one.data})


def _days_later(day: date) -> date:
    return add_open_days(day, ANSWER_DAYS)


def _correction_answered(dossier: Dossier, one: Happening) -> None:
    before = dossier.open["filing"]
    dossier.open["filing"] = dossier.add(Filing, **{**before, "number": before["number"] + 1, "at": dossier.at})
    dossier.case["filing"] = before["number"] + 1
    told = {
        "correction": dossier.open["correction"]["id"],
        "filing": before["number"] + 1,
        "channel": _entered(dossier),
    }
    dossier.record("correction-answered", dossier.actor(one), told)


def _entered(dossier: Dossier) -> str:
    return "counter" if dossier.story.channel == "counter" else "online"


def _read(dossier: Dossier, one: Happening) -> None:
    dossier.record("read", dossier.actor(one), {"office": dossier.case["office"]})


def _taken(dossier: Dossier, one: Happening) -> None:
    dossier.case["assignee_id"] = dossier.officer(one.by)
    dossier.record("task-taken", dossier.actor(one), {"officer": dossier.case["assignee_id"]})


def _noted(dossier: Dossier, one: Happening) -> None:
    pk, text = next(dossier.ids[Note]), NOTES[one.data["text"] % len(NOTES)]
    dossier.add(Note, id=pk, case_id=dossier.case["id"], by_id=dossier.officer(one.by), at=dossier.at, text=text)
    dossier.record("note-added", dossier.actor(one), {"note": pk})


def _checked(dossier: Dossier, one: Happening) -> None:
    filing = dossier.open["filing"]["number"]
    ticked = (filing, one.data["step"], one.data["item"])
    if ticked not in {(row["filing"], row["step"], row["item"]) for row in dossier.rows[Check]}:
        dossier.add(
            Check, case_id=dossier.case["id"], filing=filing, by_id=dossier.officer(one.by), at=dossier.at, **one.data
        )
        dossier.record("checked", dossier.actor(one), one.data)


def _consulted(dossier: Dossier, one: Happening) -> None:
    pk, office = next(dossier.ids[Consultation]), one.data["office"]
    dossier.open["consultation"] = dossier.add(
        Consultation, id=pk, case_id=dossier.case["id"], office=office, question=dossier.chance.choice(ASKED),
        asked_by_id=dossier.officer("officer"), asked_at=dossier.at,
    )  # fmt: skip
    asker = ("officer", str(dossier.officer("officer")))
    dossier.record("consulted", asker, {"consultation": pk, "office": office})


def _consultation_answered(dossier: Dossier, one: Happening) -> None:
    asked = dossier.open["consultation"]
    by = dossier.officer("officer", one.data["office"])
    asked.update(answer=dossier.chance.choice(ANSWERED), answered_by_id=by, answered_at=dossier.at)
    dossier.record("consultation-answered", ("officer", str(by)), {"consultation": asked["id"]})


def _withdrawn(dossier: Dossier, one: Happening) -> None:
    dossier.record("withdrawn", dossier.actor(one), {"channel": _entered(dossier)})
    money.ask_no_more(dossier)


def _rated(dossier: Dossier, one: Happening) -> None:
    comment = dossier.chance.choice(COMMENTS)
    dossier.add(Rating, case_id=dossier.case["id"], score=one.data["score"], comment=comment, at=dossier.at)
    dossier.record("rated", dossier.actor(one), one.data)


WRITERS: Final[Mapping[str, Writer]] = {
    "submitted": _submitted,
    "read": _read,
    "task-taken": _taken,
    "note-added": _noted,
    "checked": _checked,
    "consulted": _consulted,
    "consultation-answered": _consultation_answered,
    "moved": _moved,
    "correction-asked": _correction_asked,
    "correction-answered": _correction_answered,
    "withdrawn": _withdrawn,
    "rated": _rated,
}
