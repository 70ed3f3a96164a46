"""Verbs on a bureau's own list (取込み): taken in, mapped, entered by a second officer, undone until it is used."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from madoguchi.foundation.text import is_blank
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Officer
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused, written

from . import importing
from .actions import enter, put
from .importing import NUMBER, SINCE, Row
from .load import Defined
from .models import Batch, Entry, Holding
from .rules import Change

LONGEST: Final = 200
CHUNK: Final = 500
"""Rows of one transaction."""
MOST: Final = 50_000


def _worker(office: str, by: Actor) -> Officer:
    if by.officer is None or not by.holds(office, CASE_WORKERS):
        raise ActionRefused(_("この台帳を受け持つ課の職員だけができる操作です。"))
    return by.officer


@transaction.atomic
def take_in(
    defined: Defined, *, name: str, sha256: str, header: Sequence[str], rows: Sequence[Sequence[str]], by: Actor
) -> Batch:
    """Keep a list as it was read, mapped as its headings say or as the last list with the same ones was.

    Raises ActionRefused: another office, nothing in it, too many rows, a heading that is empty or stands twice.
    """
    office = defined.register.office
    officer = _worker(office, by)
    if not rows or len(rows) > MOST:
        raise ActionRefused(_("1行から%(most)s行までの表を選んでください。") % {"most": f"{MOST:,}"})
    if any(map(is_blank, header)) or len(set(header)) != len(header):
        raise ActionRefused(_("1行目に、空でない、互いに違う見出しを書いてください。"))
    kept = [list(header), *map(list, rows)]
    mapping = _as_before(defined, header) or importing.guess(defined, header)
    batch = Batch(
        register=defined.register.code, office=office, name=written(name, LONGEST) or "list", sha256=sha256,
        mapping=mapping, rows=kept, drafted_by=officer, drafted_at=timezone.now(),
    )  # fmt: skip
    batch.fates = _fates(batch, defined)
    batch.save(force_insert=True)
    return batch


def _as_before(defined: Defined, header: Sequence[str]) -> dict[str, str]:
    entered = Batch.objects.filter(register=defined.register.code, entered_at__isnull=False).order_by("-entered_at")
    for mapping in entered.values_list("mapping", flat=True)[:20]:
        if set(mapping.values()) <= set(header):
            return dict(mapping)
    return {}


def _fates(batch: Batch, defined: Defined) -> list[dict[str, Any]]:
    return [
        {"line": row.line, "number": row.number, "fate": row.fate, "problems": [_stored(p) for p in row.problems]}
        for row in judged(batch, defined)
    ]


def _stored(problem: Any) -> list[Any]:
    return [list(problem.path), problem.code, {key: str(value) for key, value in problem.params.items()}]


def judged(batch: Batch, defined: Defined) -> Iterator[Row]:
    """The rows of a list with their fates as the register stands now."""
    known = Holding.objects.filter(register=batch.register).exclude(standing="void").values_list("number", flat=True)
    header, *rows = batch.rows
    return importing.judge(defined.register, header, rows, batch.mapping, frozenset(known))


@transaction.atomic
def map_columns(batch: Batch, defined: Defined, *, mapping: Mapping[str, str], by: Actor) -> Batch:
    """Say which heading fills what, and judge every row anew. Raises ActionRefused."""
    batch = _waiting(batch, by)
    if by.officer is None or by.officer.pk != batch.drafted_by_id:
        raise ActionRefused(_("列の対応を決めるのは、名簿を読み込んだ職員です。"))
    known, header = set(importing.targets(defined.register)), set(batch.rows[0])
    batch.mapping = {target: heading for target, heading in mapping.items() if target in known and heading in header}
    if {NUMBER, SINCE} - batch.mapping.keys():
        raise ActionRefused(_("番号と、はじまりの日の列を選んでください。"))
    batch.fates = _fates(batch, defined)
    batch.save(update_fields=["mapping", "fates"])
    return batch


def _waiting(batch: Batch, by: Actor) -> Batch:
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    _worker(batch.office, by)
    if not batch.rows:
        raise ActionRefused(_("この名簿の行は、もう消去されています。ファイルをもう一度読み込んでください。"))
    if batch.entered_at:
        raise ActionRefused(_("この取込みは、もう確定しています。画面を読み直してください。"), conflict=True)
    return batch


@transaction.atomic
def approve(batch: Batch, *, by: Actor) -> Batch:
    """A second officer lets the list be entered; a worker does it. Raises ActionRefused."""
    batch = _waiting(batch, by)
    officer = _worker(batch.office, by)
    if officer.pk == batch.drafted_by_id:
        raise ActionRefused(_("取込みは、用意した人とは別の職員が確定します。"))
    if not any(row["fate"] == "new" for row in batch.fates):
        raise ActionRefused(_("台帳に入れられる行がありません。"))
    batch.entered_by, batch.entered_at = officer, timezone.now()
    batch.save(update_fields=["entered_by", "entered_at"])
    app.configure_task(name="madoguchi.register-list").defer(batch_id=str(batch.pk))
    return batch


def enter_rows(batch: Batch, defined: Defined) -> None:
    """Enter what is new, some hundred rows at a time; begun again it goes on where it stopped."""
    new = [row for row in judged(batch, defined) if row.fate == "new"]
    for start in range(0, len(new), CHUNK):
        with transaction.atomic():
            if Batch.objects.select_for_update().get(pk=batch.pk).undone_at is None:
                _enter_some(batch, defined, new[start : start + CHUNK])


def _enter_some(batch: Batch, defined: Defined, rows: Sequence[Row]) -> None:
    void = Holding.objects.filter(register=batch.register, standing="void", number__in=[row.number for row in rows])
    again = {holding.number: holding for holding in void.select_for_update()}
    made = [_begun(batch, defined, row) for row in rows if row.number not in again]
    Holding.objects.bulk_create([holding for holding, _entry in made])
    Entry.objects.bulk_create([entry for _holding, entry in made])
    for row in rows:
        if holding := again.get(row.number):
            told = _entered(row)
            enter(holding, defined, by=_by(batch), batch=batch, number=row.number, **told)


def _begun(batch: Batch, defined: Defined, row: Row) -> tuple[Holding, Entry]:
    told = _entered(row)
    holding = Holding(register=batch.register, number=row.number, office=batch.office, last_seq=1)
    put(holding, defined, [Change(1, "enter", told["on"], told["until"], row.values)])
    made = Entry(holding=holding, seq=1, number=row.number, batch=batch, by=batch.entered_by, at=timezone.now(), **told)
    return holding, made


def _entered(row: Row) -> dict[str, Any]:
    until = date.fromisoformat(row.until) if row.until else None
    return {"effect": "enter", "on": date.fromisoformat(row.since), "until": until, "values": dict(row.values)}


def _by(batch: Batch) -> Actor:
    return Actor("officer", str(batch.entered_by_id), batch.entered_by)


def progress(batch: Batch) -> tuple[int, int]:
    """(rows entered, rows to enter) of a list that was approved."""
    return batch.entries.filter(effect="enter").count(), sum(row["fate"] == "new" for row in batch.fates)


def used(batch: Batch) -> int:
    """How many of the holdings that came with a list something happened to since."""
    later = Q(last_seq__gt=F("entries__seq")) | Q(concerns__by__isnull=False)
    came = Holding.objects.filter(later, entries__batch=batch, entries__effect="enter")
    return came.exclude(standing="void").distinct().count()


@transaction.atomic
def undo(batch: Batch, defined: Defined, *, by: Actor) -> Batch:
    """Take a list back, whole, while nothing happened to any of its rows. Raises ActionRefused."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    officer = _worker(batch.office, by)
    if batch.entered_at is None or batch.undone_at:
        raise ActionRefused(_("この取込みは、取り消せません。画面を読み直してください。"), conflict=True)
    held = Holding.objects.filter(entries__batch=batch, standing__in=["coming", "in-force"]).order_by("pk")
    rows = list(held.select_for_update(of=("self",)))
    if number := used(batch):
        told = _("この取込みの%(number)s件は、もう使われています（更新や案件）。全部は取り消せません。")
        raise ActionRefused(told % {"number": number})
    batch.undone_by, batch.undone_at = officer, timezone.now()
    batch.save(update_fields=["undone_by", "undone_at"])
    for holding in rows:
        day = max(holding.since or today(), today())
        enter(holding, defined, effect="void", values={}, on=day, by=by, batch=batch)
    return batch
