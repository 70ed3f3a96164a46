"""What stands beside a version's CSV for programs: a Frictionless data package, and metadata of CSV on the Web."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from ..models.datasets import Resource, Version
from .shelf import LICENCES, office_of, page

_TYPES: Final[Mapping[str, Any]] = {
    "integer": "integer",
    "number": "double",
    "boolean": {"base": "boolean", "format": "true|false"},
    "date": "date",
    "datetime": "datetime",
}


def data_package(version: Version) -> dict[str, Any]:
    """A Frictionless data package (specs.frictionlessdata.io, version 1) of one version: its CSV and its columns."""
    dataset = version.dataset
    title, url = LICENCES.get(dataset.licence, (dataset.licence, ""))
    file = version.files.select_related("resource").get(resource__format=Resource.Format.CSV)
    return {
        "name": dataset.code, "title": dataset.title, "description": dataset.description,
        "homepage": page(dataset), "version": str(version.number), "created": version.frozen_at.isoformat(),
        "keywords": dataset.tags, "licenses": [{"name": dataset.licence, "path": url, "title": title}],
        "contributors": [{"title": office_of(dataset).name, "role": "publisher"}],
        "resources": [{
            "name": dataset.code, "title": dataset.title, "profile": "tabular-data-resource",
            "path": f"v{version.number}.csv", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8-sig",
            "bytes": file.bytes, "hash": f"sha256:{file.sha256}",
            "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
            "schema": version.schema,
        }],
    }  # fmt: skip


def csv_metadata(version: Version, file_name: str) -> dict[str, Any]:
    """Metadata of one CSV (W3C, Metadata Vocabulary for Tabular Data, 2015), found beside it by its name."""
    dataset = version.dataset
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "ja"}],
        "url": file_name, "dc:title": dataset.title, "dc:description": dataset.description,
        "dc:publisher": office_of(dataset).name, "dc:modified": version.frozen_at.isoformat(),
        "dc:license": {"@id": LICENCES.get(dataset.licence, ("", page(dataset)))[1]},
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": {
            "columns": [_column(one) for one in version.fields],
            **({"primaryKey": [_variable(name) for name in version.key]} if version.key else {}),
        },
    }  # fmt: skip


def _column(field: Mapping[str, Any]) -> dict[str, Any]:
    texts = {"dc:title": field.get("title"), "dc:description": field.get("description")}
    return {
        "name": _variable(field["name"]), "titles": field["name"], "datatype": _TYPES.get(field["type"], "string"),
        **{name: text for name, text in texts.items() if text},
    }  # fmt: skip


def _variable(name: str) -> str:
    """A column's name as a variable of a URI template (RFC 6570): letters, digits, _ and %."""
    return quote(name, safe="").replace("-", "%2D").replace("~", "%7E").replace(".", "%2E")
