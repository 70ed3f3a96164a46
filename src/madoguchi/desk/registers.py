"""The registers as officers read them: who is in, what of a case differs, what happened to a holding."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from madoguchi.cases.models import Case
from madoguchi.cases.names import name_key
from madoguchi.cases.sentences import language
from madoguchi.foundation.text import sought
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Role
from madoguchi.registers import queries
from madoguchi.registers.directory import registers
from madoguchi.registers.load import Defined
from madoguchi.registers.models import EFFECTS, STANDINGS, Entry, Holding

from .paging import by_day, cut

LONGEST = 80
SOON = timedelta(days=90)
HELD = ("coming", "in-force", "suspended")


def standings() -> list[tuple[str, str]]:
    """What the list can be narrowed to."""
    return [
        ("in-force", _("有効なもの")),
        ("soon", _("90日以内に期限が来るもの")),
        ("over", _("期限が過ぎたもの")),
        ("ended", _("終わったもの")),
        ("all", _("すべて")),
    ]


def asked(get: Mapping[str, str]) -> dict[str, str]:
    """Filters and mark as they stand in the address; nothing in them can break a query."""
    told = {name: sought(get.get(name, ""), LONGEST) for name in ("q", "after")}
    standing = get.get("standing", "")
    return {**told, "standing": standing if standing in dict(standings()) else "in-force"}


def offices_of(actor: Actor) -> list[str]:
    """Whose holdings the officer reads."""
    return actor.offices_with((*CASE_WORKERS, Role.CLERK))


def mine(actor: Actor) -> list[Defined]:
    """The registers of the officer's offices."""
    offices = offices_of(actor)
    return [one for one in registers().values() if one.register.office in offices]


def listed(register: str, told: Mapping[str, str], actor: Actor, today: date) -> QuerySet[Holding]:
    """The holdings of a register that the officer asked for."""
    rows = Holding.objects.filter(register=register, office__in=offices_of(actor)).exclude(standing="void")
    match told["standing"]:
        case "in-force":
            rows = rows.filter(Q(until__isnull=True) | Q(until__gte=today), standing__in=HELD)
        case "soon":
            rows = rows.filter(standing="in-force", until__gte=today, until__lte=today + SOON)
        case "over":
            rows = rows.filter(standing="in-force", until__lt=today)
        case "ended":
            rows = rows.filter(standing="ended")
    if not told["q"]:
        return rows
    number = queries.find(register, told["q"])
    return rows.filter(pk=number.pk) if number else rows.filter(name_key__contains=name_key(told["q"]))


def page(rows: QuerySet[Holding], mark: str) -> tuple[list[Holding], str]:
    """The holdings behind a mark by their last day, and the mark of the next page."""
    return cut(by_day(rows, "until", mark), lambda one: one.until)


def row(holding: Holding, today: date) -> dict[str, Any]:
    """A holding as a line."""
    return {"one": holding, "standing": standing_of(holding, today), "late": is_over(holding, today)}


def is_over(holding: Holding, today: date) -> bool:
    """Whether its last day has passed, though nobody ended it."""
    return holding.standing == "in-force" and holding.until is not None and holding.until < today


def standing_of(holding: Holding, today: date) -> str:
    """How it stands, in the reader's words."""
    if is_over(holding, today):
        return _("期限切れ（更新の審査中は有効）") if queries.is_renewing(holding) else _("期限が過ぎています")
    return str(STANDINGS[holding.standing])


def history(holding: Holding) -> list[dict[str, Any]]:
    """Each entry with who and why, and the columns it set as a person reads them, newest first."""
    entries = holding.entries.select_related("by", "case", "batch").order_by("-seq")
    return [{"one": one, "effect": EFFECTS[one.effect], "lines": _lines(holding, one)} for one in entries]


def _lines(holding: Holding, entry: Entry) -> list[tuple[str, str]]:
    defined = registers().get(holding.register)
    if defined is None or entry.effect == "enter":
        return []
    told = [
        (defined.label(name, language()), queries.shown(defined, name, value, language()))
        for name, value in entry.values.items()
    ]
    return [(label, value) for label, value in told if value]


def of_case(case: Case) -> dict[str, Any]:
    """What a case's screen says of the register: what is there, what would differ, whether somebody confirmed it."""
    if not case.compiled.procedure.concerns:
        return {"register": None}
    act = queries.act_of(case)
    entry = Entry.objects.filter(case=case).select_related("holding").first()
    if act is None:
        return {"register": None, "entry": entry}
    concern = queries.concern_of(case)
    holding = concern.holding if concern else None
    return {
        "register": act.register.name(language()),
        "entry": entry,
        "act": act,
        "effect": EFFECTS[act.effect],
        "concern": concern,
        "holding": holding,
        "holding_number": holding.number if holding else act.number,
        "is_stale": bool(holding and concern and concern.by_id and holding.last_seq != concern.seen and not entry),
        "holding_lines": queries.lines(holding, language()) if holding else [],
        "differences": queries.differences(act, holding, language()) if holding else [],
        "mismatches": queries.mismatches(act, holding, language()) if holding else [],
    }
