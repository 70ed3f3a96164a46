"""The catalogue for other catalogues: DCAT 3 as RDF."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD

from madoguchi.town.offices import Named, town

from ..models.datasets import Dataset, File, Resource
from ..publishing.themes import AUTHORITY, AUTHORITY_NAMES, THEMES
from .shelf import LICENCES, MEDIA_TYPES, Item, Shelf, address, office_of, page, shelf

VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
FREQUENCY: Final = "http://publications.europa.eu/resource/authority/frequency/"
IANA: Final = "https://www.iana.org/assignments/media-types/"
SHA256: Final = URIRef("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")
JAPANESE: Final = URIRef("http://publications.europa.eu/resource/authority/language/JPN")
API_OF_CKAN: Final = "https://docs.ckan.org/en/2.11/api/"
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
    """The public datasets as a DCAT 3 catalogue (W3C Recommendation of 22 August 2024).

    What is pointed at has its class beside it, as the shapes of DCAT-AP 3 ask.
    """
    found = Graph()
    prefixes = {"dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "vcard": VCARD, "spdx": SPDX, "skos": SKOS}
    for prefix, space in prefixes.items():
        found.bind(prefix, space)
    this, service = URIRef(f"{settings.PUBLIC_URL}/catalog"), _service(found)
    scheme = _typed(found, AUTHORITY.rstrip("/"), SKOS.ConceptScheme)
    found.add((scheme, DCTERMS.title, Literal("Data theme", lang="en")))
    for predicate, value in (
        (RDF.type, DCAT.Catalog),
        (DCTERMS.title, Literal(f"{town().name} オープンデータ", lang="ja")),
        (DCTERMS.title, Literal(f"{town().in_language('en')} open data", lang="en")),
        (DCTERMS.description, Literal(f"{town().name}が公開するデータの一覧", lang="ja")),
        (DCTERMS.publisher, _town(found)),
        (FOAF.homepage, _typed(found, f"{settings.PUBLIC_URL}/datasets/", FOAF.Document)),
        (DCAT.themeTaxonomy, scheme),
        (DCTERMS.language, _typed(found, JAPANESE, DCTERMS.LinguisticSystem)),
        (DCAT.service, service),
    ):
        found.add((this, predicate, value))
    for item in items:
        dataset = _dataset(found, item, service)
        found.add((this, DCAT.dataset, dataset))
        found.add((service, DCAT.servesDataset, dataset))
    return found


def _typed(found: Graph, address: str, kind: URIRef) -> URIRef:
    """What stands elsewhere, with its class."""
    this = URIRef(address)
    found.add((this, RDF.type, kind))
    return this


def _town(found: Graph) -> URIRef:
    return _agent(found, Named("", town().name, town().names))


def _service(found: Graph) -> URIRef:
    """CKAN's Action API: through it every dataset is searched row by row."""
    this = URIRef(f"{settings.PUBLIC_URL}/catalog#api")
    for predicate, value in (
        (RDF.type, DCAT.DataService),
        (DCTERMS.title, Literal(f"{town().name} CKAN Action API", lang="ja")),
        (DCTERMS.title, Literal(f"{town().in_language('en')} CKAN Action API", lang="en")),
        (DCAT.endpointURL, _typed(found, f"{settings.PUBLIC_URL}/api/3/action/", RDFS.Resource)),
        (DCAT.endpointDescription, _typed(found, API_OF_CKAN, RDFS.Resource)),
        (DCAT.landingPage, _typed(found, f"{settings.PUBLIC_URL}/datasets/", FOAF.Document)),
        (DCTERMS.publisher, _town(found)),
    ):
        found.add((this, predicate, value))
    return this


def _licence(found: Graph, dataset: Dataset) -> URIRef:
    address = LICENCES.get(dataset.licence, ("", settings.PUBLIC_URL))[1]
    return _typed(found, address, DCTERMS.LicenseDocument)


def _theme(found: Graph, dataset: Dataset) -> URIRef:
    code = THEMES[dataset.theme].dcat
    this = _typed(found, AUTHORITY + code, SKOS.Concept)
    found.add((this, SKOS.prefLabel, Literal(AUTHORITY_NAMES[code], lang="en")))
    found.add((this, SKOS.inScheme, URIRef(AUTHORITY.rstrip("/"))))
    return this


def _agent(found: Graph, office: Named) -> URIRef:
    this = URIRef(f"{settings.PUBLIC_URL}/datasets/?office={office.code}" if office.code else f"{settings.PUBLIC_URL}/")
    found.add((this, RDF.type, FOAF.Agent))
    found.add((this, FOAF.name, Literal(office.name, lang="ja")))
    found.add((this, FOAF.name, Literal(office.in_language("en"), lang="en")))
    return this


def _dataset(found: Graph, item: Item, service: URIRef) -> URIRef:
    dataset, this = item.dataset, URIRef(page(item.dataset))
    facts: list[tuple[URIRef, Any]] = [
        (RDF.type, DCAT.Dataset),
        (DCTERMS.identifier, Literal(dataset.code)),
        (DCTERMS.publisher, _agent(found, office_of(dataset))),
        (DCTERMS.issued, Literal(dataset.created_at.isoformat(), datatype=XSD.dateTime)),
        (DCTERMS.modified, Literal(dataset.changed_at.isoformat(), datatype=XSD.dateTime)),
        (DCTERMS.accrualPeriodicity, _typed(found, FREQUENCY + _frequency(dataset), DCTERMS.Frequency)),
        (DCTERMS.license, _licence(found, dataset)),
        (DCAT.theme, _theme(found, dataset)),
        (DCAT.contactPoint, _contact(found, dataset)),
        (DCAT.landingPage, _typed(found, this, FOAF.Document)),
        *((DCAT.keyword, Literal(tag, lang="ja")) for tag in dataset.tags),
        *((DCAT.distribution, _distribution(found, file, service)) for file in item.files),
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
    found.add((this, RDF.type, VCARD.Kind))
    found.add((this, VCARD.fn, Literal(office_of(dataset).name, lang="ja")))
    if dataset.contact:
        found.add((this, VCARD.hasEmail, URIRef(f"mailto:{dataset.contact}")))
    else:
        found.add((this, VCARD.hasTelephone, URIRef(f"tel:{town().phone}")))
    return this


def _distribution(found: Graph, file: File, service: URIRef) -> URIRef:
    this, checksum = URIRef(f"{address(file)}#distribution"), BNode(f"sum-{file.sha256[:32]}")
    kind = file.resource.format
    for predicate, value in (
        (RDF.type, DCAT.Distribution),
        (DCTERMS.title, Literal(Resource.Format(kind).label, lang="en")),
        (DCAT.accessURL, _typed(found, page(file.version.dataset), RDFS.Resource)),
        (DCAT.downloadURL, _typed(found, address(file), RDFS.Resource)),
        (DCAT.accessService, service),
        (DCAT.mediaType, _typed(found, IANA + MEDIA_TYPES[kind].partition(";")[0], DCTERMS.MediaType)),
        (DCTERMS.license, _licence(found, file.version.dataset)),
        (DCTERMS.modified, Literal(file.version.frozen_at.isoformat(), datatype=XSD.dateTime)),
        (DCAT.byteSize, Literal(file.bytes, datatype=XSD.nonNegativeInteger)),
        (SPDX.checksum, checksum),
    ):
        found.add((this, predicate, value))
    found.add((checksum, RDF.type, SPDX.Checksum))
    found.add((checksum, SPDX.algorithm, _typed(found, SHA256, SPDX.ChecksumAlgorithm)))
    found.add((checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)))
    return this
