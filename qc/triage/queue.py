"""The queue: how many items wait, where each page of them begins, and one page.

Nothing here grows with the number of items that wait but one number for each page, which the engine finds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qc.blinding import pseudonym, read_secret
from qc.reviewing.seen import Seen
from qc.store.frames import first_row
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
_TIE = "h.run_id, coalesce(h.result_id, 0), h.item"
ORDERS: Mapping[str, str] = {
    "gravest": f"{_GRAVITY}, {_SCOPE}, {_TIE}",
    "oldest": f"a.assessed_at, {_GRAVITY}, {_TIE}",
    "newest": f"-epoch_us(a.assessed_at), {_GRAVITY}, {_TIE}",
    "run": f"h.run, {_SCOPE}, {_TIE}",
    "analyte": f"h.analyte, {_GRAVITY}, {_TIE}",
    "rule": f"h.rules, {_GRAVITY}, {_TIE}",
}
"""Orders of the queue; each ends with what makes it one order."""
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


def count(con: duckdb.DuckDBPyConnection, asked: Question) -> int:
    """Count the items that answer a question.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    asked : Question
        The question.

    Returns
    -------
    int
        Number of items.
    """
    row = first_row(con, f"SELECT count(*) {_FROM} WHERE {asked.condition.sql}", asked.condition.values)
    return int(row[0]) if row else 0


def page_starts(con: duckdb.DuckDBPyConnection, asked: Question) -> list[tuple[Any, ...]]:
    """Find where each page begins.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    asked : Question
        The question.

    Returns
    -------
    list of tuple
        Values of the order at the first row of each page.
    """
    keys = ORDERS[asked.order]
    # Our own columns and orders; everything typed is a parameter.
    sql = f"""
        SELECT key FROM (
            SELECT row({keys}) AS key, row_number() OVER (ORDER BY {keys}) AS place {_FROM}
            WHERE {asked.condition.sql}
        ) WHERE place % {PAGE} = 1 ORDER BY place
    """  # noqa: S608
    rows = con.execute(sql, list(asked.condition.values)).fetchall()
    return [tuple(key.values()) if isinstance(key, dict) else tuple(key) for (key,) in rows]


def page(
    lab: Lab,
    con: duckdb.DuckDBPyConnection,
    asked: Question,
    start: tuple[Any, ...] | None = None,
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
    start : tuple, optional
        Where the page begins, from :func:`page_starts`; None means the first.
    n_rows : int
        Most rows.

    Returns
    -------
    list of QueueRow
        In their order.
    """
    keys = ORDERS[asked.order]
    where, values = asked.condition.sql, list(asked.condition.values)
    if start is not None:
        where = f"({where}) AND row({keys}) >= row({', '.join('?' * len(start))})"
        values += start
    sql = f"SELECT {_ROW} {_FROM} WHERE {where} ORDER BY {keys} LIMIT {int(n_rows)}"
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
    n_items = count(con, asked)
    if n_items > MOST_MARKED:
        raise ConfigError(f"{n_items:,} items are too many to be decided on together; at most {MOST_MARKED:,} are.")
    return page(lab, con, asked, n_rows=MOST_MARKED)
