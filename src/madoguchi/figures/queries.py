"""Numbers read from events: nobody types a statistic. (Rollups come later; these read the events themselves.)"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

LEAST = 5  # fewer than this is not published: it could point at persons

BY_PROCEDURE = """
WITH submitted AS (
  SELECT e.case_id, c.procedure, e.at, e.data ->> 'channel' AS channel
  FROM cases_event e JOIN cases_case c ON c.id = e.case_id WHERE e.kind = 'submitted'
), ended AS (
  SELECT e.case_id, min(e.at) AS at, bool_or(e.kind = 'decided') AS decided
  FROM cases_event e WHERE e.kind IN ('decided', 'closed') GROUP BY e.case_id
), waited AS (
  SELECT asked.case_id, sum(extract(epoch FROM coalesce(answered.at, now()) - asked.at)) AS seconds, count(*) AS times
  FROM cases_event asked
  LEFT JOIN LATERAL (
    SELECT a.at FROM cases_event a WHERE a.case_id = asked.case_id AND a.seq > asked.seq
      AND a.kind = 'moved' AND a.data ->> 'from' LIKE '%%correction' ORDER BY a.seq LIMIT 1
  ) answered ON true
  WHERE asked.kind = 'correction-asked' GROUP BY asked.case_id
), rated AS (
  SELECT DISTINCT ON (case_id) case_id, (data ->> 'score')::int AS score
  FROM cases_event WHERE kind = 'rated' ORDER BY case_id, seq DESC
), took AS (
  SELECT s.case_id, extract(epoch FROM en.at - s.at) - coalesce(w.seconds, 0) AS seconds
  FROM submitted s JOIN ended en USING (case_id) LEFT JOIN waited w USING (case_id)
)
SELECT s.procedure,
       count(*) AS received,
       count(en.case_id) AS decided,
       count(w.case_id) AS corrected,
       count(*) FILTER (WHERE s.channel = 'online') AS online,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY t.seconds) / 86400 AS median_days,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY t.seconds) / 86400 AS p90_days,
       count(r.case_id) AS ratings,
       avg(r.score)::float AS score
FROM submitted s
LEFT JOIN ended en USING (case_id) LEFT JOIN waited w USING (case_id)
LEFT JOIN took t USING (case_id) LEFT JOIN rated r USING (case_id)
WHERE %(procedure)s::text IS NULL OR s.procedure = %(procedure)s
GROUP BY s.procedure ORDER BY received DESC, s.procedure
"""


@dataclass(frozen=True)
class Numbers:
    """The figures of one procedure. Days are calendar days without the time waiting for the applicant."""

    procedure: str
    received: int
    decided: int
    corrected: int
    online: int
    median_days: float | None
    p90_days: float | None
    ratings: int
    score: float | None

    @property
    def days_known(self) -> bool:
        """Whether enough cases were decided to publish their days."""
        return self.decided >= LEAST

    @property
    def score_known(self) -> bool:
        """Whether enough people rated to publish the mean."""
        return self.ratings >= LEAST


def by_procedure(procedure: str | None = None) -> list[Numbers]:
    """Received, decided, days, corrections and ratings of every procedure (or one), read from the events."""
    return [Numbers(**row) for row in _rows(BY_PROCEDURE, {"procedure": procedure})]


def forecast(procedure: str) -> Numbers | None:
    """What decided cases of this procedure took: the honest forecast beside the promise; None when too few."""
    found = by_procedure(procedure)
    return found[0] if found and found[0].days_known else None


def _rows(sql: str, parameters: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
