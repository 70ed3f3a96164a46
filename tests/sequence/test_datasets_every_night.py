"""Every night the system publishes what changed; the same again is no new version."""

import pytest

from madoguchi.opendata.models.datasets import Dataset
from madoguchi.sequence import datasets, renew_datasets

pytestmark = pytest.mark.django_db


def test_everything_is_published_and_the_same_again_is_no_new_version():
    versions, faults = renew_datasets()
    assert faults == []
    codes = set(Dataset.objects.filter(is_public=True).values_list("code", flat=True))
    assert {"procedures", "food-businesses", "service-figures", "ratings", "indicators", "project-reports"} <= codes
    assert len(versions) == len(codes)
    datasets(0)
    assert renew_datasets() == ([], [])


def test_a_dataset_that_cannot_be_made_does_not_hold_up_the_others(caplog):
    renew_datasets()
    Dataset.objects.filter(code="procedures").update(source="upload")
    Dataset.objects.filter(code="ratings").update(title="別の名前")
    datasets(0)
    assert "procedures" in caplog.text
    assert Dataset.objects.get(code="ratings").title == "手続ごとの評価"
