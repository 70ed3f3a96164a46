"""Who acts. Every action takes `by=`: never an ambient user."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .models import CASE_WORKERS, Officer, Role

Kind = Literal["applicant", "officer", "system", "public"]


@dataclass(frozen=True)
class Actor:
    """The one who acts: an applicant by case reference, an officer by id, a worker by name, or the public.

    `offices` maps the office's code to the roles held there. `references` are the cases an applicant has keys of.
    """

    kind: Kind
    code: str = ""
    officer: Officer | None = None
    offices: dict[str, frozenset[str]] | None = None
    references: frozenset[str] = frozenset()

    def holds(self, office: str, roles: Iterable[str] = CASE_WORKERS) -> bool:
        """Whether the actor has one of the roles in that office."""
        return bool((self.offices or {}).get(office, frozenset()) & frozenset(roles))

    def offices_with(self, roles: Iterable[str]) -> list[str]:
        """The offices where the actor has one of the roles."""
        wanted = frozenset(roles)
        return [office for office, held in (self.offices or {}).items() if held & wanted]

    @property
    def roles(self) -> frozenset[str]:
        """All roles held anywhere."""
        return frozenset().union(*(self.offices or {}).values())


PUBLIC = Actor("public")


def officer_actor(officer: Officer) -> Actor:
    """An officer as actor, with the posts held now."""
    offices: dict[str, frozenset[str]] = {}
    for post in officer.posts.all():
        offices[post.office] = offices.get(post.office, frozenset()) | {post.role}
    return Actor("officer", str(officer.pk), officer, offices)


def applicant(reference: str) -> Actor:
    """The applicant of one case, who has shown its key."""
    return Actor("applicant", reference, references=frozenset({reference}))


def worker(name: str) -> Actor:
    """The system itself: a timer or a follow-up job."""
    return Actor("system", name)


__all__ = ["PUBLIC", "Actor", "Role", "applicant", "officer_actor", "worker"]
