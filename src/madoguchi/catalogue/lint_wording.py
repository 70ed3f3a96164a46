"""Wordings: every Japanese text has its own in every language, and nothing is worded that no longer exists."""

from collections.abc import Iterator, Mapping
from typing import Any

from .lint_subject import Place, Subject
from .load import LANGUAGES, Fault
from .wording import texts


def wordings(subject: Subject) -> Iterator[Fault]:
    """Missing and superfluous keys of `wording/<language>.yaml`."""
    needed = texts(subject.procedure)
    for language in LANGUAGES:
        source = subject.wordings.get(language)
        file = subject.folder / "wording" / f"{language}.yaml"
        if source is None:
            if not file.exists():
                yield Fault(file, 1, f"there is no wording in {language}", f"create it with {len(needed)} texts.")
            continue
        given = {".".join(map(str, place)): (place, text) for place, text in _leaves(source.tree, ())}
        for key, japanese in needed.items():
            place, text = given.get(key, (tuple(key.split(".")), None))
            if not str(text if text is not None else "").strip():
                yield Fault(file, source.line(place), f"{key} is not worded", f"add it; in Japanese: {japanese[:60]}")
        for key in given.keys() - needed.keys():
            remedy = "remove it, or correct its spelling; procedures/README.md lists the keys."
            yield Fault(file, source.line(given[key][0]), f"{key} words no text of this procedure", remedy)


def _leaves(tree: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(tree, Mapping):
        items: Any = tree.items()
    elif isinstance(tree, list):
        items = enumerate(tree)
    else:
        yield place, tree
        return
    for key, value in items:
        yield from _leaves(value, (*place, key))
