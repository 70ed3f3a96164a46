"""The public catalogue, held ready in memory until something in it changes: one small query tells whether it has.

Each dataset is there as CKAN's package, written out once; a search only joins what is written.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils import translation

from madoguchi.foundation.folding import fold
from madoguchi.town.offices import Named, town

from ..models.datasets import Dataset, File, Resource
from ..publishing.themes import THEMES

LICENCES: Final[Mapping[str, tuple[str, str]]] = {
    "CC-BY-4.0": ("クリエイティブ・コモンズ 表示 4.0 国際", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("CC0 1.0 全世界", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "PDL-1.0": (
        "公共データ利用規約（第1.0版）",
        "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
    ),
}
LICENCES_IN_ENGLISH: Final[Mapping[str, str]] = {
    "CC-BY-4.0": "Creative Commons Attribution 4.0 International",
    "CC0-1.0": "Creative Commons Zero 1.0 Universal",
    "PDL-1.0": "Public Data License (version 1.0)",
}
_STATE: Final = """
SELECT count(*), extract(epoch FROM max(changed_at))::text, max(current_id) FROM opendata_dataset WHERE is_public"""
MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One public dataset."""

    dataset: Dataset
    files: Sequence[File]
    package: Mapping[str, Any]
    written: str
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """All public datasets by code, and the tag that stands for this state of all of them."""

    revision: str
    items: Mapping[str, Item]
    resources: Mapping[str, Item]


def revision() -> str:
    """What changes when anything in the public catalogue does: asked of every request, so it is one short statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        return repr((settings.PUBLIC_URL, cursor.fetchone()))


def shelf(known: str = "") -> Shelf:
    """The catalogue as it stands now, or as it stood at a known revision."""
    return _shelf(known or revision())


@lru_cache(maxsize=2)
def _shelf(revision: str) -> Shelf:
    with translation.override("ja"):
        public = Dataset.objects.filter(is_public=True).select_related("current").order_by("code")
        found = {dataset.code: _item(dataset) for dataset in public.prefetch_related("current__files__resource")}
    resources = {str(file.resource_id): item for item in found.values() for file in item.files}
    return Shelf(revision, found, resources)


def _item(dataset: Dataset) -> Item:
    files = sorted(dataset.current.files.all() if dataset.current else (), key=lambda file: file.resource.format)
    for file in files:
        file.version.dataset = dataset  # so that its path asks nothing more
    package = package_of(dataset, files)
    theme = str(THEMES[dataset.theme].name)
    parts = [dataset.code, dataset.title, dataset.title_en, dataset.title_easy, dataset.description,
             dataset.description_en, *dataset.tags, office_of(dataset).name, theme]  # fmt: skip
    parts += [field["name"] for field in dataset.current.fields] if dataset.current else []
    return Item(dataset, files, package, json.dumps(package, ensure_ascii=False), fold("\n".join(parts)))


def office_of(dataset: Dataset) -> Named:
    """The publishing office; one that the town no longer has is shown by its code."""
    return town().offices.get(dataset.office) or Named(dataset.office, dataset.office)


def stable_id(kind: str, code: str) -> str:
    """A UUID that stays while the address of this installation does."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.PUBLIC_URL}/{kind}/{code}"))


def page(dataset: Dataset) -> str:
    """The address of its page."""
    return f"{settings.PUBLIC_URL}/datasets/{dataset.code}/"


def address(file: File) -> str:
    """Where the newest version in this format is fetched."""
    return f"{page(file.version.dataset)}{file.version.dataset.code}.{file.resource.format}"


def package_of(dataset: Dataset, files: Sequence[File]) -> dict[str, Any]:
    """CKAN's package."""
    licence, url = LICENCES.get(dataset.licence, (dataset.licence, ""))
    office = office_of(dataset)
    return {
        "id": stable_id("datasets", dataset.code), "name": dataset.code, "title": dataset.title,
        "notes": dataset.description, "type": "dataset", "state": "active", "private": False, "isopen": True,
        "url": page(dataset), "version": str(dataset.current.number) if dataset.current else "",
        "author": office.name, "author_email": dataset.contact, "maintainer": office.name,
        "maintainer_email": dataset.contact, "license_id": dataset.licence, "license_title": licence,
        "license_url": url, "metadata_created": moment(dataset.created_at),
        "metadata_modified": moment(dataset.changed_at), "num_resources": len(files), "num_tags": len(dataset.tags),
        "owner_org": stable_id("organizations", office.code), "organization": organization(office),
        "groups": [group(dataset.theme)], "tags": [tag(name) for name in dataset.tags],
        "extras": [
            {"key": "frequency", "value": dataset.frequency},
            {"key": "title_en", "value": dataset.title_en},
            {"key": "title_ja-easy", "value": dataset.title_easy},
            {"key": "notes_en", "value": dataset.description_en},
            {"key": "source", "value": dataset.source},
        ],
        "resources": [resource(file, place) for place, file in enumerate(files)],
        "relationships_as_object": [], "relationships_as_subject": [],
    }  # fmt: skip


def resource(file: File, position: int) -> dict[str, Any]:
    """CKAN's resource: the newest version in one format."""
    version, label = file.version, Resource.Format(file.resource.format).label
    return {
        "id": str(file.resource_id), "package_id": stable_id("datasets", version.dataset.code),
        "name": f"{version.dataset.title}（{label}）", "description": _difference(file), "format": label.upper(),
        "mimetype": MEDIA_TYPES[file.resource.format].partition(";")[0], "url": address(file), "url_type": None,
        "size": file.bytes, "hash": file.sha256, "hash_algorithm": "sha256", "state": "active", "position": position,
        "datastore_active": True, "created": moment(version.dataset.created_at),
        "last_modified": moment(version.frozen_at), "metadata_modified": moment(version.frozen_at),
    }  # fmt: skip


def _difference(file: File) -> str:
    """What this format says otherwise than the others; nearly always nothing."""
    marked = [one["name"] for one in file.version.fields if "csvEscape" in one]
    if file.resource.format != Resource.Format.CSV or not marked:
        return ""
    return (
        f"「{'」「'.join(marked)}」の列では、表計算ソフトで計算式になる文字の前に、アポストロフィ（'）を付けています。"
    )


def organization(office: Named) -> dict[str, Any]:
    """CKAN's organization, inside a package: an office."""
    return {
        "id": stable_id("organizations", office.code), "name": office.code, "title": office.name, "description": "",
        "type": "organization", "is_organization": True, "state": "active", "approval_status": "approved",
        "image_url": "",
    }  # fmt: skip


def group(code: str) -> dict[str, Any]:
    """CKAN's group, inside a package: a theme."""
    name = str(THEMES[code].name)
    return {"id": stable_id("groups", code), "name": code, "title": name, "display_name": name, "description": "",
            "image_display_url": ""}  # fmt: skip


def tag(name: str) -> dict[str, Any]:
    """CKAN's free tag."""
    return {"id": stable_id("tags", name), "name": name, "display_name": name, "state": "active",
            "vocabulary_id": None}  # fmt: skip


def moment(at: datetime) -> str:
    """A moment as CKAN writes it: UTC, ISO 8601, without a zone."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
