"""The asset step (`python -m madoguchi.design.assets`): npm packages become files in the ignored folder `build/`.

Bundles with esbuild, keeps of the design tokens those that our CSS uses, copies the fonts of the documents and the
accessibility checker of the tests, and writes the table of postal codes. The catalogues of the interface texts are
compiled where they stand. Nothing of it is kept in the tree, and what it needs besides (`building.py`) only by tests.
"""

import hashlib
import json
import os
import re
import shutil
import sys
from pathlib import Path

from madoguchi.foundation import japan_post
from madoguchi.foundation.postal import TABLE

from .building import MODULES, PROJECT, AssetsFailed, are_here, elsewhere, node_modules, run

SOURCES = Path(__file__).parent / "static_src"
QUESTIONS = Path(__file__).parents[1] / "catalogue" / "questions"
BUILD = PROJECT / "build"
FONTS = {
    "@expo-google-fonts/biz-udpgothic": ("400Regular", "700Bold"),
    "@expo-google-fonts/noto-sans-jp": ("400Regular", "700Bold"),
    "@expo-google-fonts/noto-sans": ("400Regular", "700Bold"),
    "@expo-google-fonts/noto-sans-kr": ("400Regular",),  # 6 and 11 MB each: what they draw is regular in bold text too
    "@expo-google-fonts/noto-sans-sc": ("400Regular",),
}
SHEETS = ("site", "pages", "paper", "desk", "visit", "shop", "process", "boards")
USE = r"var\((--[\w-]+)\)"
SCRIPTS = ("base", "form", "desk", "gate", "gate-worker", "visit", "process")
LATER = ("cel", "filling")


def esbuild(modules: Path) -> str:
    """The bundler's binary for this platform (its package ships it; no post-install script is needed)."""
    binaries = sorted((modules / "@esbuild").glob("*/bin/esbuild"))
    if not binaries:
        raise AssetsFailed("esbuild's binary is missing: remove node_modules/ and run again.")
    binaries[0].chmod(0o755)
    return str(binaries[0])


def tokens(modules: Path = MODULES) -> str:
    """The design tokens (`--name: value`) that our CSS uses, and those which they use in turn."""
    source = (modules / "@digital-go-jp/design-tokens/dist/tokens.css").read_text()
    known = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", source))
    css = "".join(path.read_text() for path in SOURCES.glob("css/*.css"))
    wanted: dict[str, str] = {}
    todo = set(re.findall(r"var\((--[\w-]+)", css))
    if unknown := todo - set(known):
        raise AssetsFailed(f"These design tokens do not exist: {', '.join(sorted(unknown))}.")
    while todo:
        name = todo.pop()
        if name not in wanted:
            wanted[name] = known[name]
            todo |= set(re.findall(r"var\((--[\w-]+)", known[name]))
    return ":root{" + ";".join(f"{name}:{wanted[name]}" for name in sorted(wanted)) + "}"


def with_values(css: str, values: dict[str, str]) -> str:
    """A sheet with the tokens' values in place of their names, which are longer."""

    def value(use: re.Match[str]) -> str:
        return re.sub(USE, value, values[use[1]]) if use[1] in values else use[0]

    return re.sub(USE, value, re.sub(r":root\{[^}]*\}", "", css))


def readers() -> list[Path]:
    """How each question type reads its answer in the browser, where it is more than a text."""
    return sorted(QUESTIONS.glob("*/browser.js"))


def register() -> Path:
    """The scripts of the question types in one module, which the form's scripts import as `answers`."""
    files = {f"one{number}": path for number, path in enumerate(readers())}
    lines = [f"import {name} from {json.dumps(str(path))};" for name, path in files.items()]
    made = BUILD / "js" / "answers.js"
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_text("\n".join([*lines, f"export default {{ {', '.join(f'...{name}' for name in files)} }};\n"]))
    return made


def bundle(modules: Path) -> None:
    """CSS and scripts into build/static; what a form needs only later becomes files of its own."""
    css, static, fresh = BUILD / "css", BUILD / "static", BUILD / "static.new"
    for folder in (css, fresh):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCES / "css", css)
    (css / "tokens.css").write_text(tokens(modules))
    common = ["--bundle", "--minify", "--log-level=warning"]
    sheets = [str(css / f"{name}.css") for name in SHEETS]
    environment = {**os.environ, "NODE_PATH": str(modules)}
    run([esbuild(modules), *sheets, *common, f"--outdir={fresh}/css"], environment=environment)
    scripts = [*common, "--format=esm", "--splitting", "--target=es2022", f"--outdir={fresh}/js"]
    scripts.append(f"--alias:answers={register()}")
    names: list[str] = []  # of the files that come later, told to the scripts that ask for them, again where they must
    for name in LATER:
        run(
            [esbuild(modules), str(SOURCES / f"js/form/{name}.js"), *scripts, *names, "--entry-names=[name]-[hash]"],
            environment=environment,
        )
        names.append(f'--define:{name.upper()}="{next((fresh / "js").glob(f"{name}-*.js")).name}"')
    for name in SCRIPTS:  # one by one: a page loads one script
        run([esbuild(modules), str(SOURCES / f"js/{name}.js"), *scripts, *names], environment=environment)
    values = dict(re.findall(r"(--[\w-]+):\s*([^;}]+)", (css / "tokens.css").read_text()))
    for sheet in fresh.glob("css/*.css"):
        sheet.write_text(with_values(sheet.read_text(), values))
    shutil.rmtree(static, ignore_errors=True)
    fresh.rename(static)  # all or nothing: a running server never sees half of it


def copy_fonts(modules: Path) -> None:
    """The fonts of the documents: two families hold 髙 﨑 𠮷 葛 with variants, the others names of the whole world."""
    target = BUILD / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    for package, weights in FONTS.items():
        for weight in weights:
            for font in sorted((modules / package / weight).glob("*.ttf")):
                if not (target / font.name).exists():
                    shutil.copy(font, target)


def copy_axe(modules: Path) -> None:
    """The accessibility checker of the tests, with its Japanese wording."""
    target = BUILD / "axe"
    target.mkdir(parents=True, exist_ok=True)
    for name in ("axe.min.js", "locales/ja.json"):
        shutil.copy(modules / "axe-core" / name, target / Path(name).name)


def sources() -> str:
    """A digest of everything the build depends on."""
    ours = [Path(__file__), Path(japan_post.__file__)]
    files = [PROJECT / "package-lock.json", PROJECT / "requirements/build.txt", *ours, *sorted(SOURCES.rglob("*.*"))]
    files += readers()
    return hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()


def main() -> None:
    """All steps; nothing, where all is up to date. With the tools of `building.py` only."""
    from .locales import compile_all  # needs Babel

    compile_all()
    stamp, now = BUILD / ".assets", sources()
    made = [BUILD / "static/css/site.css", BUILD / "fonts", BUILD / "axe", TABLE]
    if stamp.exists() and stamp.read_text() == now and all(path.exists() for path in made):
        return
    with node_modules() as modules:
        bundle(modules)
        copy_fonts(modules)
        copy_axe(modules)
    japan_post.write(TABLE)
    stamp.write_text(now)


if __name__ == "__main__":
    try:
        if not are_here():
            sys.exit(elsewhere("madoguchi.design.assets"))
        main()
    except AssetsFailed as failed:
        sys.exit(f"assets: {failed}")
