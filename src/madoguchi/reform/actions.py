"""Verbs: report, rate, reply, enter a value, register an item, change its state."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Officer, Role
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused, written
from madoguchi.town.offices import town

from .kept import kept
from .models import Entry, Item, Reply, Report, State, Voice
from .rules import Quarter

REPORTERS = frozenset(map(str, (*CASE_WORKERS, Role.REFORM)))
MOST = 4000
MOST_COMMENT = 1000


def _officer_of(offices: Collection[str], by: Actor) -> Officer:
    if by.officer is None or not any(by.holds(office, REPORTERS) for office in offices):
        raise ActionRefused(_("担当課の職員だけができる操作です。"))
    return by.officer


def _kept(row: models.Model) -> None:
    """Save a new row. Raises ActionRefused with the sentences of its fields and constraints."""
    try:
        row.full_clean()
    except ValidationError as fault:
        raise ActionRefused(" ".join(fault.messages)) from fault
    row.save(force_insert=True)


def _text(given: str, most: int = MOST) -> str:
    return written(given, most)


def _revision(rows: "models.QuerySet[Report] | models.QuerySet[Entry] | models.QuerySet[State]", seen: int) -> int:
    """The next revision. Raises ActionRefused when the page showed an older one than there is."""
    last = rows.aggregate(models.Max("revision"))["revision__max"] or 0
    if last != seen:
        raise ActionRefused(_("ほかの職員が先に書きました。画面を読み直してください。"), conflict=True)
    return int(last) + 1


def _locked(what: str) -> None:
    """One writer of this thing at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reform {what}"])


@transaction.atomic
def report(ref: str, quarter: Quarter, *, progress: str, next: str, cause: str, seen: int, by: Actor) -> Report:
    """Write the report of a quarter, or a revision of it. `seen` is the revision that the page showed."""
    project = kept().projects[ref]
    officer = _officer_of([project.owner], by)
    if not kept().edition_of(ref).fictional:
        raise ActionRefused(_("これは参考の記録です。この町の報告は書けません。"))
    if quarter.begins > today():
        raise ActionRefused(_("まだ始まっていない四半期です。"))
    _locked(f"{ref} {quarter}")
    same = Report.objects.filter(project=ref, fiscal_year=quarter.fiscal_year, quarter=quarter.number)
    row = Report(
        project=ref, fiscal_year=quarter.fiscal_year, quarter=quarter.number, progress=_text(progress),
        next=_text(next), cause=_text(cause, 400), revision=_revision(same, seen), by=officer, at=timezone.now(),
    )  # fmt: skip
    if not row.progress or not row.next:
        raise ActionRefused(_("進捗と今後の取組の両方を書いてください。"))
    _kept(row)
    return row


@transaction.atomic
def rate(ref: str, *, score: int, comment: str, key: str, by: Actor) -> Voice:
    """Rate a project; anybody may, and it goes to the owner office's desk. The same key again changes nothing."""
    if score not in range(1, 6):
        raise ActionRefused(_("評価は1から5の中から選んでください。"))
    if not 16 <= len(key) <= 64:
        raise ActionRefused(_("画面を開き直して、もう一度送ってください。"))
    values = {
        "project": ref, "office": kept().projects[ref].owner, "score": score, "at": timezone.now(),
        "comment": _text(comment, MOST_COMMENT),
    }  # fmt: skip
    return Voice.objects.get_or_create(key=written(key), defaults=values)[0]


@transaction.atomic
def reply(ref: str, voices: Collection[int], *, said: str, did: str, by: Actor) -> Reply:
    """Answer ratings together, in public. Raises ActionRefused for ratings that were answered meanwhile."""
    officer = _officer_of([kept().projects[ref].owner], by)
    row = Reply(project=ref, said=_text(said, 1000), did=_text(did, 1000), by=officer, at=timezone.now())
    if not row.said or not row.did:
        raise ActionRefused(_("いただいた声の要約と、対応したことの両方を書いてください。"))
    if not voices:
        raise ActionRefused(_("答える声を一つ以上選んでください。"))
    _kept(row)
    changed = Voice.objects.filter(pk__in=voices, project=ref, reply__isnull=True).update(reply=row)
    if changed != len(set(voices)):
        raise ActionRefused(_("選んだ声には、すでに答えたものがあります。画面を読み直してください。"), conflict=True)
    return row


def may_enter(bureau: str, by: Actor) -> bool:
    """Whether the actor may enter values of that bureau: its officers, and the reform office."""
    held = by.offices_with(REPORTERS)
    return Role.REFORM in by.roles or any(town().offices[o].bureau == bureau for o in held if o in town().offices)


@transaction.atomic
def enter(
    code: str, *, bureau: str, month: date, value: Decimal, evidence: str, cause: str, seen: int, by: Actor
) -> Entry:
    """Enter a bureau's value of a month with its evidence, or a revision of it."""
    if bureau not in town().bureaus or by.officer is None or not may_enter(bureau, by):
        raise ActionRefused(_("その局の職員か、改革推進の職員だけができる操作です。"))
    if not kept().indicators[code].entered:
        raise ActionRefused(_("この指標は記録から計算します。入力はできません。"))
    if month > today():
        raise ActionRefused(_("まだ来ていない月です。"))
    month = month.replace(day=1)
    _locked(f"{code} {bureau} {month}")
    same = Entry.objects.filter(indicator=code, bureau=bureau, month=month)
    row = Entry(
        indicator=code, bureau=bureau, month=month, value=value, evidence=_text(evidence, 400),
        cause=_text(cause, 400), revision=_revision(same, seen), by=by.officer, at=timezone.now(),
    )  # fmt: skip
    _kept(row)
    return row


@transaction.atomic
def register(*, kind: str, office: str, label: str, since: date, evidence: str, by: Actor) -> Item:
    """Put a fax line, a seal requirement or a charging point into the register, as still used."""
    officer = _officer_of([office], by)
    item = Item(kind=kind, office=office, label=_text(label, 120))
    _kept(item)
    first = State(
        item=item, value=State.Value.USED, since=since, evidence=_text(evidence, 400), by=officer, at=timezone.now()
    )
    _kept(first)
    return item


@transaction.atomic
def change(item: Item, *, value: str, since: date, evidence: str, cause: str, seen: int, by: Actor) -> State:
    """Say how an item stands from a day on. Raises ActionRefused."""
    officer = _officer_of([item.office], by)
    item = Item.objects.select_for_update().get(pk=item.pk)
    row = State(
        item=item, value=value, since=since, evidence=_text(evidence, 400), cause=_text(cause, 400),
        revision=_revision(item.states.all(), seen), by=officer, at=timezone.now(),
    )  # fmt: skip
    _kept(row)
    return row
