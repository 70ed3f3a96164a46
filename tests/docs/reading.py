"""Reads the fenced blocks of a page, and does with them what a reader would do."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(
    r"^```(?P<language>[a-z]+)(?: title=\"(?P<title>[^\"]+)\")?(?P<add> add)?\n(?P<text>.*?)^```$", re.M | re.S
)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it belongs to (if any), its text and its line in the page."""

    language: str
    file: str
    added: bool
    text: str
    line: int


def blocks(page):
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(one["language"], one["title"] or "", bool(one["add"]), one["text"], text[: one.start()].count("\n") + 1)
        for one in FENCE.finditer(text)
    ]


def typed(block, folder):
    """Type a block into its file under the folder, as the page tells its reader to."""
    file = folder / block.file
    file.parent.mkdir(parents=True, exist_ok=True)
    if block.language == "diff":
        file.write_text(changed(file.read_text(encoding="utf-8"), block), encoding="utf-8")
    elif block.added:
        file.write_text(f"{file.read_text(encoding='utf-8')}\n{block.text}", encoding="utf-8")
    else:
        assert not file.exists(), f"line {block.line}: {block.file} is there already"
        file.write_text(block.text, encoding="utf-8")


def changed(text, block):
    """The file's text after a box with + and -; its place must be unmistakable."""
    lines = block.text.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if not line.startswith("+"))
    after = "".join(line[1:] for line in lines if not line.startswith("-"))
    assert text.count(before) == 1, f"line {block.line}: the place stands {text.count(before)} times in {block.file}"
    return text.replace(before, after)


def commands(block):
    """(command, what it answers) of a console block."""
    parts = re.split(r"^\$ ", block.text, flags=re.M)[1:]
    return [tuple(part.split("\n", 1)) for part in parts]
