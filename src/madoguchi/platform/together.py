"""Many ask, one writes: what is asked while a statement runs goes into the next one, together.

Known as flat combining (Hendler, Incze, Shavit, Tzafrir, SPAA 2010). No thread of its own: who comes when nobody writes
does it, for all who came in the meantime, and then hands over to the first of those who wait.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from time import sleep
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class _Turn(Generic[Asked, Answer]):
    """One caller's question until it is answered. `called` is let go then, or when its caller has to write.

    A plain lock, since an Event costs ten times as much as the rest of this.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.called = Lock()
        self.called.acquire()
        self.answer: Answer | None = None
        self.fault: BaseException | None = None
        self.is_done = False

    def end(self, answer: Answer | None, fault: BaseException | None = None) -> None:
        self.answer, self.fault, self.is_done = answer, fault, True
        self.called.release()

    def told(self) -> Answer:
        if self.fault is not None:
            raise self.fault
        assert self.answer is not None
        return self.answer


class Together(Generic[Asked, Answer]):
    """Calls `do` with all questions of this process that wait, at once; it answers each, never with None.

    An exception instead of an answer is raised where that question was asked; one that `do` raises, everywhere.
    """

    def __init__(self, do: Callable[[Sequence[Asked]], Sequence[Answer | BaseException]]) -> None:
        self._do = do
        self._lock = Lock()
        self._waiting: list[_Turn[Asked, Answer]] = []
        self._is_busy = False

    def __call__(self, asked: Asked) -> Answer:
        """The answer to one question. Raises what stands in its place."""
        mine: _Turn[Asked, Answer] = _Turn(asked)
        with self._lock:
            self._waiting.append(mine)
            has_to_wait, self._is_busy = self._is_busy, True
        if has_to_wait:
            mine.called.acquire()
        if not mine.is_done:
            self._lead()
        return mine.told()

    def _lead(self) -> None:
        sleep(0)  # no time passes: whoever is ready to run in this process comes along
        with self._lock:
            turns, self._waiting = self._waiting, []
        for turn, answer in zip(turns, self._answers([turn.asked for turn in turns]), strict=True):
            turn.end(None, answer) if isinstance(answer, BaseException) else turn.end(answer)
        self._hand_over()

    def _answers(self, asked: Sequence[Asked]) -> Sequence[Answer | BaseException]:
        try:
            return self._do(asked)
        except BaseException as fault:  # whoever waits must hear of it
            return [fault] * len(asked)

    def _hand_over(self) -> None:
        with self._lock:
            self._is_busy = bool(self._waiting)
            if self._waiting:
                self._waiting[0].called.release()
