"""What derived rows must be, counted anew from assessments: states, held items and counts that queue and gate read.

A gate that is looked at believes them, since it must answer at once. A release does not: what it rests on is sealed
rows, counted again here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from checks.one_fault import BELOW, leaders_of
from qc.items.judged_content import judged_of
from qc.items.names import parse_item
from qc.store.held_groups import broken_groups
from schemas.errors import ConfigError, Fault

if TYPE_CHECKING:
    from qc.items.names import Item
    from qc.store.connection import Connection

_CURRENT = """
    WITH newest AS (SELECT run_id, max(assessment_id) AS assessment_id FROM assessments GROUP BY run_id),
    current AS (
        SELECT n.* FROM newest n JOIN run_states s USING (run_id) JOIN runs r USING (run_id) WHERE ? IN ('', r.study)
    )
"""
_STATES = """,
    counted AS (
        SELECT assessment_id, count(*) AS n_results, count(*) FILTER (state = 'waiting') AS n_waiting
        FROM results WHERE assessment_id IN (SELECT assessment_id FROM current) GROUP BY assessment_id
    ),
    expected AS (
        SELECT c.run_id, r.run, r.study, c.assessment_id, a.verdict,
            CASE WHEN c.assessment_id IN (SELECT assessment_id FROM findings WHERE holds) THEN 'waiting'
                ELSE 'auto_approved' END AS state,
            coalesce(n.n_results, 0) AS n_results, coalesce(n.n_waiting, 0) AS n_waiting,
            c.run_id IN (SELECT supersedes FROM runs WHERE supersedes IS NOT NULL) AS is_superseded
        FROM current c JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id)
            LEFT JOIN counted n USING (assessment_id)
    )
    SELECT s.run_id FROM run_states s WHERE ? IN ('', s.study) AND NOT EXISTS (
        SELECT 1 FROM expected e WHERE e.run_id = s.run_id AND e.run = s.run AND e.study = s.study
            AND e.assessment_id = s.assessment_id AND e.verdict = s.verdict AND e.state = s.state
            AND e.n_results = s.n_results AND e.n_waiting = s.n_waiting AND e.is_superseded = s.is_superseded)
    UNION SELECT run_id FROM expected WHERE run_id NOT IN (SELECT run_id FROM run_states WHERE ? IN ('', study))
    ORDER BY 1
"""
_HELD = """,
    held AS (SELECT item FROM held_items SEMI JOIN current USING (assessment_id)),
    holding AS (SELECT item FROM findings SEMI JOIN current USING (assessment_id) WHERE holds)
    SELECT DISTINCT item FROM (
        (SELECT item FROM held EXCEPT SELECT item FROM holding) UNION ALL
        (SELECT item FROM holding EXCEPT SELECT item FROM held)
    ) ORDER BY item
"""
_LET_THROUGH = """
    SELECT DISTINCT f.assessment_id, f.item, f.rule FROM findings f SEMI JOIN current USING (assessment_id)
    WHERE NOT f.holds AND f.verdict <> 'warn' AND NOT (f.scope = 'result' AND EXISTS (
        SELECT 1 FROM repeats p WHERE p.assessment_id = f.assessment_id AND p.result_id = f.result_id
            AND p.role = 'evidence'))
    ORDER BY ALL
"""
_HOLDING = """
    SELECT DISTINCT f.assessment_id, f.item, f.rule, coalesce(r.analyte, '')
    FROM findings f LEFT JOIN results r ON f.scope = 'result' AND r.assessment_id = f.assessment_id
        AND r.result_id = f.result_id
    WHERE f.holds AND f.verdict <> 'warn' AND f.assessment_id IN (SELECT unnest(?))
"""
_RESULT_STATES = """,
    said AS (
        SELECT r.run_id, r.result_id, r.state, CASE
            WHEN EXISTS (SELECT 1 FROM held_items h WHERE h.assessment_id = r.assessment_id AND (h.scope = 'run'
                OR (h.scope = 'analyte' AND h.analyte = r.analyte) OR h.result_id = r.result_id)) THEN 'waiting'
            WHEN EXISTS (SELECT 1 FROM repeats p WHERE p.assessment_id = r.assessment_id
                AND p.result_id = r.result_id AND p.role = 'evidence') THEN 'evidence'
            ELSE 'auto_approved' END AS expected
        FROM results r SEMI JOIN current USING (assessment_id)
    )
    SELECT run_id, count(*) FROM said WHERE state <> expected GROUP BY run_id ORDER BY run_id
"""
_SUMMARIES = """,
    counted AS (
        SELECT r.assessment_id, r.analyte, count(*) AS n FROM results r SEMI JOIN current USING (assessment_id)
        WHERE NOT EXISTS (SELECT 1 FROM repeats p WHERE p.assessment_id = r.assessment_id
            AND p.result_id = r.result_id AND p.role = 'evidence') GROUP BY ALL
    ),
    summed AS (
        SELECT assessment_id, run_id, analyte, sum(n_results) AS n FROM run_summaries SEMI JOIN current
        USING (assessment_id) GROUP BY ALL
    )
    SELECT DISTINCT c.run_id FROM current c WHERE EXISTS (
        SELECT 1 FROM counted FULL JOIN summed USING (assessment_id, analyte)
        WHERE assessment_id = c.assessment_id AND coalesce(counted.n, 0) <> coalesce(summed.n, 0)
    ) ORDER BY 1
"""
_HELD_ROWS = """
    SELECT assessment_id, item, judged_sha256, values_sha256 FROM held_items SEMI JOIN current USING (assessment_id)
    ORDER BY assessment_id, item
"""
_FINDINGS = """
    SELECT assessment_id, item, rule, version, verdict, key, observed FROM findings SEMI JOIN current
    USING (assessment_id) ORDER BY assessment_id, ordinal
"""
_RESULTS = """
    SELECT assessment_id, result_id, analyte, value, unit, censor, censor_limit FROM results SEMI JOIN current
    USING (assessment_id) WHERE assessment_id IN (SELECT assessment_id FROM held_items)
    ORDER BY assessment_id, result_id
"""


def recounted(con: Connection, study: str = "") -> Iterator[Fault]:
    """Count again what queue and gate read, from the newest assessment of each run.

    Parameters
    ----------
    study : str
        Only the runs of this study; empty for all.

    Yields
    ------
    Fault
        One for each run, item or count that is not what its findings and results give.
    """
    for (run_id,) in con.execute(_CURRENT + _STATES, [study, study, study]).fetchall():
        yield Fault(f"facts, table 'run_states', run {run_id}", "Its state is not what its newest assessment gives.")
    for (item,) in con.execute(_CURRENT + _HELD, [study]).fetchall():
        text = "It is held, and no finding holds it; or a finding holds it, and it is not among what waits."
        yield Fault(f"facts, table 'held_items', item '{item}'", text)
    for item in _let_through(con, study):
        yield Fault(f"facts, table 'findings', item '{item}'", "A finding graver than a warning holds nothing.")
    for run_id, n in con.execute(_CURRENT + _RESULT_STATES, [study]).fetchall():
        text = f"{n} results have another state than what is held gives."
        yield Fault(f"facts, table 'results', run {run_id}", text)
    for (run_id,) in con.execute(_CURRENT + _SUMMARIES, [study]).fetchall():
        yield Fault(f"facts, table 'run_summaries', run {run_id}", "It counts other results than are there.")
    yield from broken_groups(con)
    yield from _other_hashes(con, study)


def _let_through(con: Connection, study: str) -> Iterator[str]:
    """Yield items with a grave finding that holds nothing, though no graver one tells the same fault better."""
    found = con.execute(_CURRENT + _LET_THROUGH, [study]).fetchall()
    holding = con.execute(_HOLDING, [sorted({assessment for assessment, _, _ in found})]).fetchall() if found else []
    held = {(assessment, item) for assessment, item, _, _ in holding}
    below = {(assessment, analyte, rule) for assessment, _, rule, analyte in holding if analyte}
    for assessment, item, rule in found:
        leaders = [leader.removeprefix(BELOW).partition(":")[0] for leader in leaders_of(rule) if BELOW in leader]
        is_led_below = any((assessment, parse_item(item).analyte, leader) in below for leader in leaders)
        if not (leaders_of(rule) and ((assessment, item) in held or is_led_below)):
            yield item


def _other_hashes(con: Connection, study: str) -> Iterator[Fault]:
    # A decision counts while the hash of its item is the one that it names: the hash is made again.
    findings: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for assessment_id, item, *said in con.execute(_CURRENT + _FINDINGS, [study]).fetchall():
        findings[assessment_id, item].append(said)
    values: dict[int, list[Any]] = defaultdict(list)
    for assessment_id, *value in con.execute(_CURRENT + _RESULTS, [study]).fetchall():
        values[assessment_id].append(value)
    for assessment_id, name, *stored in con.execute(_CURRENT + _HELD_ROWS, [study]).fetchall():
        try:
            item = parse_item(name)
        except ConfigError:
            yield Fault(f"facts, table 'held_items', item '{name}'", "This is no name of an item: it was altered.")
            continue
        covered = [value for value in values[assessment_id] if covers(item, value)]
        if list(judged_of(item, findings[assessment_id, name], covered)) != stored:
            text = (
                "Its hash is not that of what it shows: a decision on it would count that was made on something else."
            )
            yield Fault(f"facts, table 'held_items', item '{name}'", text)


def covers(item: Item, value: list[Any]) -> bool:
    """Tell whether a result, its number and analyte first, is among those that an item covers."""
    return bool(value[0] == item.result_id if item.result_id is not None else item.analyte in ("", value[1]))
