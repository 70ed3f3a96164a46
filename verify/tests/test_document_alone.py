"""The outsiders' program stands alone: nothing of Madoguchi, nothing but the standard library and cryptography."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["verify_document.py", "verify_record.py"])
def test_a_program_imports_only_the_standard_library_and_cryptography(name):
    tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {module.split(".")[0] for module in imported} - set(sys.stdlib_module_names) <= {"cryptography"}


def test_a_file_that_is_not_there_cannot_be_checked(tmp_path):
    command = [sys.executable, "-I", str(FOLDER / "verify_document.py"), "nothing.pdf", "--root", "nothing.pem"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 2
