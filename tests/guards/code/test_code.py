"""Habits of the code: modules that say what they are, no address in a lock file, no undocumented personal data."""

import ast
import io
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.personal import PERSONAL

ROOT = Path(__file__).parents[3]
SOURCES = [p for p in sorted((ROOT / "src").rglob("*.py")) if not {"migrations", "tests"} & set(p.parts)]
LOCKS = ("requirements*.txt", "*.lock", "*-lock.json", "requirements/*.txt")
TELLING = (
    "name", "mail", "phone", "address", "birth", "comment", "text", "answer", "explanation", "question", "reason",
    "title", "content", "pdf", "items", "kana", "ip", "agent",
)  # fmt: skip
HARMLESS = {
    "cases.Correction.answer_by", "cases.Correction.answered_at", "cases.Consultation.answered_at",
    "cases.Consultation.answered_by", "credentials.Credential.title", "decisions.Draft.reasons",
    "decisions.Decision.reasons", "figures.QuestionCount.question",
    "opendata.Dataset.title", "opendata.Dataset.title_en", "opendata.Dataset.title_easy", "payments.Refund.slip",
}  # fmt: skip
"""Names that sound so and are dates, codes of the definition, the kind of a document, or a published title."""


def short(path):
    return str(path.relative_to(ROOT))


def test_there_is_code_to_look_at():
    assert len(SOURCES) > 80


def test_every_module_of_ours_says_what_it_is():
    silent = [short(p) for p in SOURCES if p.name != "__init__.py" and not ast.get_docstring(ast.parse(p.read_text()))]
    assert silent == []


PAPERS = ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md", "STYLE.md", "LICENSE")


@pytest.mark.parametrize("name", PAPERS)
def test_the_house_has_its_papers(name):
    assert (ROOT / name).stat().st_size > 200


def test_no_lock_file_holds_a_download_address():
    locks = [p for pattern in LOCKS for p in ROOT.glob(pattern)]
    assert locks
    assert [
        short(p) for p in locks if "://" in re.sub(r'"url": "[^"]*"', "", p.read_text())
    ] == []  # "url": who is funded


@pytest.mark.django_db
def test_the_models_and_their_migrations_agree():
    told = io.StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=told)
    except SystemExit:
        pytest.fail(told.getvalue())


def test_every_field_that_sounds_personal_is_documented():
    ours = [model for model in apps.get_models() if model.__module__.startswith("madoguchi.")]
    fields = {f"{m._meta.app_label}.{m.__name__}.{f.name}" for m in ours for f in m._meta.concrete_fields}
    sounding = {one for one in fields if _sounds_personal(one.rpartition(".")[2])}
    assert sounding - set(PERSONAL) - HARMLESS == set()
    assert (set(PERSONAL) | HARMLESS) - fields == set(), "documented, but gone"


def _sounds_personal(name):
    return any(word in name.split("_") or name.endswith(word) for word in TELLING)


OTHER_FOLDINGS = re.compile("NFKC|NFKD|casefold")
SAME_IN_POSTGRESQL = {
    "src/madoguchi/opendata/publishing/columns.py",
    "src/madoguchi/opendata/reading/readability.py",
    "src/madoguchi/opendata/serving/preview.py",
    "src/madoguchi/platform/sql/folding.py",
    "src/madoguchi/platform/spreadsheet.py",
}
"""What is compared as a database and a spreadsheet compare, not as a person searches; and the same folding in SQL."""


def test_text_is_folded_in_one_place_only():
    """What compares or searches what people typed uses `foundation.folding`, `narrow` or `katakana`."""
    own = {
        short(p) for p in SOURCES if not {"foundation", "paper"} & set(p.parts) and OTHER_FOLDINGS.search(p.read_text())
    }
    assert own == SAME_IN_POSTGRESQL


def test_no_secret_is_written_into_the_code():
    for path in SOURCES:
        text = path.read_text()
        assert "BEGIN PRIVATE KEY" not in text
        assert 'SECRET_KEY = "' not in text
