"""Publishing: what stands in `procedures/` becomes the current versions, unless the check finds a fault."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from madoguchi.platform.definitions import read

from . import queries
from .compiled import Compiled
from .load import folders, load, merged, read_wordings
from .models import Version
from .resolved import resolve
from .search import Document, index

PROCEDURE = "procedure"
"""The kind of entry under which the search keeps procedures."""


@transaction.atomic
def publish(root: Path) -> list[str]:
    """Publish every procedure under a root; returns the codes that changed. Raises DefinitionRefused."""
    compiled = {folder: load(folder) for folder in folders(root)}
    changed = [folder.name for folder, one in compiled.items() if _publish_one(folder, one)]
    index(PROCEDURE, [document(one) for one in compiled.values()], is_whole=False)
    queries.forget()
    return changed


def _publish_one(folder: Path, compiled: Compiled) -> bool:
    code = compiled.procedure.code
    if Version.objects.filter(code=code, digest=compiled.digest, replaced_at__isnull=True).exists():
        return False
    Version.objects.filter(code=code, replaced_at__isnull=True).update(replaced_at=timezone.now())
    _store(compiled, folder)
    return True


def _store(compiled: Compiled, folder: Path) -> None:
    effective = compiled.procedure.effective
    holds = {"effective_from": effective.from_, "effective_until": effective.until, "replaced_at": None}
    Version.objects.update_or_create(
        code=compiled.procedure.code,
        digest=compiled.digest,
        defaults=holds,
        create_defaults={
            **holds,
            "definition": resolve(read(folder / "procedure.yaml").tree),
            "wordings": merged(read_wordings(folder)),
        },
    )


def document(compiled: Compiled) -> Document:
    """What the search keeps of a procedure."""
    procedure = compiled.procedure
    return Document(
        kind=PROCEDURE,
        code=procedure.code,
        names=(procedure.name, *_worded(compiled, "name")),
        keywords=procedure.keywords,
        summaries=(procedure.summary, procedure.who_may_apply, *_worded(compiled, "summary")),
        texts=(*(question.label for question in compiled.questions), *procedure.needed, *map(str, procedure.law)),
    )


def _worded(compiled: Compiled, key: str) -> list[str]:
    return [texts[key] for texts in compiled.wordings.values() if key in texts]
