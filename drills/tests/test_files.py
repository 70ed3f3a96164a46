"""The drill of hostile files, a short one; without the children's limits it must go red."""

from itertools import islice

from drills.files import drill
from drills.hostile_files import KINDS, files

SOME = (
    "flood in a page", "flood of objects", "flood in the table", "password", "picture of huge size",
    "jpeg of huge size", "pdf behind another head", "named as a program", "xlsx with a flood", "xlsx of laughs",
    "an honest table", "many ranges", "cyclic page tree, to be verified",
)  # fmt: skip


def test_no_hostile_file_is_taken_and_none_costs_the_hall_much(hall):
    result = drill(hall, count=len(SOME), seed=4711, kinds=SOME)
    print(result)
    assert not result.wrong and result.is_small, result
    assert result.taken == 3


def test_without_the_limits_the_drill_is_not_sound(hall):
    result = drill(hall, count=2, seed=4711, kinds=("flood of objects", "flood of LZW"), control=True)
    print(result)
    assert result.wrong or not result.is_small, result


def test_the_same_seed_makes_the_same_files():
    cheap = tuple(kind for kind in KINDS if kind.startswith(("jpeg", "csv", "password", "only", "noise")))
    first, second = (list(islice(files(20, 4711, cheap), 20)) for _time in range(2))
    names = {one.kind for one in first}
    assert len(names) > 5
    both = zip(first, second, strict=True)
    assert all(a == b for a, b in both if "password" not in a.kind), "but for the keys of passwords"
