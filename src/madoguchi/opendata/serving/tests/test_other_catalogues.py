"""Other catalogues and tools read this one: pyshacl judges the DCAT graph, frictionless and csvw the packages."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from urllib.parse import urljoin

import csvw
import frictionless
import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, Graph, Namespace

from madoguchi.opendata.publishing.columns import Column
from tests import town

from ...tests import town_data

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix : <urn:shapes:> .
:Catalogue a sh:NodeShape ; sh:targetClass dcat:Catalog ;
  sh:property [sh:path dct:title ; sh:minCount 1 ; sh:uniqueLang true], [sh:path dct:description ; sh:minCount 1],
    [sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent],
    [sh:path dcat:dataset ; sh:minCount 1 ; sh:class dcat:Dataset], [sh:path foaf:homepage ; sh:maxCount 1].
:Dataset a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:nodeKind sh:IRI ;
  sh:property [sh:path dct:title ; sh:minCount 1 ; sh:uniqueLang true],
    [sh:path dct:description ; sh:minCount 1 ; sh:uniqueLang true],
    [sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent],
    [sh:path dcat:contactPoint ; sh:minCount 1 ; sh:class vcard:Organization],
    [sh:path dcat:theme ; sh:minCount 1 ; sh:nodeKind sh:IRI],
    [sh:path dct:accrualPeriodicity ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI],
    [sh:path dct:modified ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:dateTime],
    [sh:path dct:issued ; sh:maxCount 1 ; sh:datatype xsd:dateTime],
    [sh:path dcat:landingPage ; sh:nodeKind sh:IRI], [sh:path dcat:version ; sh:maxCount 1],
    [sh:path dcat:distribution ; sh:minCount 3 ; sh:class dcat:Distribution].
:Distribution a sh:NodeShape ; sh:targetClass dcat:Distribution ;
  sh:property [sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI],
    [sh:path dcat:downloadURL ; sh:minCount 1 ; sh:nodeKind sh:IRI],
    [sh:path dct:license ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI],
    [sh:path dcat:mediaType ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI],
    [sh:path dcat:byteSize ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger],
    [sh:path spdx:checksum ; sh:maxCount 1 ; sh:node :Checksum].
:Checksum a sh:NodeShape ;
  sh:property [sh:path spdx:algorithm ; sh:minCount 1 ; sh:maxCount 1],
    [sh:path spdx:checksumValue ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:hexBinary].
:Contact a sh:NodeShape ; sh:targetClass vcard:Organization ; sh:property [sh:path vcard:fn ; sh:minCount 1];
  sh:or ([sh:property [sh:path vcard:hasEmail ; sh:minCount 1]]
    [sh:property [sh:path vcard:hasTelephone ; sh:minCount 1]]).
"""
"""Written here from what DCAT-AP 3 makes mandatory or gives a range; its official shapes are not shipped."""
SPDX, VCARD = Namespace("http://spdx.org/rdf/terms#"), Namespace("http://www.w3.org/2006/vcard/ns#")
CLASSES = {
    (DCAT.Catalog, DCTERMS.publisher): FOAF.Agent,
    (DCAT.Catalog, DCTERMS.language): DCTERMS.LinguisticSystem,
    (DCAT.Catalog, DCAT.themeTaxonomy): SKOS.ConceptScheme,
    (DCAT.Catalog, FOAF.homepage): FOAF.Document,
    (DCAT.Catalog, DCAT.dataset): DCAT.Dataset,
    (DCAT.Catalog, DCAT.service): DCAT.DataService,
    (DCAT.DataService, DCAT.endpointURL): RDFS.Resource,
    (DCAT.DataService, DCAT.endpointDescription): RDFS.Resource,
    (DCAT.DataService, DCAT.servesDataset): DCAT.Dataset,
    (DCAT.DataService, DCAT.landingPage): FOAF.Document,
    (DCAT.DataService, DCTERMS.publisher): FOAF.Agent,
    (DCAT.Dataset, DCTERMS.accrualPeriodicity): DCTERMS.Frequency,
    (DCAT.Dataset, DCTERMS.publisher): FOAF.Agent,
    (DCAT.Dataset, DCTERMS.license): DCTERMS.LicenseDocument,
    (DCAT.Dataset, DCAT.theme): SKOS.Concept,
    (DCAT.Dataset, DCAT.contactPoint): VCARD.Kind,
    (DCAT.Dataset, DCAT.landingPage): FOAF.Document,
    (DCAT.Dataset, DCAT.distribution): DCAT.Distribution,
    (DCAT.Distribution, DCAT.accessURL): RDFS.Resource,
    (DCAT.Distribution, DCAT.downloadURL): RDFS.Resource,
    (DCAT.Distribution, DCAT.accessService): DCAT.DataService,
    (DCAT.Distribution, DCAT.mediaType): DCTERMS.MediaType,
    (DCAT.Distribution, DCTERMS.license): DCTERMS.LicenseDocument,
    (DCAT.Distribution, SPDX.checksum): SPDX.Checksum,
    (SPDX.Checksum, SPDX.algorithm): SPDX.ChecksumAlgorithm,
    (SKOS.Concept, SKOS.inScheme): SKOS.ConceptScheme,
}
"""The ranges of DCAT-AP 3.0.1 for what this catalogue says, from its text, with nothing inferred."""
LABELS = {SKOS.Concept: SKOS.prefLabel, SKOS.ConceptScheme: DCTERMS.title, FOAF.Agent: FOAF.name,
          DCAT.DataService: DCTERMS.title}  # fmt: skip


def class_shapes():
    """The ranges as SHACL: whatever is pointed at has its class and, where it must, a label."""
    text = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    for number, ((kind, path), wanted) in enumerate(CLASSES.items()):
        text += f"<urn:class:{number}> a sh:NodeShape ; sh:targetClass <{kind}> ;\n"
        text += f"  sh:property [ sh:path <{path}> ; sh:minCount 1 ; sh:class <{wanted}> ] .\n"
    for kind, path in LABELS.items():
        text += f"<urn:label:{kind}> a sh:NodeShape ; sh:targetClass <{kind}> ;\n"
        text += f"  sh:property [ sh:path <{path}> ; sh:minCount 1 ] .\n"
    return Graph().parse(data=text, format="turtle")


pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    town_data.published(30, contact="data@minatono.example", title_en="Shops")
    town_data.published(3, code="parks", theme="culture", frequency="monthly")
    return town.visitor()


@pytest.mark.parametrize(("kind", "parser"), [("jsonld", "json-ld"), ("ttl", "turtle"), ("rdf", "xml")])
def test_the_catalogue_is_good_dcat(browser, kind, parser):
    answer = browser.get(f"/catalog.{kind}")
    graph = Graph().parse(data=answer.content, format=parser)
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == 2
    conforms, _graph, report = validate(graph, shacl_graph=Graph().parse(data=SHAPES, format="turtle"))
    assert conforms, report
    assert browser.get(f"/catalog.{kind}", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_everything_that_is_pointed_at_has_its_class(browser):
    graph = Graph().parse(data=browser.get("/catalog.ttl").content, format="turtle")
    conforms, _graph, report = validate(graph, shacl_graph=class_shapes())
    assert conforms, report


@pytest.mark.parametrize("kind", sorted({kind for kind in CLASSES.values() if kind != DCAT.Dataset}))
def test_a_class_that_is_missing_is_seen(browser, kind):
    graph = Graph().parse(data=browser.get("/catalog.ttl").content, format="turtle")
    graph.remove((None, RDF.type, kind))
    assert not validate(graph, shacl_graph=class_shapes())[0]


NEGOTIATED = {
    "text/turtle": "text/turtle",
    "application/ld+json": "application/ld+json",
    "application/json": "application/ld+json",
    "application/rdf+xml;q=0.9, text/html;q=0.1": "application/rdf+xml",
    "*/*": "text/turtle",
}


@pytest.mark.parametrize(("accept", "kind"), NEGOTIATED.items())
def test_the_catalogue_answers_under_its_own_name(browser, accept, kind):
    answer = browser.get("/catalog", headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, kind)
    assert "Accept" in answer["Vary"].split(", ")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert browser.get(answer["Content-Location"]).content == answer.content


def test_people_are_led_from_the_catalogues_name_to_its_page(browser):
    answer = browser.get("/catalog", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, answer["Location"]) == (303, "/datasets/")
    assert browser.get("/catalog", headers={"Accept": "image/png"}).status_code == 406


def test_csv_on_the_web_reads_each_csv(browser, tmp_path):
    odd = [Column("text"), Column("件数", "integer"), Column("ok-1", "boolean"), Column("at", "datetime")]
    rows = [["改行\nと,", 1, True, datetime(2026, 4, 1, 9, tzinfo=UTC)], ["b", None, False, None]]
    town_data.published(code="odd", columns=odd, key=("text",), rows=rows)
    for code, name, n in (("shops", "shops", 30), ("odd", "v1", 2)):
        address = f"/datasets/{code}/{name}.csv"
        answer = browser.get(address)
        beside, relation, kind = answer["Link"].split("; ")
        assert (relation, kind) == ('rel="describedby"', 'type="application/csvm+json"')
        told = browser.get(urljoin(address, beside.strip("<>")))
        assert told["Content-Type"] == "application/csvm+json"
        (tmp_path / f"{name}.csv").write_bytes(answer.getvalue())
        (tmp_path / f"{name}.csv-metadata.json").write_bytes(told.content)
        found = csvw.CSVW(str(tmp_path / f"{name}.csv-metadata.json"), validate=True)
        assert found.is_valid, found.warnings
        read = list(found.tables[0].iterdicts(strict=True))
        assert len(read) == n
    empty, full = read  # in the order of the key
    assert full["%E4%BB%B6%E6%95%B0"] == 1 and full["ok%2D1"] is True and empty["at"] is None
    assert browser.get("/datasets/odd/v2.csv-metadata.json").status_code == 404
    assert browser.get("/datasets/odd/other.csv-metadata.json").status_code == 404


def test_every_feed_has_an_id_of_its_own(browser):
    paths = [f"{language}/datasets/{name}" for language in ("", "/en") for name in ("feed.xml", "requests/feed.xml")]
    ids = [ET.fromstring(browser.get(path).content).findtext("{*}id") for path in paths]
    assert len(set(ids)) == len(paths)
    assert all(one.endswith(path) for one, path in zip(ids, paths, strict=True))


def test_the_shapes_see_a_fault(browser):
    graph = Graph().parse(data=browser.get("/catalog.ttl").content, format="turtle")
    graph.remove((None, DCAT.theme, None))
    conforms, _graph, _report = validate(graph, shacl_graph=Graph().parse(data=SHAPES, format="turtle"))
    assert not conforms


def test_frictionless_accepts_the_data_package(browser, tmp_path):
    odd = [Column("text"), Column("n", "integer"), Column("ok", "boolean"), Column("at", "datetime")]
    rows = [["=1+1", 1, True, datetime(2026, 4, 1, 9, tzinfo=UTC)], ["改\n行", None, False, None]]
    town_data.published(code="odd", columns=odd, key=(), rows=rows)
    for code in ("shops", "parks", "odd"):
        folder = tmp_path / code
        folder.mkdir()
        (folder / "datapackage.json").write_bytes(browser.get(f"/datasets/{code}/datapackage.json").content)
        (folder / "v1.csv").write_bytes(browser.get(f"/datasets/{code}/v1.csv").getvalue())
        report = frictionless.validate(str(folder / "datapackage.json"))
        assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])
    (folder / "v1.csv").write_text("text,n,ok,at\nx,not a number,true,\n")
    assert not frictionless.validate(str(folder / "datapackage.json")).valid
