"""What is done with datasets: they are described, and their rows are frozen into a version."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils import timezone

from madoguchi.people.actor import Actor

from . import datastore, files
from .columns import Column, Row, Value, check_columns, clean_rows, table_schema
from .models import Dataset, File, Resource, Version


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
        _write_files(version, cleaned, canonical)
        datastore.create(version, canonical)
    _make_current(held, version)
    dataset.refresh_from_db()
    return version


def _write_files(version: Version, rows: Sequence[Row], canonical: Path) -> None:
    for kind in Resource.Format.values:
        resource, _new = Resource.objects.get_or_create(dataset=version.dataset, format=kind)
        file = File(resource=resource, version=version)
        file.bytes, file.sha256 = files.write(file.path, version.fields, rows, canonical)
        file.save()


def _make_current(dataset: Dataset, version: Version) -> None:
    before = dataset.current
    dataset.current, dataset.changed_at = version, version.frozen_at
    dataset.save(update_fields=["current", "changed_at"])
    if before:
        datastore.drop(before)
