"""Publishing: what stands in `procedures/` becomes the current versions, unless the check finds a fault."""

import json
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from . import queries, search
from .compiled import Compiled
from .load import folders, load, read, read_wordings
from .models import Version


@transaction.atomic
def publish(root: Path) -> list[str]:
    """Publish every procedure under a root; returns the codes that changed. Raises DefinitionRefused."""
    changed = [folder.name for folder in folders(root) if _publish_one(folder)]
    queries.forget()
    return changed


def _publish_one(folder: Path) -> bool:
    compiled = load(folder)
    code = compiled.procedure.code
    if Version.objects.filter(code=code, digest=compiled.digest, replaced_at__isnull=True).exists():
        return False
    Version.objects.filter(code=code, replaced_at__isnull=True).update(replaced_at=timezone.now())
    _store(compiled, folder)
    search.index(compiled)
    return True


def _store(compiled: Compiled, folder: Path) -> None:
    effective = compiled.procedure.effective
    Version.objects.update_or_create(
        code=compiled.procedure.code,
        digest=compiled.digest,
        defaults={
            "definition": json.loads(json.dumps(read(folder / "procedure.yaml").tree, default=str)),
            "wordings": read_wordings(folder),
            "effective_from": effective.from_,
            "effective_until": effective.until,
            "replaced_at": None,
        },
    )
