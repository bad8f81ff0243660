"""The summary of some items: how many, over what they stretch, how grave, and what only a few of them have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from qc.items.masking import masked_rules
from qc.store.frames import first_row
from schemas.errors import ConfigError
from schemas.finding import Verdict, worst

if TYPE_CHECKING:
    from qc.store.connection import Connection
    from qc.triage.queue import QueueRow
    from qc.triage.queue_query import Question

_RARE = 4  # what fewer than one in so many have is told
_COUNTS = """
    SELECT count(*), count(DISTINCT h.run_id), count(DISTINCT nullif(h.analyte, '')), min(a.assessed_at),
        max(a.assessed_at), list(DISTINCT h.verdict), bool_or(h.over_rules <> '[]')
    FROM open_items h JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id) WHERE {}
"""
_RULES = """
    SELECT h.rules, count(*)
    FROM open_items h JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id) WHERE {} GROUP BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionSummary:
    """What is told of some items."""

    name: str
    """What one item is, or which filter they fit; empty for several that were marked."""
    n_items: int
    """How many."""
    n_runs: int
    """In how many runs."""
    n_analytes: int
    """Of how many analytes."""
    first_at: datetime
    """When the first was judged, in UTC."""
    last_at: datetime
    """When the last was judged, in UTC."""
    worst: Verdict
    """Gravest verdict among them."""
    n_by_rule: Mapping[str, int]
    """How many are held by each rule."""
    goes_over: bool
    """Whether an approval goes over a failure."""
    is_of_corrections: bool = False
    """Whether they are corrections, which are accepted or refused with a reason."""

    def span(self) -> str:
        """Say over what the items stretch."""
        first, last = self.first_at, self.last_at
        days = f"judged {first:%Y-%m-%d}" + (f" to {last:%Y-%m-%d}" if first.date() != last.date() else "")
        return f"{_n(self.n_runs, 'run')}, {_n(self.n_analytes, 'analyte')}, {days}"

    def unusual(self) -> list[str]:
        """Name what only a few of the items have: the exceptions that are overlooked in a long list.

        Returns
        -------
        list of str
            Such as ``3 of 41 have westgard.1-3s``; rules that fewer than a quarter of the items have, the rarest first.
        """
        if self.n_items < _RARE:
            return []
        rare = sorted((n, rule) for rule, n in self.n_by_rule.items() if n * _RARE < self.n_items)
        return [f"{n:,} of {self.n_items:,} {'has' if n == 1 else 'have'} {rule}" for n, rule in rare[:5]]


def summary_of_rows(rows: Sequence[QueueRow]) -> SelectionSummary:
    """Sum up items that were marked.

    Parameters
    ----------
    rows : sequence of QueueRow
        The items, at least one.
    """
    first = rows[0]
    return SelectionSummary(
        name=f"{first.item}  {first.analyte}  {first.value}".rstrip() if len(rows) == 1 else "",
        n_items=len(rows),
        n_runs=len({row.run for row in rows}),
        n_analytes=len({row.analyte for row in rows if row.analyte}),
        first_at=min(row.assessed_at for row in rows),
        last_at=max(row.assessed_at for row in rows),
        worst=worst(row.verdict for row in rows),
        n_by_rule=Counter(rule for row in rows for rule in row.rules),
        goes_over=any(row.seen.over for row in rows),
        is_of_corrections=any(row.seen.scope == "correction" for row in rows),
    )


def summary_of_all(con: Connection, question: Question, name: str) -> SelectionSummary:
    """Sum up every item that answers a question.

    Raises
    ------
    ConfigError
        If nothing answers it any more.
    """
    where, values = question.condition.sql, list(question.condition.values)
    row = first_row(con, _COUNTS.format(where), values)
    if row is None or not row[0]:
        raise ConfigError("Nothing fits the filter any more: nothing was decided.")
    n_by_rule: Counter[str] = Counter()
    for rules, n in con.execute(_RULES.format(where), values).fetchall():
        n_by_rule.update(dict.fromkeys(masked_rules(json.loads(rules)), n))
    verdicts = [Verdict(verdict) for verdict in row[5]]
    return SelectionSummary(
        name=name,
        n_items=row[0],
        n_runs=row[1],
        n_analytes=row[2],
        first_at=row[3],
        last_at=row[4],
        worst=worst(verdicts),
        n_by_rule=n_by_rule,
        goes_over=row[6],
    )


def _n(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
