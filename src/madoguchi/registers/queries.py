"""Reading a register: what holds, what a case is to do to it, and what would differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from madoguchi.applications.step_answers import answers_of
from madoguchi.cases.models import Case
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.format import Concerns
from madoguchi.catalogue.queries import current
from madoguchi.foundation.expressions import ExpressionFailed, compile_expression
from madoguchi.foundation.text import as_code
from madoguchi.platform.brake.sender import hashed
from madoguchi.platform.calendar import today

from .directory import registers
from .load import Defined
from .models import Concern, Entry, Holding
from .rules import Change, Effect, State, fold

BEGINNING = "enter"


@dataclass(frozen=True)
class Act:
    """What the decision of a case does: the effect, the columns it sets, the number that was typed, and from when.

    `said` is what the applicant wrote of the register's present columns, to be compared.
    """

    register: Defined
    effect: Effect
    values: Mapping[str, Any]
    number: str
    on: date | None
    said: Mapping[str, Any]

    @property
    def begins(self) -> bool:
        """Whether it begins something new, so that there is nothing to confirm."""
        return self.effect == BEGINNING


def act_of(case: Case, answers: Mapping[str, Any] | None = None) -> Act | None:
    """What the decision of a case would do to a register; None where it concerns none. Reads what was answered."""
    if not case.compiled.procedure.concerns:
        return None
    return act_under(case.compiled, answers_of(case) if answers is None else answers)


def act_under(compiled: Compiled, answers: Mapping[str, Any]) -> Act | None:
    """The same of answers under a definition."""
    concerns = compiled.procedure.concerns
    register = registers().get(concerns.register_code) if concerns else None
    if concerns is None or register is None:
        return None
    context = compiled.context(answers)
    for one in concerns.effects:
        if not one.when or _holds(one.when, context):
            on = answers.get(concerns.on)
            return Act(
                register, one.effect, _values(concerns, register, answers), str(answers.get(concerns.holding, "")),
                date.fromisoformat(on) if on else None,
                {column: answers[name] for name, column in concerns.known.items() if name in answers},
            )  # fmt: skip
    return None


def _holds(when: str, context: Mapping[str, Any]) -> bool:
    try:
        return compile_expression(when).holds(context)
    except ExpressionFailed:
        return False


def _values(concerns: Concerns, register: Defined, answers: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for column in register.register.columns:
        name, _dot, part = concerns.columns.get(column.id, column.id).partition(".")
        value = answers.get(name)
        value = value.get(part) if part and isinstance(value, Mapping) else value
        if value not in (None, "", [], {}):
            found[column.id] = value
    return found


def find(register: str, number: str) -> Holding | None:
    """The holding of a number: its own, or that of any paper that was issued for it."""
    number = as_code(number)
    if not number:
        return None
    kept = Holding.objects.filter(register=register, purged_at__isnull=True).exclude(standing="void")
    own, by_paper = kept.filter(number=number), kept.filter(entries__number=number)
    return own.first() or by_paper.first()


def held_by(case: Case) -> Holding | None:
    """The holding that a case is about; None where it is about none."""
    concern = concern_of(case) if case.compiled.procedure.concerns else None
    return concern.holding if concern else None


def concern_of(case: Case) -> Concern | None:
    """What the case is about, where somebody or its number said so."""
    return Concern.objects.select_related("holding", "by").filter(case=case).first()


def changes(entries: Iterable[Entry]) -> list[Change]:
    """Entries as the rules read them."""
    return [Change(e.seq, cast(Effect, e.effect), e.on, e.until, e.values) for e in entries]


def state_of(holding: Holding, on: date) -> State:
    """What the entries of a holding come to on a day."""
    return fold(changes(holding.entries.all()), on)


def in_force(holding: Holding, on: date | None = None) -> bool:
    """Whether the right holds on a day (None: today), counted from the entries."""
    day = on or today()
    return state_of(holding, day).in_force(day, renewing=is_renewing(holding))


def is_renewing(holding: Holding) -> bool:
    """Whether a renewal that arrived in time is undecided and the law keeps what is there in force until then."""
    defined = registers().get(holding.register)
    renewal = defined.register.renewal if defined else None
    if renewal is None or not renewal.keeps_force or holding.until is None:
        return False
    return any(_in_time(one, holding.until) for one in _renewals(holding.pk).select_related("case"))


def is_under_way(holding: Holding) -> bool:
    """Whether a renewal, as an officer confirmed, was applied for and is undecided."""
    return _renewals(holding.pk).filter(by__isnull=False).exists()


def _renewals(holding: UUID) -> QuerySet[Concern]:
    return Concern.objects.filter(holding=holding, effect="renew", case__closed_at__isnull=True)


def _in_time(concern: Concern, until: date) -> bool:
    return timezone.localdate(concern.case.received_at) <= until


def standing(register: str, on: date | None = None) -> QuerySet[Holding]:
    """The holdings of a register that are in force on a day (None: today), renewals that keep force included."""
    day = on or today()
    defined = registers().get(register)
    keeps = Q()
    if defined and defined.register.renewal and defined.register.renewal.keeps_force:
        renewing = Concern.objects.filter(
            holding=OuterRef("pk"),
            effect="renew",
            case__closed_at__isnull=True,
            case__received_at__date__lte=OuterRef("until"),
        )
        keeps = Q(Exists(renewing))
    holds = Q(until__isnull=True) | Q(until__gte=day) | keeps
    return Holding.objects.filter(holds, register=register, standing="in-force", purged_at__isnull=True)


def to_come(on: date | None = None) -> QuerySet[Holding]:
    """The holdings of which an entry takes effect on a day (None: today) or did before."""
    return Holding.objects.filter(next_on__lte=on or today())


def ending(on: date | None = None) -> Iterator[tuple[Holding, int]]:
    """(holding, days before the end) of each whose letter is due on a day (None: today) and was not sent."""
    day = on or today()
    for code, defined in registers().items():
        for days in sorted(defined.register.letters):
            due = standing(code, day).filter(until__gte=day, until__lte=day + timedelta(days=days))
            untold = due.filter(Q(told_days__isnull=True) | Q(told_days__gt=days))
            yield from ((holding, days) for holding in untold.order_by("pk").iterator())


def since_holder(holding: Holding) -> int:
    """The entry with which the present holder came: papers and answers of before are somebody else's."""
    came = holding.entries.filter(effect__in=["enter", "succeed"]).order_by("-seq").values_list("seq", flat=True)
    return came.first() or 0


def case_to_write_to(holding: Holding) -> Case | None:
    """The newest case about a holding in which an address was given; None where there is none (any more)."""
    own = {"holding": holding, "seq__gte": since_holder(holding)}
    entries = Entry.objects.filter(**own, case__email_key__isnull=False, case__purged_at__isnull=True)
    entry = entries.order_by("-seq").first()
    return entry.case if entry else None


def renewal_of(register: str) -> str:
    """The procedure by which what stands in a register is renewed; "" where none is."""
    for code, listed in current().items():
        concerns = listed.compiled.procedure.concerns
        if concerns and concerns.register_code == register and any(one.effect == "renew" for one in concerns.effects):
            return code
    return ""


def not_entered() -> QuerySet[Case]:
    """Cases that were granted before their procedure concerned a register: it had nothing to enter in then."""
    codes = [code for code, one in current().items() if _enters(one.compiled)]
    granted = Case.objects.filter(
        procedure__in=codes, result__in=["granted", "granted-in-part"], purged_at__isnull=True
    )
    return granted.filter(entries__isnull=True).exclude(credentials__withdrawn_at__isnull=False).order_by("pk")


def _enters(compiled: Compiled) -> bool:
    concerns = compiled.procedure.concerns
    return concerns is not None and any(one.effect == BEGINNING for one in concerns.effects)


def of_document(case: Case) -> Holding | None:
    """The holding on which the decision of a case was entered: the right behind its paper."""
    entry = Entry.objects.filter(case=case).select_related("holding").first()
    return entry.holding if entry else None


@dataclass(frozen=True)
class Difference:
    """A column that a case would set otherwise, as a person reads it."""

    label: str
    before: str
    after: str


def differences(act: Act, holding: Holding, language: str) -> list[Difference]:
    """What the decision would change of what the register holds."""
    return [
        Difference(act.register.label(name, language), before, after)
        for name, value in act.values.items()
        if (before := shown(act.register, name, holding.values.get(name), language))
        != (after := shown(act.register, name, value, language))
    ]


def mismatches(act: Act, holding: Holding, language: str) -> list[Difference]:
    """What the applicant wrote of the present columns otherwise than the register has it: perhaps another number is
    meant. Of a party only the parts that were asked are compared."""
    found = []
    for name, value in act.said.items():
        kept = holding.values.get(name)
        if isinstance(value, Mapping) and isinstance(kept, Mapping):
            kept = {part: kept[part] for part in value if part in kept}
            value = {part: value[part] for part in kept}
        before, after = (shown(act.register, name, one, language) for one in (kept, value))
        if before != after:
            found.append(Difference(act.register.label(name, language), before, after))
    return found


def shown(defined: Defined, column: str, value: Any, language: str) -> str:
    """A column's value as a person reads it; "" where there is none. What is defined no more is shown as it stands."""
    question = defined.register.by_id.get(column)
    if value in (None, "", [], {}):
        return ""
    return question.show(value, defined.words(language).of(f"columns.{column}")) if question else str(value)


def lines(holding: Holding, language: str, only: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """(label, value) of each column that is filled, or of some; what is defined no more stands last."""
    defined = registers().get(holding.register)
    if defined is None:
        return [(name, str(value)) for name, value in holding.values.items()]
    known = list(defined.register.by_id)
    names = only if only is not None else [*known, *(name for name in holding.values if name not in known)]
    told = ((defined.label(name, language), shown(defined, name, holding.values.get(name), language)) for name in names)
    return [(label, value) for label, value in told if value]


def holder_key(defined: Defined, values: Mapping[str, Any]) -> UUID | None:
    """By what the same holder is known again: a corporate number, else name and day of birth; None where neither is."""
    for party in parties(defined, values):
        if number := party.get("corporate_number"):
            return hashed("holder", number)
        if party.get("birth_date"):
            return hashed("holder", f"{as_code(party['name'])} {party['birth_date']}")
    return None


def parties(defined: Defined, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Whose right it is."""
    column = defined.register.holder
    return list(defined.register.by_id[column].parties(values[column])) if column in values else []
