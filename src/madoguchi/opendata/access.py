"""The access table's rows for requests, use cases, feeds, and files handed in."""

from madoguchi.people.access import Rule
from madoguchi.platform.brake.limits import ASK

from .uploads.actions import PUBLISHERS, REVIEWERS

READ = frozenset({"GET", "HEAD"})
WRITE = frozenset({"POST"})

ROWS: dict[str, Rule] = {
    "asking:requests": Rule("anyone"),
    "asking:new": Rule("anyone", READ | WRITE, brake=ASK),
    "asking:requests-feed": Rule("anyone", shared=True),
    "asking:request": Rule("anyone"),
    "asking:use-cases": Rule("anyone", shared=True),
    "asking:feed": Rule("anyone", shared=True),
    "uploads:index": Rule("officer", READ | WRITE, REVIEWERS),
    "uploads:upload": Rule("officer", READ, REVIEWERS),
    "uploads:lift": Rule("officer", WRITE, REVIEWERS),
    "uploads:publish": Rule("officer", WRITE, PUBLISHERS),
    "uploads:discard": Rule("officer", WRITE, PUBLISHERS),
    "uploads:requests": Rule("officer", READ, PUBLISHERS),
    "uploads:request": Rule("officer", READ | WRITE, PUBLISHERS),
}
