"""Work on many rows where one that is faulty must not keep the others waiting."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

LOG = logging.getLogger(__name__)
Item = TypeVar("Item")
Result = TypeVar("Result")


def each(items: Iterable[Item], do: Callable[[Item], Result]) -> list[Result]:
    """What `do` returned for every item; an item for which it raised is told in the log as an error, and left out.

    `do` brings its own transaction, so that a fault undoes only its own item.
    """
    done = []
    for item in items:
        try:
            done.append(do(item))
        except Exception:
            LOG.exception("%s was not done for %r; the others are", getattr(do, "__name__", do), item)
    return done
