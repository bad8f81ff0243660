"""What a release rests on: files, assessments with their rules and limits, decisions and signatures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any  # Any: JSON values

from qc.items.decisions import all_decisions
from qc.items.names import Item, parse_target
from qc.people.signatures import signatures
from qc.store.seals import seals_root
from schemas.correction_name import is_correction

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

_SOURCES = """
    SELECT source_id, file_name, sha256, part, kind, reader, reader_version FROM sources
    WHERE kind IN ('samples', 'subjects', 'controls', 'events', 'bridgings') OR delivery_sha256 IN (
        SELECT s.delivery_sha256 FROM runs r JOIN sources s USING (source_id) WHERE r.run_id IN (SELECT unnest(?)))
    ORDER BY source_id
"""
_ASSESSMENTS = """
    SELECT assessment_id, run_id, assessed_at, software, rule_set_sha256, inputs_sha256, profile FROM assessments
    WHERE assessment_id IN (SELECT unnest(?)) ORDER BY assessment_id
"""
_BRIDGINGS = """
    SELECT kind, bridged_from, bridged_to, coalesce(analyte, ''), coalesce(matrix, '')
    FROM latest_bridgings WHERE accepted ORDER BY ALL
"""
_RULES = "SELECT DISTINCT rule, version FROM rule_runs WHERE assessment_id IN (SELECT unnest(?)) ORDER BY rule, version"
_LIMITS = "SELECT DISTINCT rule, limits FROM findings WHERE assessment_id IN (SELECT unnest(?)) ORDER BY rule, limits"


def bridgings(con: Connection) -> list[dict[str, Any]]:
    """Return which platforms, methods and calibrator lots the laboratory accepted as giving the same numbers.

    Returns
    -------
    list of dict
        Records with ``kind``, ``first``, ``second``, and ``analyte`` and ``matrix`` where they speak of one alone.
    """
    names = ("kind", "first", "second", "analyte", "matrix")
    return [dict(zip(names, row, strict=True)) for row in con.execute(_BRIDGINGS).fetchall()]


def sources(con: Connection, run_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return the files that runs rest on, with their hashes."""
    names = ("source_id", "file", "sha256", "part", "kind", "reader", "reader_version")
    return [dict(zip(names, row, strict=True)) for row in con.execute(_SOURCES, [list(run_ids)]).fetchall()]


def assessments(con: Connection, ids: Sequence[int]) -> dict[str, Any]:
    """Return what results were judged by.

    Returns
    -------
    dict
        ``assessments`` with hashes of rule set and inputs, ``rules`` with their versions, ``limits`` that findings
        rest on with source and status, and ``facts`` with the hash over all seals.
    """
    names = ("assessment_id", "run_id", "assessed_at", "software", "rule_set_sha256", "inputs_sha256", "profile")
    wanted = list(ids)
    n_seals, root = seals_root(con)
    return {
        "assessments": [dict(zip(names, row, strict=True)) for row in con.execute(_ASSESSMENTS, [wanted]).fetchall()],
        "rules": [{"rule": rule, "version": v} for rule, v in con.execute(_RULES, [wanted]).fetchall()],
        "limits": [
            {"rule": rule, **limit}
            for rule, limits in con.execute(_LIMITS, [wanted]).fetchall()
            for limit in json.loads(limits)
        ],
        "facts": {"n_seals": n_seals, "sha256": root},
    }


def decisions_on(lab: LabFolder, run_ids: Sequence[int], study: str) -> list[dict[str, Any]]:
    """Return decisions, comments and what was undone, on runs of a study.

    Parameters
    ----------
    study : str
        Study; of it also what was said of whole samples.

    Returns
    -------
    list of dict
        Oldest first.
    """
    runs = frozenset(run_ids)
    decisions = []
    for decision in all_decisions(lab.ledger):
        if is_correction(decision.item):
            continue
        target = parse_target(decision.item)
        if target.run_id in runs if isinstance(target, Item) else decision.study == study:
            decisions.append(decision.as_json())
    return decisions


def signatures_on(lab: LabFolder, items: Sequence[str], study: str) -> list[dict[str, Any]]:
    """Return signatures on items, and on the plan, of a study.

    Returns
    -------
    list of dict
        Oldest first.
    """
    wanted = {*items, f"plan:{study}"}
    return [signed.as_json() for signed in signatures(lab.ledger) if signed.object in wanted]
