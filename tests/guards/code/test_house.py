"""The house is built of rooms that can be seen at once: few files in a folder, short ones, named by their trade."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).parents[3]
SOURCES = [
    path
    for place in ("src", "tests", "drills", "bench", "verify")
    for path in sorted((ROOT / place).rglob("*.py"))
    if "migrations" not in path.parts
]
MOST_FILES, MOST_LINES, MOST_IN_A_FUNCTION, SIBLINGS = 20, 300, 50, 3
STANDS_ALONE = {"verify/verify_document.py": "handed to outsiders as one file"}
ASKED_FOR_BY_DJANGO = {
    "ACCOUNT_ADAPTER", "ACCOUNT_FORMS", "CSRF_FAILURE_VIEW", "EMAIL_BACKEND", "FILE_UPLOAD_HANDLERS", "INSTALLED_APPS",
    "LOGGING", "MESSAGE_STORAGE", "MFA_FORMS", "MIDDLEWARE", "PASSWORD_HASHERS", "ROOT_URLCONF", "SESSION_ENGINE",
    "SETTINGS_MODULE", "STORAGES", "TEMPLATES", "WSGI_APPLICATION", "DATABASES", "PROCRASTINATE_IMPORT_PATHS",
}  # fmt: skip
"""Django's settings, and those of what is built into it: they can name code by its path only."""
SENTENCES = {
    "tests/stories/children": "programs, named by what they do",
    "verify": "programs that outsiders know by name",
}


def short(path):
    return str(path.relative_to(ROOT))


def prefixed(names):
    """Prefixes that so many siblings share: `asking_actions`, `asking_views`, `asking_words` are a folder."""
    heads = Counter(name.partition("_")[0] for name in names if "_" in name and not name.startswith(("test_", "_")))
    return {head for head, many in heads.items() if many >= SIBLINGS}


def test_a_prefix_is_seen():
    assert prefixed(["asking_actions", "asking_views", "asking_words", "urls", "test_a", "test_b", "test_c"]) == {
        "asking"
    }
    assert prefixed(["asking_actions", "asking_views", "urls"]) == set()


def test_a_folder_holds_few_files():
    full = {short(folder): many for folder, many in Counter(p.parent for p in SOURCES).items() if many > MOST_FILES}
    assert full == {}


def test_every_long_test_that_is_named_is_there(pytestconfig):
    (root,) = [one for one in pytestconfig.pluginmanager.get_plugins() if hasattr(one, "LONG")]
    assert root.LONG and [str(path) for path in root.LONG if not path.exists()] == []


def test_a_file_is_short():
    long = {short(path): n for path in SOURCES if (n := len(path.read_text("utf-8").splitlines())) > MOST_LINES}
    assert long.keys() == STANDS_ALONE.keys(), long


def test_a_function_is_seen_at_once():
    long = {
        f"{short(path)}:{node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MOST_IN_A_FUNCTION
    }
    assert long == set()


@pytest.mark.parametrize("folder", sorted({p.parent for p in SOURCES if short(p.parent) not in SENTENCES}), ids=short)
def test_no_files_are_a_folder_by_prefix(folder):
    assert prefixed(path.stem for path in folder.glob("*.py")) == set()


def paths_in(value):
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set):
        return {found for one in value for found in paths_in(one)}
    return {value} if isinstance(value, str) and re.match(r"madoguchi\.\w", value) else set()


def test_no_arrow_is_hidden_in_a_setting():
    """A path in a setting is an import that import-linter cannot see."""
    hidden = {name for name in dir(settings) if name.isupper() and paths_in(getattr(settings, name))}
    assert hidden - ASKED_FOR_BY_DJANGO == set()
