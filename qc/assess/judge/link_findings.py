"""Findings that stand although the links of a run have changed: those on what a person has set aside.

A result that was rejected, or is to be repeated, is not judged anew because another run came in: the decision was made
on what it said then, and would lapse. A change of its own values, sheets or limits judges it anew.
"""

# ruff: noqa: S608 - a statement is put together from constants
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qc.items.names import item_of_finding
from schemas.finding import Finding, Limit, Scope, Verdict

if TYPE_CHECKING:
    from qc.assess.judge.judged_run import JudgedRun
    from qc.store.connection import Connection

FINDING_COLUMNS = """
    {of}.rule, {of}.verdict, {of}.scope, {of}.key, {of}.sentence, {of}.version, {of}.observed, {of}.unit, {of}.limits,
    {of}.suggestion
"""
"""Columns of a stored finding, as :func:`stored_finding` takes them."""
_STORED = f"""
    SELECT f.run_id, {FINDING_COLUMNS.format(of="f")}
    FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE f.run_id IN (SELECT unnest(?)) AND f.item IN (SELECT unnest(?)) ORDER BY f.run_id, f.ordinal
"""


def kept_findings(con: Connection, run_ids: Sequence[int], items: frozenset[str]) -> Mapping[int, tuple[Finding, ...]]:
    """Load the findings on some items.

    Parameters
    ----------
    items : frozenset of str
        Items that are rejected or to be repeated, and keep what was said of them.

    Returns
    -------
    mapping of int to tuple of Finding
        Findings by run, in their order.
    """
    found: dict[int, tuple[Finding, ...]] = {}
    if not items:
        return found
    for run_id, *row in con.execute(_STORED, [list(run_ids), sorted(items)]).fetchall():
        found[run_id] = (*found.get(run_id, ()), stored_finding(row))
    return found


def with_kept(judged: JudgedRun, earlier_findings: Sequence[Finding], items: frozenset[str]) -> JudgedRun:
    """Return a judged run in which the findings on some items are the old ones.

    Returns
    -------
    JudgedRun
        The run; everything else is as it was judged anew.
    """
    if not items:
        return judged
    run_id = judged.loaded.run_id
    others = [said for said in judged.findings if str(item_of_finding(run_id, said)) not in items]
    return judged.only_with((*others, *earlier_findings))


def stored_finding(row: Sequence[Any]) -> Finding:
    """Return a finding from its stored columns."""
    rule, verdict, scope, key, sentence, version, observed, unit, limits, suggestion = row
    return Finding(
        rule,
        Verdict(verdict),
        Scope(scope),
        json.loads(key),
        sentence,
        version,
        observed,
        unit,
        tuple(Limit(**limit) for limit in json.loads(limits)),
        suggestion,
    )
