"""Which runs look at what people have decided: on results of the same subjects, and on earlier runs' controls."""

# ruff: noqa: S608 - statements are put together from constants
from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from qc.assess.changes.given import CONTROL_KIND, NEWEST_SAMPLES, PERSON, STUDY_KIND
from qc.assess.changes.kinds import Kind
from qc.assess.controls.excluded_controls import MEASUREMENT_RULES
from qc.assess.links.set_aside import GONE
from qc.items.names import parse_item

if TYPE_CHECKING:
    from qc.store.connection import Connection

Looked = tuple[int, Kind, str]
"""Run, kind and item."""

# What is rejected itself is looked up by its run: of all other results only the keys are needed.
_LOOKED = f"""
    WITH decided AS (
        SELECT unnest($items) AS item, unnest($runs) AS run_id, unnest($analytes) AS analyte, unnest($ids) AS result_id,
            unnest($is_gone) AS is_gone
    ), known AS (
        SELECT r.* FROM latest_results r WHERE r.run_id IN (SELECT run_id FROM decided WHERE is_gone)
            AND r.run_id BETWEEN $first AND $last
    ), keyed AS (
        SELECT r.run_id, r.result_id, r.analyte, s.subject, {PERSON} AS person, {STUDY_KIND} AS study_kind
        FROM known r LEFT JOIN {NEWEST_SAMPLES.format(rows="known")} s ON s.study = r.study AND s.sample = r.sample
    ), gone AS (
        SELECT d.item, k.* FROM decided d JOIN keyed k ON k.run_id = d.run_id
            AND (d.analyte = '' OR k.analyte = d.analyte) AND (d.result_id = 0 OR k.result_id = d.result_id)
        WHERE d.is_gone
    ), controls AS (
        SELECT d.item, d.run_id, {CONTROL_KIND} AS key FROM decided d JOIN run_states s USING (run_id)
            JOIN runs x USING (run_id) JOIN control_results c
            ON c.run_id = d.run_id AND c.assessment_id = s.assessment_id AND (d.analyte = '' OR c.analyte = d.analyte)
        WHERE d.result_id = 0 AND (d.is_gone OR d.item IN (
            SELECT f.item FROM findings f WHERE f.run_id = d.run_id AND f.assessment_id = s.assessment_id
                AND f.verdict IN ('reject', 'broken') AND ({MEASUREMENT_RULES})))
    ), given AS (
        SELECT DISTINCT item, run_id, '{Kind.RESULTS}' AS kind, person AS key FROM gone
        UNION ALL SELECT DISTINCT item, run_id, '{Kind.MEASURED_SAMPLES}', study_kind FROM gone
        UNION ALL SELECT DISTINCT item, run_id, unnest(['{Kind.FAILED_CONTROLS}', '{Kind.SHORT_LOTS}']), key
            FROM controls
    )
    SELECT DISTINCT f.run_id, CASE WHEN g.kind IN ('{Kind.FAILED_CONTROLS}', '{Kind.SHORT_LOTS}')
        THEN '{Kind.DECIDED_CONTROLS}' ELSE '{Kind.SET_ASIDE}' END AS looked, g.item
    FROM given g JOIN fingerprints f USING (kind, key) JOIN run_states s ON s.run_id = f.run_id
        JOIN runs own ON own.run_id = f.run_id JOIN runs other ON other.run_id = g.run_id
    WHERE f.saw IS NOT NULL AND NOT s.is_superseded AND ($only IS NULL OR f.run_id IN (SELECT unnest($only::BIGINT[])))
        AND CASE g.kind WHEN '{Kind.FAILED_CONTROLS}' THEN own.started_at > other.started_at
            ELSE f.run_id <> g.run_id END
    UNION
    SELECT g.run_id, '{Kind.SET_ASIDE}', g.item FROM gone g JOIN keyed k USING (run_id, person)
        JOIN fingerprints f ON f.run_id = g.run_id AND f.kind = '{Kind.RESULTS}' AND f.key = g.person
    WHERE g.subject <> '' AND k.result_id NOT IN (SELECT result_id FROM gone)
        AND ($only IS NULL OR g.run_id IN (SELECT unnest($only::BIGINT[])))
    UNION
    SELECT g.run_id, '{Kind.SET_ASIDE}', g.item FROM gone g JOIN run_states s USING (run_id)
        JOIN run_summaries m ON m.run_id = g.run_id AND m.assessment_id = s.assessment_id AND m.analyte = g.analyte
        JOIN findings f ON f.run_id = g.run_id AND f.assessment_id = s.assessment_id AND f.analyte = g.analyte
    WHERE g.item LIKE '%.%' AND f.scope = 'analyte' AND f.observed = m.n_flagged / m.n_results::DOUBLE
        AND ($only IS NULL OR g.run_id IN (SELECT unnest($only::BIGINT[])))
    ORDER BY ALL
"""
_NEAR = """
    SELECT DISTINCT o.run_id FROM fingerprints f JOIN fingerprints o USING (kind, key)
    WHERE f.run_id IN (SELECT unnest(?)) AND o.run_id IN (SELECT unnest(?))
"""


def looked_at_decisions(
    con: Connection, decided_states: Mapping[str, str], *, only: Collection[int] | None = None
) -> list[Looked]:
    """Return which runs look at some decisions.

    Parameters
    ----------
    decided_states : mapping of str to str
        State by item: rejected, to be repeated, or approved, which has controls that failed count again.
    only : collection of int, optional
        Runs that are asked for; None for all.

    Returns
    -------
    list of (int, Kind, str)
        Run, what it looks at and item. A run looks at its own items too where others of the same subject stand beside,
        or where a share of flagged results is told of it: what is set aside counts in it no more.
    """
    items = {name: parse_item(name) for name in decided_states if name.startswith("R")}
    if only is not None and items:
        runs = sorted({item.run_id for item in items.values()})
        # Most decisions lie on runs that share no key with these, and need not enter the long question.
        near = {row[0] for row in con.execute(_NEAR, [sorted(only), runs]).fetchall()}
        items = {name: item for name, item in items.items() if item.run_id in near}
    if not items:
        return []
    runs = [item.run_id for item in items.values()]
    values = {
        "items": list(items),
        "runs": runs,
        "analytes": [item.analyte for item in items.values()],
        "ids": [item.result_id or 0 for item in items.values()],
        "is_gone": [decided_states[name] in GONE for name in items],
        # By the two bounds, which say nothing new, DuckDB passes over whole groups of rows.
        "first": min(runs),
        "last": max(runs),
        "only": None if only is None else sorted(only),
    }
    return [(run_id, Kind(kind), item) for run_id, kind, item in con.execute(_LOOKED, values).fetchall()]


def state_seen(kind: Kind, state: str) -> str:
    """Return what a run sees of a decision.

    Parameters
    ----------
    state : str
        State of the item; empty if nobody's decision stands.

    Returns
    -------
    str
        Of results only whether they are set aside; of controls what was said.
    """
    if kind is Kind.SET_ASIDE:
        return "set aside" if state in GONE else ""
    return state
