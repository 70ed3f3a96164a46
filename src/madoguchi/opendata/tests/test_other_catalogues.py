"""Other catalogues and tools read this one: pyshacl judges the DCAT graph, frictionless the data packages."""

from datetime import UTC, datetime

import frictionless
import pytest
from pyshacl import validate
from rdflib import DCAT, RDF, Graph

from madoguchi.opendata.columns import Column
from tests import town

from . import town_data

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
