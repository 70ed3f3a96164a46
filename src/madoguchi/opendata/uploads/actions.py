"""Verbs on uploads: take in, lift a finding, publish, discard."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NoReturn
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.foundation.text import as_code
from madoguchi.people.actor import Actor
from madoguchi.people.models import APPROVERS, Officer, Role
from madoguchi.platform.refusing import ActionRefused, written

from ..models.datasets import Dataset, Version
from ..models.uploads import Lift, Upload
from ..publishing.actions import freeze
from ..publishing.columns import Column, RowsRefused
from ..publishing.profile import twice, value_of
from ..publishing.themes import THEMES
from ..reading.sheets import SheetRefused
from .judging import Judged
from .quarantine import judge_apart
from .words import refusal

PUBLISHERS: Final = frozenset({str(Role.OFFICER), str(Role.REFORM)})
KEPT_FOR: Final = timedelta(days=7)
"""How long a file that nobody publishes is kept (this town's own choice)."""
LONGEST_NAME: Final = 200
"""Of a file's name, in characters."""
RESERVED: Final = frozenset({"requests", "use-cases", "feed", "api", "catalog", "catalogue"})
"""Codes that are other addresses below /datasets/."""
REVIEWERS: Final = PUBLISHERS | frozenset(map(str, APPROVERS))
"""Who may say, as a second officer of the office, that a finding is no person's; the reform office may everywhere."""


@dataclass(frozen=True)
class Described:
    """What an officer says of a new dataset."""

    code: str
    title: str
    description: str
    theme: str
    frequency: str
    title_en: str = ""
    title_easy: str = ""


def _publisher(office: str, by: Actor) -> Officer:
    if by.officer is None or not by.holds(office, PUBLISHERS):
        raise ActionRefused(_("担当課の職員だけができる操作です。"))
    return by.officer


@transaction.atomic
def take_in(*, office: str, name: str, content: bytes, facility_columns: Sequence[str], by: Actor) -> Upload:
    """Judge a file and keep it until it is published or given up. Raises ActionRefused for an unreadable one."""
    officer = _publisher(office, by)
    columns = [one for one in (written(text) for text in facility_columns) if one]
    if len(columns) > 50 or any(len(one) > 100 for one in columns):
        raise ActionRefused(_("連絡先の列の名前は、1行に1つ、50個までで書いてください。"))
    judged = _judged(content, columns)
    now = timezone.now()
    return Upload.objects.create(
        office=office, by=officer, at=now, name=written(name, LONGEST_NAME), content=content, facility_columns=columns,
        report=judged.report(),
    )  # fmt: skip


def _judged(content: bytes, facility_columns: Collection[str]) -> Judged:
    try:
        return judge_apart(content, facility_columns)
    except SheetRefused as no:
        raise ActionRefused(refusal(no.code, no.line, no.column)) from no


def clear_old() -> int:
    """Throw away the bytes of files that nobody published in time; how many. Safe to repeat."""
    old = Upload.objects.filter(state=Upload.State.WAITING, at__lt=timezone.now() - KEPT_FOR)
    return old.update(state=Upload.State.DISCARDED, content=b"")


def may_see(office: str, by: Actor) -> bool:
    """Whether somebody sees the files of an office."""
    return by.holds(office, REVIEWERS) or Role.REFORM in by.roles


def _waiting(pk: UUID, by: Actor) -> tuple[Upload, Officer]:
    upload = Upload.objects.select_for_update().get(pk=pk)
    officer = _publisher(upload.office, by)
    return _still(upload), officer


def _still(upload: Upload) -> Upload:
    if upload.state != Upload.State.WAITING:
        raise ActionRefused(_("このファイルの確認は終わっています。画面を読み直してください。"), conflict=True)
    return upload


def _reviewer(upload: Upload, by: Actor) -> Officer:
    """The second officer behind the actor. Raises ActionRefused for the one who handed the file in."""
    if by.officer is None or not may_see(upload.office, by):
        raise ActionRefused(_("担当課の職員だけができる操作です。"))
    if by.officer.pk == upload.by_id:
        raise ActionRefused(_("登録した本人は取り消せません。同じ課の別の職員か上司に、確かめてもらってください。"))
    return by.officer


@transaction.atomic
def lift(*, upload: Upload, group: str, reason: str, by: Actor) -> Lift:
    """Record that a finding may be published (no person's, or public by law), with the reason: a second officer's."""
    held = _still(Upload.objects.select_for_update().get(pk=upload.pk))
    officer = _reviewer(held, by)
    found = next((one for one in held.report["findings"] if one["group"] == group), None)
    if found is None:
        raise ActionRefused(_("この指摘は見つかりません。画面を読み直してください。"))
    reason = written(reason)
    if not 5 <= len(reason) <= 400:
        raise ActionRefused(_("公開してよい理由を、5文字以上400文字以内で書いてください。"))
    row, new = Lift.objects.get_or_create(
        upload=held, group=group, defaults={"reason": reason, "by": officer, "at": timezone.now()}
    )
    if not new:
        raise ActionRefused(_("この指摘は、すでに取り消されています。"), conflict=True)
    return row


@transaction.atomic
def discard(*, upload: Upload, by: Actor) -> None:
    """Give a file up: its bytes are gone, the record of it stays."""
    held, _officer = _waiting(upload.pk, by)
    held.state, held.content = Upload.State.DISCARDED, b""
    held.save(update_fields=["state", "content"])


@transaction.atomic
def publish(
    *, upload: Upload, dataset: Dataset | None, new: Described | None, key: Sequence[str], by: Actor
) -> Version:
    """Make the file the next version of a dataset (or the first of a new one), and public.

    The file is judged anew: nothing is published while a fault or a finding stands. Raises ActionRefused.
    """
    held, _officer = _waiting(upload.pk, by)
    judged = _judged(bytes(held.content), held.facility_columns)
    _must_be_clean(judged, set(held.lifts.values_list("group", flat=True)))
    _must_name_each_row(judged, key)
    target = _target(held, dataset, new, by)
    columns = [Column(one.name, one.type) for one in judged.columns]
    rows = [
        tuple(value_of(column.type, text) for column, text in zip(columns, _filled(row, len(columns)), strict=True))
        for row in judged.rows
    ]
    try:
        version = freeze(dataset=target, columns=columns, key=key, rows=rows, by=by)
    except RowsRefused as no:
        raise ActionRefused(_("このままでは公開できません。%(detail)s") % {"detail": no}) from no
    if version is None:
        raise ActionRefused(_("中身が今の版と同じです。新しい版は作りませんでした。"))
    Dataset.objects.filter(pk=target.pk).update(is_public=True)
    held.state, held.content, held.version = Upload.State.PUBLISHED, b"", version
    held.save(update_fields=["state", "content", "version"])
    return version


def _filled(row: Sequence[str], width: int) -> Sequence[str]:
    return [*row, *[""] * (width - len(row))][:width]


def _must_be_clean(judged: Judged, lifted: Collection[str]) -> None:
    if judged.stops:
        raise ActionRefused(_("機械で読めないところが残っています。ファイルを直して、もう一度登録してください。"))
    if any(one.group not in lifted for one in judged.findings):
        raise ActionRefused(_("個人の情報かもしれないところが残っています。公開できません。"))


def _must_name_each_row(judged: Judged, key: Sequence[str]) -> None:
    if unknown := [name for name in key if name not in judged.header]:
        raise ActionRefused(_("キーの列がファイルにありません：%(columns)s") % {"columns": "、".join(unknown)})
    if rows := twice(judged.header, judged.rows, key):
        told = "、".join(map(str, rows[:10]))
        raise ActionRefused(_("キーが重なる行、または空の行があります：%(rows)s行目") % {"rows": told})


def _target(upload: Upload, dataset: Dataset | None, new: Described | None, by: Actor) -> Dataset:
    if dataset is not None:
        if dataset.source != Dataset.Source.UPLOAD or dataset.office != upload.office:
            raise ActionRefused(_("このデータセットには登録できません。"))
        return dataset
    if new is None:
        raise ActionRefused(_("登録先のデータセットを選ぶか、新しいデータセットの説明を書いてください。"))
    if new.theme not in THEMES:
        raise ActionRefused(_("分野を選んでください。"))
    if (code := written(as_code(new.code))) in RESERVED:
        raise ActionRefused(_("このコードは使えません。別のコードにしてください。"))
    made = Dataset(
        code=code, title=written(new.title), title_en=written(new.title_en), title_easy=written(new.title_easy),
        description=written(new.description), theme=new.theme, frequency=new.frequency, office=upload.office,
        source=Dataset.Source.UPLOAD, changed_at=timezone.now(),
    )  # fmt: skip
    _save(made)
    return made


def _save(row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as fault:
        _refuse(fault)
    row.save(force_insert=True)


def _refuse(fault: ValidationError) -> NoReturn:
    names = {
        "code": _("コード"), "title": _("名称"), "description": _("説明"), "frequency": _("更新の頻度"),
        "title_en": _("英語の名称"), "title_easy": _("やさしい日本語の名称"),
    }  # fmt: skip
    told = [f"{names.get(field, '')}：{' '.join(texts)}".lstrip("：") for field, texts in fault.message_dict.items()]
    raise ActionRefused(" ".join(told)) from fault
