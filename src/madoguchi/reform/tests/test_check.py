"""The check tells every fault of the projects' and indicators' files with its line and a remedy; ours have none."""

import shutil

import pytest
from django.conf import settings

from madoguchi.config.definitions import faults as faults_of_the_town
from madoguchi.reform.kept import kept
from madoguchi.reform.load import check, load

OFFICES, MEASURES = {"reform", "road-management"}, {"online-share"}
EDITION = """code: one
name: 版
published: "2021"
fictional: false
sources: [SP]
note: 説明
"""
PROJECT = """code: alpha
kind: core
name: 計画
owner: reform
sources: [SP]
goals:
  - {id: goal, text: 目標, source: SP}
"""
CLAIM = "keywords:\n  - {tag: "
INDICATOR = """code: beta
name: 数字
definition: 定義
unit: 件
fictional: true
source: 記録
compute: online-share
"""


@pytest.fixture
def files(tmp_path):
    """Writes the three files, each with some of its text changed; gives the faults as short lines."""

    def written(edition=(), project=(), indicator=()):
        for name, text, change in (
            ("projects/one/edition.yaml", EDITION, edition),
            ("projects/one/alpha.yaml", PROJECT, project),
            ("indicators/beta.yaml", INDICATOR, indicator),
        ):
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.replace(*change) if change else text)
        found = check(tmp_path / "projects", tmp_path / "indicators", offices=OFFICES, measures=MEASURES)
        assert all(fault.remedy for fault in found)
        return [f"{fault.file.name}:{fault.line}: {fault.sentence}" for fault in found]

    return written


def test_the_towns_own_files_have_no_fault():
    assert faults_of_the_town(settings.PROCEDURES_DIR) == []


def test_files_without_fault(files):
    assert files() == []


@pytest.mark.parametrize(
    ("where", "change", "told"),
    [
        ("edition", ("code: one", "code: two"), "edition.yaml:1: the code is not the folder's name"),
        ("edition", ("sources: [SP]", "sources: []"), "names its sources"),
        ("edition", ("note: 説明", "note: 説明\nsucceeds: nowhere"), "edition.yaml:7: no edition nowhere"),
        ("edition", ("fictional", "fictoinal"), "fictoinal: Extra inputs"),
        ("project", ("code: alpha", "code: gamma"), "alpha.yaml:1: the code is not the file's name"),
        ("project", ("owner: reform", "owner: moon"), "alpha.yaml:4: moon is no office"),
        ("project", (", source: SP", ""), "alpha.yaml:7: goals: a statement without source"),
        ("project", ("sources: [SP]", "sources: []"), "alpha.yaml:5: a real project without sources"),
        ("project", ("goals:", "succeeds: [one/none]\ngoals:"), "alpha.yaml:6: no project one/none"),
        ("project", ("source: SP}", "source: SP, indicator: none}"), "alpha.yaml:7: no indicator none"),
        ("project", ("goals:", f"{CLAIM}visible, evidence: [{{text: あ, source: SP}}]}}\ngoals:"), "is an indicator"),
        ("project", ("goals:", f"{CLAIM}open, evidence: [{{text: あ}}]}}\ngoals:"), "evidence without source"),
        ("project", ("kind: core", "kind: ["), "not valid YAML"),
        ("indicator", ("online-share", "guess"), "beta.yaml:7: no function is registered as guess"),
        ("indicator", ("compute: online-share", ""), "exactly one of the three"),
        ("indicator", ("unit: 件", "unit: 件\nentered: true"), "exactly one of the three"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_line(files, where, change, told):
    assert any(told in one for one in files(**{where: change})), files(**{where: change})


def test_a_fictional_edition_needs_no_source(files):
    assert files(edition=("fictional: false", "fictional: true"), project=(", source: SP", "")) == []


def test_a_file_that_is_not_text_is_a_fault(tmp_path, files):
    files()
    (tmp_path / "projects" / "one" / "alpha.yaml").write_bytes(b"\xff\xfe")
    found = check(tmp_path / "projects", tmp_path / "indicators", offices=OFFICES, measures=MEASURES)
    assert "not UTF-8" in str(found[0])


def test_the_seven_core_projects_and_five_themes_are_there():
    first = [one for _ref, one in kept().of_edition("shin-tosei-1")]
    assert [one.number for one in first if one.kind == "core"] == [1, 2, 3, 4, 5, 6, 7]
    assert [one.number for one in first if one.kind == "theme"] == [1, 2, 3, 4, 5]


def test_the_succession_leads_to_the_latest_edition():
    assert kept().followers("shin-tosei-1/core-6") == ["shin-tosei-3/speed-up"]
    assert kept().followers("shin-tosei-3/speed-up") == ["shin-tosei-4/cp2"]


def test_a_keyword_without_evidence_is_claimed_only():
    claims = {claim.tag: len(claim.evidence) for claim in kept().projects["minatono-1/paperless-counter"].keywords}
    assert (claims["visible"], claims["agile"]) == (1, 0)


def test_loading_stops_at_a_fault_of_form(tmp_path):
    shutil.copytree(settings.PROJECTS_DIR, tmp_path / "projects")
    (tmp_path / "projects" / "minatono-1" / "road-sensors.yaml").write_text("code: road-sensors\n")
    with pytest.raises(Exception, match="road-sensors"):
        load(tmp_path / "projects", settings.INDICATORS_DIR)
