"""What is asked while somebody writes is written next, together; everybody gets the own answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from madoguchi.platform.together import Together


class Desk:
    """Doubles numbers. Its first call waits until `open` is set; `batches` are what it was called with."""

    def __init__(self):
        self.batches, self.is_writing, self.open = [], Event(), Event()
        self.ask = Together(self._double)

    def _double(self, numbers):
        self.batches.append(list(numbers))
        self.is_writing.set()
        assert self.open.wait(20)
        if 13 in numbers:
            raise KeyError(13)
        return [ValueError(str(one)) if one < 0 else one * 2 for one in numbers]


def asked(desk, first, *others):
    """What `first` gets and what the others get who come, one after the other, while it is written."""
    with ThreadPoolExecutor(len(others) + 1) as pool:
        got = [pool.submit(desk.ask, first)]
        assert desk.is_writing.wait(20)
        for one in others:
            waiting = len(desk.ask._waiting)
            got.append(pool.submit(desk.ask, one))
            while len(desk.ask._waiting) == waiting:
                pass
        desk.open.set()
        return [one.exception() or one.result() for one in got]


def test_who_comes_alone_is_answered_alone():
    desk = Desk()
    desk.open.set()
    assert [desk.ask(3), desk.ask(4)] == [6, 8]
    assert desk.batches == [[3], [4]]


def test_those_who_come_meanwhile_are_written_together_and_get_their_own_answers():
    desk = Desk()
    assert asked(desk, 1, 2, 3, 4) == [2, 4, 6, 8]
    assert desk.batches == [[1], [2, 3, 4]]


def test_a_refusal_reaches_only_who_asked():
    first, second, third = asked(Desk(), 1, -2, 3)
    assert (first, third) == (2, 6)
    assert isinstance(second, ValueError)


def test_a_failure_reaches_all_of_its_batch_and_the_next_ones_are_served():
    desk = Desk()
    first, *others = asked(desk, 1, 2, 13, 4)
    assert first == 2
    assert [type(one) for one in others] == [KeyError] * 3
    with pytest.raises(KeyError):
        desk.ask(13)
    assert desk.ask(5) == 10


def test_many_threads_with_many_questions_all_get_theirs():
    desk = Desk()
    desk.open.set()
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(desk.ask, range(14, 2000))) == [n * 2 for n in range(14, 2000)]
    assert sorted(n for batch in desk.batches for n in batch) == list(range(14, 2000))
