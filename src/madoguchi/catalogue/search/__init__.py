"""Search by words: what is kept under which words (`index`), and what fits a question best (`find`)."""

from .index import Document, index
from .ranking import Match, find

__all__ = ["Document", "Match", "find", "index"]
