"""A frozen version does not change: the database refuses it."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from madoguchi.opendata.models.datasets import Dataset, Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    now = timezone.now()
    dataset = Dataset.objects.create(
        code="shops",
        title="店",
        description="店の一覧",
        office="reform",
        theme="business",
        source="upload",
        changed_at=now,
    )
    return Version.objects.create(
        dataset=dataset, number=1, frozen_at=now, sha256="0" * 64, rows=1, schema={"fields": []}
    )


def test_nobody_changes_a_version(version):
    with pytest.raises(IntegrityError, match="frozen versions"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(rows=2)


def test_nobody_removes_a_version(version):
    with pytest.raises(IntegrityError, match="frozen versions"), transaction.atomic():
        version.delete()


def test_a_dataset_without_rows_is_not_public(version):
    with pytest.raises(IntegrityError, match="dataset_public_with_rows"), transaction.atomic():
        Dataset.objects.update(is_public=True)
