"""Frozen versions and their files, as the pages and addresses of the catalogue ask for them."""

from ..models.datasets import Dataset, File, Version


def numbered(dataset: Dataset, number: int) -> Version | None:
    """The version of a dataset with this number, which never changes."""
    return Version.objects.select_related("dataset").filter(dataset=dataset, number=number).first()


def whole(version: Version) -> Version:
    """A version with its dataset, of one that was kept without."""
    return Version.objects.select_related("dataset").get(pk=version.pk)


def file_of(version: Version, kind: str) -> File | None:
    """Its file in a format, if it has one."""
    return File.objects.filter(version=version, resource__format=kind).select_related("version").first()
