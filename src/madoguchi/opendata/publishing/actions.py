"""What is done with datasets: they are described, and their rows are frozen into a version."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from madoguchi.cases.models import InventedPast
from madoguchi.people.actor import Actor

from ..models.datasets import Dataset, File, Resource, Version
from . import datastore, files, inventory, store
from .columns import Column, Row, RowsRefused, Value, check_columns, clean_rows, table_schema
from .sources import Register, Source

INVENTED: Final = (
    "この町は実演用で、案件の記録は架空のデータです。",
    " This town is a demonstration: its record of cases is invented data.",
    " この 町は 見本です。申請の 記録は 作りものの データです。",
)


@transaction.atomic
def freeze(
    *, dataset: Dataset, columns: Sequence[Column], key: Sequence[str], rows: Iterable[Sequence[Value]], by: Actor
) -> Version | None:
    """Freeze the rows as the dataset's newest version: files, table, then its being current, at once.

    Returns None where they are what the current version says already. Raises `columns.RowsRefused`. The caller has
    judged whether `by` may publish; nothing here makes a dataset public.
    """
    check_columns(columns, key)
    cleaned = clean_rows(columns, key, rows)
    schema = table_schema(columns, key, cleaned)
    held = Dataset.objects.select_for_update(of=("self",)).select_related("current").get(pk=dataset.pk)
    with TemporaryDirectory(prefix="madoguchi-dataset-") as folder:
        canonical = Path(folder) / "rows.csv"
        sha256 = files.write_canonical(canonical, schema["fields"], cleaned)
        if held.current and (held.current.sha256, held.current.key) == (sha256, list(key)):
            return None
        last = held.versions.order_by("-number").values_list("number", flat=True).first() or 0
        version = Version.objects.create(
            dataset=held, number=last + 1, frozen_at=timezone.now(), sha256=sha256, rows=len(cleaned), schema=schema
        )
        _store_files(version, cleaned, canonical)
        datastore.create(version, cleaned)
    _make_current(held, version)
    dataset.refresh_from_db()
    return version


def _store_files(version: Version, rows: Sequence[Row], canonical: Path) -> None:
    for kind in Resource.Format.values:
        resource, _new = Resource.objects.get_or_create(dataset=version.dataset, format=kind)
        file = File(resource=resource, version=version)
        written = canonical.with_name(f"version.{kind}")
        file.bytes, file.sha256 = files.write(written, version.fields, rows, canonical)
        store.put(written, file.sha256)
        file.save()


def _make_current(dataset: Dataset, version: Version) -> None:
    before = dataset.current
    dataset.current, dataset.changed_at = version, version.frozen_at
    dataset.save(update_fields=["current", "changed_at"])
    if before:
        datastore.drop(before)


def renew(*, source: Source, by: Actor) -> Version | None:
    """Bring a dataset of the system up to date: its description, and its rows where they are no longer the same.

    Returns the new version, None where nothing changed. Raises `columns.RowsRefused`, also where the code is in use for
    an upload.
    """
    described = _described(source)
    dataset, _new = Dataset.objects.get_or_create(
        code=source.code, defaults={**described, "source": Dataset.Source.SYSTEM, "changed_at": timezone.now()}
    )
    if dataset.source != Dataset.Source.SYSTEM:
        raise RowsRefused(f"{source.code} is an upload's code: the system's dataset needs another")
    if any(getattr(dataset, name) != value for name, value in described.items()):
        described["changed_at"] = timezone.now()
        Dataset.objects.filter(pk=dataset.pk).update(**described)
    version = freeze(dataset=dataset, columns=source.columns, key=source.key, rows=source.rows(), by=by)
    if version and version.number == 1:
        Dataset.objects.filter(pk=dataset.pk).update(is_public=True)
    return version


def _described(source: Source) -> dict[str, Any]:
    marks = INVENTED if InventedPast.known() else ("", "", "")
    told = [text + mark for text, mark in zip(source.description, marks, strict=True)]
    texts = {
        f"{name}{suffix}": text
        for name, given in (("title", source.title), ("description", told))
        for suffix, text in zip(("", "_en", "_easy"), given, strict=True)
    }
    plain = {name: getattr(source, name) for name in ("office", "theme", "frequency")}
    return {**texts, **plain, "tags": list(source.tags)}


def renew_all(*, register: Register, by: Actor) -> tuple[list[Version], list[str]]:
    """Renew every dataset of the system; one that cannot be is told and does not hold up the others.

    Returns the new versions and the faults as sentences.
    """
    versions, faults = [], []
    for source in (one for sources in register for one in sources()):
        try:
            version = renew(source=source, by=by)
        except RowsRefused as refused:
            faults.append(f"{source.code}: {refused}")
            continue
        versions += [version] if version else []
    return versions, faults


def import_inventory(*, path: Path, by: Actor) -> Dataset:
    """Take in a file of the national inventory of procedures (行政手続等の棚卸) as a dataset, not public until decided.

    Raises `columns.RowsRefused`.
    """
    rows = inventory.read(path)
    dataset, _new = Dataset.objects.get_or_create(
        code="national-procedures",
        defaults={
            "title": "国の行政手続等の棚卸", "title_en": "National inventory of administrative procedures",
            "description": "デジタル庁「行政手続等の棚卸調査結果等」を取り込んだものです。", "office": "reform",
            "theme": "government", "licence": "PDL-1.0", "frequency": Dataset.Frequency.ANNUAL,
            "source": Dataset.Source.UPLOAD, "changed_at": timezone.now(), "tags": ["手続", "行政手続等の棚卸"],
        },
    )  # fmt: skip
    freeze(dataset=dataset, columns=inventory.COLUMNS, key=inventory.KEY, rows=rows, by=by)
    return dataset
