"""What a decision was about, as a hash: if a value or a verdict changes, the hash does, and the decision lapses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from qc.items.names import Item, parse_item
from schemas.canonical import canonical_json, sha256_text

if TYPE_CHECKING:
    from qc.store.connection import Connection

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
_WELLS = """
    SELECT dense_rank() OVER (ORDER BY plate), well, role, analyte, curve, conc, dilution, signal, signal_text
    FROM wells WHERE run_id = ? ORDER BY rowid
"""
_ASSESSMENTS = "SELECT run_id, assessment_id FROM run_states WHERE run_id IN (SELECT unnest(?)) AND NOT is_superseded"


@dataclass(frozen=True, slots=True)
class Judged:
    """What an item shows to whoever decides on it."""

    sha256: str
    """Hash over values, censoring marks and the item's own findings with rule version, verdict and observed number."""
    values_sha256: str
    """Hash over values and censoring marks alone."""
    assessment_id: int
    """Assessment that it comes from."""


def judged_of(item: Item, findings: Sequence[Sequence[Any]], values: Sequence[Sequence[Any]]) -> tuple[str, str]:
    """Hash one item.

    Parameters
    ----------
    findings : sequence
        Its own findings: rule, version, verdict, key, observed.
    values : sequence
        Results that it covers: result_id, analyte, value, unit, censor, censor_limit.
    """
    return judged_of_texts(item, findings, [canonical_json(list(row)) for row in values])


def judged_of_texts(item: Item, findings: Sequence[Sequence[Any]], values: Iterable[str]) -> tuple[str, str]:
    """Hash one item whose values are text already: a value of a run that is held stands in several items.

    Parameters
    ----------
    findings : sequence
        As for :func:`judged_of`.

    Returns
    -------
    tuple of str
        As for :func:`judged_of`.
    """
    # The text of a whole is put together from the texts of its parts, keys in order and without spaces.
    alone = f"[{','.join(values)}]"
    said = canonical_json([list(row) for row in findings])
    judged_text = f'{{"findings":{said},"item":{canonical_json(str(item))},"values":{alone}}}'
    return sha256_text(judged_text), sha256_text(alone)


def judged_items(con: Connection, items: Iterable[str]) -> dict[str, Judged]:
    """Hash what each item shows to whoever decides on it now.

    Parameters
    ----------
    items : iterable of str
        Names of runs, analytes, results and wells; those that do not exist, whose run has no assessment or was
        corrected by a newer version, are left out.

    Returns
    -------
    dict of str to Judged
        By item. Of a well its role, concentration, dilution and signal are hashed.
    """
    parsed = {name: parse_item(name) for name in items}
    run_ids = sorted({item.run_id for item in parsed.values()})
    if not run_ids:
        return {}
    assessments = dict(con.execute(_ASSESSMENTS, [run_ids]).fetchall())
    findings: dict[str, list[Any]] = defaultdict(list)
    for _, item, *said in con.execute(_FINDINGS, [run_ids]).fetchall():
        findings[item].append(said)
    values: dict[int, list[Any]] = defaultdict(list)
    for run_id, *value in con.execute(_RESULTS, [run_ids]).fetchall():
        values[run_id].append(value)
    wells = {run_id: _wells(con, run_id) for run_id in sorted({i.run_id for i in parsed.values() if i.well})}
    by_id = {value[0]: value for rows in values.values() for value in rows}
    judged: dict[str, Judged] = {}
    for name, item in parsed.items():
        covered = _covered(item, values[item.run_id], by_id, wells)
        # A run of controls alone has findings on analytes of which it has no result.
        is_there = covered or item.scope == "run" or (item.scope == "analyte" and name in findings)
        if item.run_id in assessments and is_there:
            judged[name] = Judged(*judged_of(item, findings[name], covered), assessments[item.run_id])
    return judged


def _covered(
    item: Item, values: list[Any], by_id: Mapping[int, Any], wells: Mapping[int, Mapping[tuple[int, str], list[Any]]]
) -> list[Any]:
    if item.well:
        return wells[item.run_id].get((item.plate, item.well), [])
    if item.result_id is not None:
        return [by_id[item.result_id]] if item.result_id in by_id else []
    return [value for value in values if not item.analyte or value[1] == item.analyte]


def _wells(con: Connection, run_id: int) -> dict[tuple[int, str], list[Any]]:
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for plate, well, *said in con.execute(_WELLS, [run_id]).fetchall():
        found[plate, well].append(said)
    return found
