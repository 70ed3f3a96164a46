"""What fits a question best: an exact name, then a name that begins so, then words weighed by how rare they are."""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.db import connection

from .synonyms import synonyms
from .words import is_kana, key, words

LONGEST: Final = 200
MOST_WORDS: Final = 24
LITTLE: Final = 0.3
"""What a word counts that tells little, or that a synonym explains: the words that are meant count instead."""
AGAINST: Final = {False: 0.4, True: 0.15}
"""What a closure counts where nobody speaks of an end, and anything else where somebody does."""
READ: Final = 20.0
"""What a name or keyword adds whose reading stands in a question that is written in kana alone."""
CLOSE: Final = 0.15
"""What fits less than this part of the best is not shown."""


SLIPS: Final = 2
"""Letters by which a misspelled word may be longer or shorter than the word that is meant: a passport is no pass."""
BEHIND: Final = {"dataset": 0.6, "page": 0.8, "elsewhere": 0.6}
"""Kinds that stand behind the others where both fit alike: who asks for a permit does not want the list of permits."""


class Match(NamedTuple):
    """One thing that fits, with its tier (4: it is called so; 0: it holds words) and its score."""

    kind: str
    code: str
    tier: int
    score: float


# `known`: words as asked. `begun`: words that begin like the last one, which may be unfinished. `near`: words spelled
# like those that are neither. A score is the weight of the words that a thing holds times their rarity, times the share
# of the question that it holds.
_STATEMENT: Final = """
WITH asked AS (
  SELECT * FROM unnest(%(words)s::text[], %(counts)s::float8[], %(unfinished)s::bool[]) AS a(word, counts, unfinished)
), known AS (
  SELECT a.word, counts, entry_id, max(weight)::float8 AS weight
  FROM asked a JOIN catalogue_term t ON t.word = a.word GROUP BY 1, 2, 3
), begun AS (
  SELECT a.word, counts, entry_id, max(weight) * 0.8 AS weight
  FROM asked a JOIN catalogue_term t ON unfinished AND length(a.word) > 1 AND t.word LIKE a.word || '%%'
  WHERE a.word NOT IN (SELECT word FROM known) GROUP BY 1, 2, 3
), near AS (
  SELECT a.word, counts, entry_id, max(weight * similarity(t.word, a.word)) * 0.8 AS weight
  FROM asked a JOIN catalogue_term t ON t.word %% a.word AND abs(length(t.word) - length(a.word)) <= %(slips)s
  WHERE length(a.word) > 2 AND a.word NOT IN (SELECT word FROM known UNION ALL SELECT word FROM begun) GROUP BY 1, 2, 3
), held AS (
  SELECT *, counts * ln(1 + (SELECT count(*) FROM catalogue_entry)::float8 / count(*) OVER (PARTITION BY word)) AS worth
  FROM (SELECT * FROM known UNION ALL SELECT * FROM begun UNION ALL SELECT * FROM near) AS every
), whole AS (
  SELECT sum(worth) AS worth FROM (SELECT max(worth) AS worth FROM held GROUP BY word) AS every
), scored AS (
  SELECT entry_id AS id, sum(weight * worth) * sum(worth) / (SELECT worth FROM whole) AS score
  FROM held GROUP BY entry_id
), tiered AS (
  SELECT id, kind, code, is_closure, CASE
    WHEN %(key)s = ANY (names) THEN 4
    WHEN length(%(key)s) > 1 AND EXISTS (SELECT FROM unnest(names) AS n WHERE starts_with(n, %(key)s)) THEN 3
    WHEN %(key)s = ANY (keywords) THEN 2
    ELSE 0 END AS tier, %(is_kana)s AND EXISTS (
      SELECT FROM unnest(names || keywords) AS n WHERE length(n) > 2 AND strpos(%(key)s, n) > 0) AS is_read
  FROM catalogue_entry
)
SELECT kind, code, tier, (coalesce(score, 0.01) + CASE WHEN is_read THEN %(read)s ELSE 0 END)
  * CASE WHEN is_closure = %(closing)s THEN 1 ELSE %(against)s END
  * coalesce((%(behind)s::jsonb ->> kind)::float8, 1)
FROM tiered LEFT JOIN scored USING (id)
WHERE (tier > 0 OR is_read OR score IS NOT NULL) AND kind = ANY (%(kinds)s)
"""


def find(question: str, kinds: Sequence[str], limit: int = 50) -> list[Match]:
    """What fits a question, best first; nothing where nothing does. One statement, whatever it finds."""
    asked = _asked(question[:LONGEST])
    if not asked["words"] and not asked["key"]:
        return []
    with connection.cursor() as cursor:
        asked |= {"kinds": list(kinds), "read": READ, "slips": SLIPS, "behind": json.dumps(BEHIND)}
        cursor.execute(_STATEMENT, asked)
        matches = [Match(*row) for row in cursor.fetchall()]
    least = CLOSE * max((match.score for match in matches), default=0.0)
    ranked = sorted(matches, key=lambda match: (-match.tier, -match.score, match.kind, match.code))
    return [match for match in ranked if match.tier or match.score >= least][:limit]


def _asked(question: str) -> dict[str, Any]:
    known, said, whole = synonyms(), words(question)[:MOST_WORDS], key(question)
    meant, explained = known.meant(question)
    meant = [word for word in meant if word not in said]
    little, together = explained | known.common, [*said, *meant]
    closing = not known.closing.isdisjoint(together)
    return {
        "words": together,
        "counts": [LITTLE if word in little else 1.0 for word in together],
        "unfinished": [word == said[-1] for word in together],
        "key": whole,
        "is_kana": is_kana(whole),
        "closing": closing,
        "against": AGAINST[closing],
    }
