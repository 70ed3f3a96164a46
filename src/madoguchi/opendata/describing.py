"""The catalogue for other catalogues: DCAT 3 as RDF, and a Frictionless data package for each dataset."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from madoguchi.people.town import Named, town

from .models import Dataset, File, Resource, Version
from .shelf import LICENCES, MEDIA_TYPES, Item, Shelf, address, office_of, page, shelf
from .themes import AUTHORITY, THEMES

VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
FREQUENCY: Final = "http://publications.europa.eu/resource/authority/frequency/"
IANA: Final = "https://www.iana.org/assignments/media-types/"
SHA256: Final = URIRef("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")
LANGUAGES: Final = (("ja", ""), ("en", "_en"))
FORMATS: Final = {"jsonld": ("json-ld", "application/ld+json"), "ttl": ("turtle", "text/turtle; charset=utf-8"),
                  "rdf": ("xml", "application/rdf+xml")}  # fmt: skip


def catalogue(kind: str) -> bytes:
    """The whole catalogue as JSON-LD, Turtle or RDF/XML (`jsonld`, `ttl`, `rdf`)."""
    return _written(shelf(), kind)


@lru_cache(maxsize=6)
def _written(now: Shelf, kind: str) -> bytes:
    return graph(now.items.values()).serialize(format=FORMATS[kind][0], encoding="utf-8")


def graph(items: Iterable[Item]) -> Graph:
    """The public datasets as a DCAT 3 catalogue (W3C Recommendation of 22 August 2024)."""
    found = Graph()
    for prefix, space in {"dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "vcard": VCARD, "spdx": SPDX}.items():
        found.bind(prefix, space)
    this = URIRef(f"{settings.PUBLIC_URL}/catalog")
    publisher = _agent(found, Named("", town().name, town().name_en, town().name))
    for predicate, value in (
        (RDF.type, DCAT.Catalog),
        (DCTERMS.title, Literal(f"{town().name} オープンデータ", lang="ja")),
        (DCTERMS.title, Literal(f"{town().name_en} open data", lang="en")),
        (DCTERMS.description, Literal(f"{town().name}が公開するデータの一覧", lang="ja")),
        (DCTERMS.publisher, publisher),
        (FOAF.homepage, URIRef(f"{settings.PUBLIC_URL}/datasets/")),
        (DCAT.themeTaxonomy, URIRef(AUTHORITY.rstrip("/"))),
        (DCTERMS.language, URIRef("http://publications.europa.eu/resource/authority/language/JPN")),
    ):
        found.add((this, predicate, value))
    for item in items:
        found.add((this, DCAT.dataset, _dataset(found, item)))
    return found


def _agent(found: Graph, office: Named) -> URIRef:
    this = URIRef(f"{settings.PUBLIC_URL}/datasets/?office={office.code}" if office.code else f"{settings.PUBLIC_URL}/")
    found.add((this, RDF.type, FOAF.Agent))
    found.add((this, FOAF.name, Literal(office.name, lang="ja")))
    found.add((this, FOAF.name, Literal(office.name_en, lang="en")))
    return this


def _dataset(found: Graph, item: Item) -> URIRef:
    dataset, this = item.dataset, URIRef(page(item.dataset))
    facts: list[tuple[URIRef, Any]] = [
        (RDF.type, DCAT.Dataset),
        (DCTERMS.identifier, Literal(dataset.code)),
        (DCTERMS.publisher, _agent(found, office_of(dataset))),
        (DCTERMS.issued, Literal(dataset.created_at.isoformat(), datatype=XSD.dateTime)),
        (DCTERMS.modified, Literal(dataset.changed_at.isoformat(), datatype=XSD.dateTime)),
        (DCTERMS.accrualPeriodicity, URIRef(FREQUENCY + _frequency(dataset))),
        (DCTERMS.license, URIRef(LICENCES.get(dataset.licence, ("", settings.PUBLIC_URL))[1])),
        (DCAT.theme, URIRef(AUTHORITY + THEMES[dataset.theme].dcat)),
        (DCAT.contactPoint, _contact(found, dataset)),
        (DCAT.landingPage, this),
        *((DCAT.keyword, Literal(tag, lang="ja")) for tag in dataset.tags),
        *((DCAT.distribution, _distribution(found, file)) for file in item.files),
    ]
    for language, suffix in LANGUAGES:
        for predicate, name in ((DCTERMS.title, "title"), (DCTERMS.description, "description")):
            if text := getattr(dataset, f"{name}{suffix}"):
                facts.append((predicate, Literal(text, lang=language)))
    if dataset.current:
        facts.append((URIRef(f"{DCAT}version"), Literal(str(dataset.current.number))))
    for predicate, value in facts:
        found.add((this, predicate, value))
    return this


def _frequency(dataset: Dataset) -> str:
    return {"irregular": "IRREG"}.get(dataset.frequency, dataset.frequency.upper())


def _contact(found: Graph, dataset: Dataset) -> BNode:
    this = BNode(f"contact-{dataset.code}")
    found.add((this, RDF.type, VCARD.Organization))
    found.add((this, VCARD.fn, Literal(office_of(dataset).name, lang="ja")))
    if dataset.contact:
        found.add((this, VCARD.hasEmail, URIRef(f"mailto:{dataset.contact}")))
    else:
        found.add((this, VCARD.hasTelephone, URIRef(f"tel:{town().phone}")))
    return this


def _distribution(found: Graph, file: File) -> URIRef:
    this, checksum = URIRef(f"{address(file)}#distribution"), BNode(f"sum-{file.sha256[:32]}")
    kind = file.resource.format
    for predicate, value in (
        (RDF.type, DCAT.Distribution),
        (DCTERMS.title, Literal(Resource.Format(kind).label, lang="en")),
        (DCAT.accessURL, URIRef(page(file.version.dataset))),
        (DCAT.downloadURL, URIRef(address(file))),
        (DCAT.mediaType, URIRef(IANA + MEDIA_TYPES[kind].partition(";")[0])),
        (DCTERMS.license, URIRef(LICENCES.get(file.version.dataset.licence, ("", settings.PUBLIC_URL))[1])),
        (DCTERMS.modified, Literal(file.version.frozen_at.isoformat(), datatype=XSD.dateTime)),
        (DCAT.byteSize, Literal(file.bytes, datatype=XSD.nonNegativeInteger)),
        (SPDX.checksum, checksum),
    ):
        found.add((this, predicate, value))
    found.add((checksum, RDF.type, SPDX.Checksum))
    found.add((checksum, SPDX.algorithm, SHA256))
    found.add((checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)))
    return this


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
