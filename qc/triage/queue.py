"""The queue: how many items wait, where they stand, and one page of them.

What the screens keep of it grows with the runs that have something waiting, not with the items.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any

from qc.items.masking import masked_rules
from qc.items.seen_item import Seen
from qc.lab.blinding import pseudonym, read_secret
from qc.triage.filter_sql import named_items
from qc.triage.number_text import reported
from qc.triage.queue_query import Question
from qc.triage.row_positions import RowPositions
from schemas.finding import Verdict
from schemas.json_model import TO_THE_SECOND, JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

PAGE = 128
"""Rows of a page."""
_AT_A_TIME = 2_000  # items that are read at a time, where there are very many
MOST_MARKED = 1_000
"""Most items that are marked one by one; more of them are marked as what fits a filter."""

_TIE = "coalesce(h.result_id, 0), h.item"
_FROM = "FROM open_items h JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id)"
_ROW = """
    h.item, h.scope, h.verdict, h.rules, h.study, h.run, h.analyte, r.matrix, a.assessed_at, h.assessment_id,
    h.judged_sha256, h.values_sha256, h.over_rules, r.operator, h.cause, h.result_id
"""
_VALUES = """
    SELECT v.result_id, v.sample, v.matrix, v.value, v.unit, v.censor, v.censor_limit, v.text, v.decimals, v.wells
    FROM results v JOIN run_states s USING (run_id, assessment_id)
    WHERE v.result_id IN (SELECT unnest(?::BIGINT[])) AND v.result_id BETWEEN ? AND ?
"""


@dataclass(frozen=True, slots=True)
class QueueRow(JsonModel):
    """One item of the queue as a row, without subject, visit or sample code."""

    json_keys = """item cause scope study verdict rules run analyte matrix code value wells assessed_at state
        lapsed=has_lapsed *seen"""
    json_time_format = TO_THE_SECOND

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

    @property
    def scope(self) -> str:
        """Return what kind of item it is."""
        return self.seen.scope

    @property
    def cause(self) -> str:
        """Return the name of the cause that it shares with others; empty where it stands alone."""
        return self.seen.cause

    @property
    def study(self) -> str:
        """Return the study of the run."""
        return self.seen.study


def page(
    lab: LabFolder,
    con: Connection,
    question: Question,
    where: RowPositions,
    number: int = 0,
    *,
    n_rows: int = PAGE,
) -> list[QueueRow]:
    """Read one page.

    Parameters
    ----------
    number : int
        Number of the page, from 0.

    Returns
    -------
    list of QueueRow
        In their order; empty beyond the last page.
    """
    start, end, skipped = where.blocks_of(number * n_rows, n_rows)
    if start >= end:
        return []
    ranks, bucket, buckets = ", ".join(question.ranks), f"h.run_id >> {int(where.shift)}", where.buckets(start, end)
    first_run, last_run = buckets[0] << where.shift, ((buckets[-1] + 1) << where.shift) - 1
    sql = f"""
        SELECT {_ROW} {_FROM}
        WHERE ({question.condition.sql}) AND h.run_id BETWEEN ? AND ? AND {bucket} IN (SELECT unnest(?::BIGINT[]))
            AND row({ranks}, {bucket}) >= row(?, ?, ?)
        ORDER BY {ranks}, h.run_id, {_TIE} LIMIT {int(n_rows)} OFFSET {int(skipped)}
    """
    values = [*question.condition.values, first_run, last_run, buckets, *where.blocks[start]]
    rows = con.execute(sql, values).fetchall()
    results = _results(con, [row[-1] for row in rows if row[-1] is not None])
    secret = read_secret(lab.paths.blind_secret)
    return [_row(row, results.get(row[-1]), question, secret) for row in rows]


def seen_of_all(con: Connection, question: Question, as_of: int) -> list[Seen]:
    """Look at every item that answers a question, whatever their number.

    Parameters
    ----------
    as_of : int
        Number of the newest ledger entry when somebody looked.

    Returns
    -------
    list of Seen
        In the order of the runs.
    """
    sql = f"SELECT {_ROW} {_FROM} WHERE {question.condition.sql} ORDER BY h.run_id, {_TIE}"
    found = con.execute(sql, list(question.condition.values))
    seen: list[Seen] = []
    while rows := found.fetchmany(_AT_A_TIME):
        seen += [_seen(row, as_of) for row in rows]
    return seen


def n_items_of(con: Connection, question: Question) -> int:
    """Count the items that answer a question."""
    sql = f"SELECT count(*) {_FROM} WHERE {question.condition.sql}"
    return int(con.execute(sql, list(question.condition.values)).fetchall()[0][0])


def among(con: Connection, question: Question, items: Sequence[str]) -> frozenset[str]:
    """Return which of some items answer a question."""
    named = named_items(items)
    sql = f"SELECT h.item {_FROM} WHERE {named.sql} AND ({question.condition.sql})"
    rows = con.execute(sql, [*named.values, *question.condition.values]).fetchall()
    return frozenset(row[0] for row in rows)


def _seen(row: tuple[Any, ...], as_of: int) -> Seen:
    failed = _rules(row[12])
    return Seen(
        item=row[0],
        # Very many items share these words: each word is there once.
        scope=intern(row[1]),
        study=intern(row[4]),
        run=intern(row[5]),
        analyte=intern(row[6]),
        assessment_id=row[9],
        judged_sha256=row[10],
        values_sha256=row[11],
        over=failed,
        is_held=True,
        as_of=as_of,
        operator=intern(row[13]),
        warned=_warned(row[3], failed),
        cause=row[14],
    )


@lru_cache(maxsize=1024)
def _warned(rules: str, failed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(rule for rule in _rules(rules) if rule not in failed)


@lru_cache(maxsize=1024)
def _rules(text: str) -> tuple[str, ...]:
    return masked_rules(json.loads(text))


def _results(con: Connection, result_ids: list[int]) -> dict[int, tuple[Any, ...]]:
    if not result_ids:
        return {}
    rows = con.execute(_VALUES, [result_ids, min(result_ids), max(result_ids)]).fetchall()
    return {row[0]: row[1:] for row in rows}


def _row(row: tuple[Any, ...], result: tuple[Any, ...] | None, question: Question, secret: bytes) -> QueueRow:
    item, _, verdict, rules, study, run, analyte, matrix, assessed_at, _ = row[:10]
    return QueueRow(
        item=item,
        verdict=Verdict(verdict),
        rules=masked_rules(json.loads(rules)),
        run=run,
        analyte=analyte,
        matrix=result[1] if result else matrix,
        code=pseudonym(secret, f"sample:{study}", result[0]) if result else "",
        value=reported(*result[2:8]) if result else "",
        wells=result[8] if result else "",
        assessed_at=assessed_at,
        has_lapsed=item in question.ledger_states.lapsed,
        state=question.ledger_states.states.get(item, "waiting"),
        seen=_seen(row, question.as_of),
    )
