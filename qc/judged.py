"""What a decision was about, as a hash: if a value or a verdict changes, the hash does, and the decision lapses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from qc.canonical import canonical_json, sha256_text
from qc.items import Item, parse_item

if TYPE_CHECKING:
    import duckdb

_FINDINGS = """
    SELECT f.run_id, f.item, f.rule, f.version, f.verdict, f.key, f.observed
    FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE f.run_id IN (SELECT unnest(?)) ORDER BY f.run_id, f.ordinal
"""
_RESULTS = """
    SELECT r.run_id, r.result_id, r.analyte, r.value, r.unit, r.censor, r.censor_limit
    FROM results r JOIN run_states s USING (run_id, assessment_id)
    WHERE r.run_id IN (SELECT unnest(?)) ORDER BY r.result_id
"""


def judged_hashes(con: duckdb.DuckDBPyConnection, items: Iterable[str]) -> dict[str, str]:
    """Hash what each item shows to whoever decides on it now.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    items : iterable of str
        Names of items; those whose run has no assessment are left out.

    Returns
    -------
    dict of str to str
        SHA-256 by item, over the values and censoring marks that the item covers and its own findings with rule
        version, verdict and observed number.
    """
    parsed = {name: parse_item(name) for name in items}
    run_ids = sorted({item.run_id for item in parsed.values()})
    if not run_ids:
        return {}
    findings: dict[str, list[Any]] = defaultdict(list)
    for _, item, *said in con.execute(_FINDINGS, [run_ids]).fetchall():
        findings[item].append(said)
    values: dict[int, list[Any]] = defaultdict(list)
    for run_id, *value in con.execute(_RESULTS, [run_ids]).fetchall():
        values[run_id].append(value)
    return {name: _hash(item, findings[name], values) for name, item in parsed.items() if item.run_id in values}


def _hash(item: Item, findings: list[Any], values: Mapping[int, list[Any]]) -> str:
    covered = [value for value in values[item.run_id] if _covers(item, result_id=value[0], analyte=value[1])]
    return sha256_text(canonical_json({"item": str(item), "findings": findings, "values": covered}))


def _covers(item: Item, *, result_id: int, analyte: str) -> bool:
    if item.ordinal:
        return result_id == item.result_id
    return not item.analyte or analyte == item.analyte
