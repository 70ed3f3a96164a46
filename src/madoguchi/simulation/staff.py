"""Who acts in the offices of an invented town: its officers; where an office has nobody in a role, an invented one."""

from collections import defaultdict
from typing import Final

from madoguchi.people.models import Officer, Post, Role
from madoguchi.town.offices import town

ROLES: Final = (Role.CLERK, Role.OFFICER, Role.CHIEF, Role.MANAGER, Role.DIRECTOR)
NOBODY: Final = "架空 職員"


class Staff:
    """Officers by office and role, as ids."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[int]] = defaultdict(list)
        posts = Post.objects.order_by("officer_id", "pk").values_list("office", "role", "officer_id")
        for office, role, officer in posts:
            self._found[office, role].append(officer)
        self._stand_ins = dict(Officer.objects.filter(email__endswith=_address("")).values_list("email", "pk"))

    def of(self, office: str, role: str, turn: int) -> int:
        """Who takes the `turn`th case of an office."""
        found = self._found[office, role]
        return found[turn % len(found)] if found else self._stand_ins[_address(f"{role}.{office}")]


def make_stand_ins() -> None:
    """An officer who cannot sign in, for each role that an office of the town has nobody in. Safe to repeat."""
    filled = set(Post.objects.values_list("office", "role"))
    for office in town().offices:
        for role in (one for one in ROLES if (office, str(one)) not in filled):
            told = {"name": NOBODY, "is_active": False, "password": "!"}
            Officer.objects.get_or_create(email=_address(f"{role}.{office}"), defaults=told)


def _address(mailbox: str) -> str:
    return f"{mailbox}@stand-in.invalid"
