"""The queue: how many items wait, where they stand, and one page of them.

What the screens keep of it grows with the runs that have something waiting, not with the items.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from qc.blinding import pseudonym, read_secret
from qc.reviewing.seen import Seen
from qc.triage.conditions import Condition, Standing, condition_of
from qc.triage.filters import Filter
from qc.triage.words import reported
from schemas.errors import ConfigError
from schemas.finding import Verdict

if TYPE_CHECKING:
    import duckdb

    from qc.lab import Lab

PAGE = 128
"""Rows of a page."""
MOST_MARKED = 20_000
"""Most items that are read to be decided on together: more is no review, and a filter makes it less."""

_GRAVITY = "CASE h.verdict WHEN 'broken' THEN 0 WHEN 'reject' THEN 1 WHEN 'not_evaluable' THEN 2 ELSE 3 END"
_SCOPE = "CASE h.scope WHEN 'run' THEN 0 WHEN 'analyte' THEN 1 ELSE 2 END"
_RANKS: Mapping[str, str] = {
    "gravest": f"{_GRAVITY}, {_SCOPE}",
    "oldest": f"a.assessed_at, {_GRAVITY}",
    "newest": f"-epoch_us(a.assessed_at), {_GRAVITY}",
    "run": f"h.run, {_SCOPE}",
    "analyte": f"h.analyte, {_GRAVITY}",
    "rule": f"h.rules, {_GRAVITY}",
}
ORDERS = tuple(_RANKS)
"""Orders of the queue. Within the same ranks items stand by run, and within a run by result."""
_TIE = "coalesce(h.result_id, 0), h.item"
_FROM = "FROM open_items h JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id)"
_ROW = """
    h.item, h.scope, h.verdict, h.rules, h.study, h.run, h.analyte, r.matrix, a.assessed_at, h.assessment_id,
    h.judged_sha256, h.values_sha256, h.over_rules, r.operator, h.result_id
"""
_VALUES = """
    SELECT v.result_id, v.sample, v.matrix, v.value, v.unit, v.censor, v.censor_limit, v.text, v.decimals, v.wells
    FROM results v JOIN run_states s USING (run_id, assessment_id)
    WHERE v.result_id IN (SELECT unnest(?::BIGINT[])) AND v.result_id BETWEEN ? AND ?
"""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One item of the queue as a row, without subject, visit or sample code."""

    item: str
    """Name to type."""
    verdict: Verdict
    """Gravest verdict that holds it."""
    rules: tuple[str, ...]
    """Rules that hold it, gravest first."""
    run: str
    """Name of the run."""
    analyte: str
    """Analyte id; empty for a run."""
    matrix: str
    """Matrix; empty where a run has several."""
    code: str
    """Fixed pseudonym of the sample; empty for a run or an analyte."""
    value: str
    """Result as it would be reported; empty for a run or an analyte."""
    wells: str
    """Wells of the result, if it came from a plate."""
    assessed_at: datetime
    """When it was judged, in UTC."""
    has_lapsed: bool
    """Whether a decision on it counts no more."""
    state: str
    """``waiting``, ``approved``, ``rejected`` or ``repeat_requested``, when the page was read."""
    seen: Seen
    """What a decision on it names."""

    def as_json(self) -> dict[str, Any]:
        """Return the row as a mapping of JSON values."""
        told: dict[str, Any] = {"item": self.item, "scope": self.seen.scope, "study": self.seen.study}
        told |= {"verdict": self.verdict.value, "rules": list(self.rules), "run": self.run, "analyte": self.analyte}
        told |= {"matrix": self.matrix, "code": self.code, "value": self.value, "wells": self.wells}
        told |= {"assessed_at": f"{self.assessed_at:%Y-%m-%dT%H:%M:%SZ}", "state": self.state}
        return told | {"lapsed": self.has_lapsed, **self.seen.as_json()}


@dataclass(frozen=True, slots=True)
class Question:
    """What the queue is asked: the same question gives the same rows, as long as facts and ledger stay."""

    condition: Condition
    """Compiled filter."""
    order: str
    """One of :data:`ORDERS`."""
    standing: Standing
    """What the ledger said when it was compiled."""
    as_of: int
    """Number of the newest ledger entry then."""


def question_of(wanted: Filter, order: str, standing: Standing, as_of: int) -> Question:
    """Compile a filter and an order.

    Parameters
    ----------
    wanted : Filter
        What to see.
    order : str
        One of :data:`ORDERS`.
    standing : Standing
        What the ledger says.
    as_of : int
        Number of the newest ledger entry, read before.

    Returns
    -------
    Question
        For the functions of this module.

    Raises
    ------
    ConfigError
        If there is no such order.
    """
    if order not in ORDERS:
        raise ConfigError(f"'{order}' is not an order of the queue. Expected one of: {', '.join(ORDERS)}.")
    return Question(condition_of(wanted, standing), order, standing, as_of)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the rows of a question stand: a block for each run within the same ranks.

    Blocks are found by counting alone: no row is sorted but those of a page that is looked at.
    """

    blocks: tuple[tuple[Any, ...], ...]
    """Both ranks and the run of each block, in their order."""
    ends: tuple[int, ...]
    """Number of rows up to the end of each block."""

    @property
    def n_items(self) -> int:
        """Number of all rows."""
        return self.ends[-1] if self.ends else 0

    def blocks_of(self, first: int, n_rows: int) -> tuple[int, int, int]:
        """Find the blocks that hold some rows.

        Parameters
        ----------
        first : int
            First row, from 0.
        n_rows : int
            Number of rows, 1 or more.

        Returns
        -------
        tuple of int
            First block, block after the last, and the place of the first row in the first block.
        """
        start = bisect_right(self.ends, first)
        end = min(len(self.ends), bisect_left(self.ends, first + n_rows) + 1)
        return start, end, first - (self.ends[start - 1] if start else 0)


def _from(asked: Question) -> str:
    # Two joins of a million rows are left out where nothing looks at them.
    text = f"{asked.condition.sql} {_RANKS[asked.order]}"
    runs = " JOIN runs r USING (run_id)" if any(f"r.{column}" in text for column in ("matrix", "instrument")) else ""
    return f"FROM open_items h{runs}" + (" JOIN assessments a USING (assessment_id)" if "a.assessed_at" in text else "")


def places(con: duckdb.DuckDBPyConnection, asked: Question) -> Places:
    """Count the items that answer a question, block by block.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    asked : Question
        The question.

    Returns
    -------
    Places
        For :func:`page`.
    """
    ranks = _RANKS[asked.order]
    # Our own columns and orders; everything typed is a parameter.
    where = f"{_from(asked)} WHERE {asked.condition.sql}"
    sql = f"SELECT {ranks}, h.run_id, count(*) {where} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    rows = con.execute(sql, list(asked.condition.values)).fetchall()
    return Places(tuple(row[:3] for row in rows), tuple(accumulate(row[3] for row in rows)))


def page(
    lab: Lab,
    con: duckdb.DuckDBPyConnection,
    asked: Question,
    where: Places,
    number: int = 0,
    *,
    n_rows: int = PAGE,
) -> list[QueueRow]:
    """Read one page.

    Parameters
    ----------
    lab : Lab
        Lab whose secret gives the pseudonyms.
    con : DuckDBPyConnection
        Open connection.
    asked : Question
        The question.
    where : Places
        Its places, from :func:`places`.
    number : int
        Number of the page, from 0.
    n_rows : int
        Rows of a page.

    Returns
    -------
    list of QueueRow
        In their order; empty beyond the last page.
    """
    start, end, skipped = where.blocks_of(number * n_rows, n_rows)
    if start >= end:
        return []
    blocks, ranks = where.blocks[start:end], _RANKS[asked.order]
    run_ids = sorted({block[2] for block in blocks})
    sql = f"""
        SELECT {_ROW} {_FROM}
        WHERE ({asked.condition.sql}) AND h.run_id BETWEEN ? AND ? AND h.run_id IN (SELECT unnest(?::BIGINT[]))
            AND row({ranks}, h.run_id) >= row(?, ?, ?)
        ORDER BY {ranks}, h.run_id, {_TIE} LIMIT {int(n_rows)} OFFSET {int(skipped)}
    """
    values = [*asked.condition.values, run_ids[0], run_ids[-1], run_ids, *blocks[0]]
    rows = con.execute(sql, values).fetchall()
    results = _results(con, [row[-1] for row in rows if row[-1] is not None])
    secret = read_secret(lab.paths.blind_secret)
    return [_row(row, results.get(row[-1]), asked, secret) for row in rows]


def _results(con: duckdb.DuckDBPyConnection, result_ids: list[int]) -> dict[int, tuple[Any, ...]]:
    if not result_ids:
        return {}
    rows = con.execute(_VALUES, [result_ids, min(result_ids), max(result_ids)]).fetchall()
    return {row[0]: row[1:] for row in rows}


def _row(row: tuple[Any, ...], result: tuple[Any, ...] | None, asked: Question, secret: bytes) -> QueueRow:
    item, scope, verdict, rules, study, run, analyte, matrix, assessed_at, assessment_id = row[:10]
    judged_sha256, values_sha256, over, operator = row[10:14]
    seen = Seen(
        item=item,
        scope=scope,
        study=study,
        run=run,
        analyte=analyte,
        assessment_id=assessment_id,
        judged_sha256=judged_sha256,
        values_sha256=values_sha256,
        over=tuple(json.loads(over)),
        is_held=True,
        as_of=asked.as_of,
        operator=operator,
    )
    return QueueRow(
        item=item,
        verdict=Verdict(verdict),
        rules=tuple(json.loads(rules)),
        run=run,
        analyte=analyte,
        matrix=result[1] if result else matrix,
        code=pseudonym(secret, f"sample:{study}", result[0]) if result else "",
        value=reported(*result[2:8]) if result else "",
        wells=result[8] if result else "",
        assessed_at=assessed_at,
        has_lapsed=item in asked.standing.lapsed,
        state=asked.standing.states.get(item, "waiting"),
        seen=seen,
    )


def rows_of_all(lab: Lab, con: duckdb.DuckDBPyConnection, asked: Question) -> list[QueueRow]:
    """Read every item that answers a question, to mark them all.

    Parameters
    ----------
    lab : Lab
        Lab whose secret gives the pseudonyms.
    con : DuckDBPyConnection
        Open connection.
    asked : Question
        The question.

    Returns
    -------
    list of QueueRow
        In their order.

    Raises
    ------
    ConfigError
        If there are more than :data:`MOST_MARKED`.
    """
    where = places(con, asked)
    if where.n_items > MOST_MARKED:
        raise ConfigError(
            f"{where.n_items:,} items are too many to be decided on together; at most {MOST_MARKED:,} are."
        )
    return page(lab, con, asked, where, n_rows=MOST_MARKED)
