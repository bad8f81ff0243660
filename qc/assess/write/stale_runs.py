"""Which runs must be judged: new ones, and those whose inputs have changed since they were judged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qc.assess.prepare.excluded_wells import without_excluded
from qc.assess.prepare.measured_rows import run_as_json
from qc.assess.prepare.stored_run import LoadedRun, load_runs
from qc.store.frames import first_row
from schemas.canonical import canonical_json, sha256_text

if TYPE_CHECKING:
    import duckdb

    from qc.assess.prepare.excluded_wells import ExcludedWells
    from qc.assess.prepare.rule_set import RuleSet


_AT_ONCE = 64
"""Runs that are read at once; bounds memory."""


@dataclass(frozen=True, slots=True)
class StaleRun:
    """A run that must be judged."""

    run_id: int
    """Id of the run."""
    run: str
    """Name of the run."""
    study: str
    """Study of the run."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Every run against what it was judged by."""

    stale: list[StaleRun]
    """Runs that must be judged, in the order in which they were measured."""
    same: list[int]
    """Runs that were read again because a sheet is newer, and found the same."""
    has_new_sheet: bool
    """Whether a sheet came in since some run was judged, so that samples may have changed their subjects."""


_RUNS = """
    SELECT r.run_id, r.run, r.study, a.rule_set_sha256, a.inputs_sha256,
        greatest(a.sheets_source_id, coalesce(c.sheets_source_id, 0))
    FROM runs r LEFT JOIN run_states s USING (run_id) LEFT JOIN assessments a USING (assessment_id)
        LEFT JOIN checked_runs c ON c.run_id = r.run_id
    WHERE r.run_id NOT IN (SELECT supersedes FROM runs WHERE supersedes IS NOT NULL)
        AND (? OR a.rule_set_sha256 IS DISTINCT FROM ? OR r.run_id IN (SELECT unnest(?))
            OR greatest(a.sheets_source_id, coalesce(c.sheets_source_id, 0)) IS DISTINCT FROM ?)
    ORDER BY r.started_at NULLS LAST, r.run_id
"""


def compared_runs(
    con: duckdb.DuckDBPyConnection,
    rule_set: RuleSet,
    excluded: ExcludedWells,
    *,
    also: Collection[int] = (),
    everything: bool = False,
) -> Compared:
    """Compare every run with what it was judged by.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    rule_set : RuleSet
        What the lab judges by.
    excluded : mapping of int to frozenset
        Wells that are rejected now.
    also : collection of int
        Runs that are stale whatever they say themselves.
    everything : bool
        Call every run stale that is not superseded.

    Returns
    -------
    Compared
        Runs without an assessment, and those whose rule set, sheets, rejected wells or content differ from what was
        judged, are stale.
    """
    newest_sheet = newest_sheet_id(con)
    # What is certainly the same is left out by the database: a gate must not fetch a hundred thousand runs.
    runs = con.execute(_RUNS, [everything, rule_set.sha256, sorted({*excluded, *also}), newest_sheet]).fetchall()
    unread = {
        run_id: inputs_then
        for run_id, _, _, rules_then, inputs_then, sheet_then in runs
        if rules_then == rule_set.sha256 and (sheet_then != newest_sheet or run_id in excluded)
    }
    unchanged = _unchanged(con, unread, excluded)
    stale: list[StaleRun] = []
    same: list[int] = []
    has_new_sheet = False
    for run_id, run, study, rules_then, _, sheet_then in runs:
        is_same = rules_then == rule_set.sha256 and (run_id not in unread or run_id in unchanged)
        has_new_sheet |= sheet_then not in (None, newest_sheet)
        if is_same and sheet_then != newest_sheet:
            same.append(run_id)
        if everything or not is_same or run_id in also:
            stale.append(StaleRun(run_id, run, study))
    return Compared(stale, same, has_new_sheet)


def _unchanged(con: duckdb.DuckDBPyConnection, inputs_then: Mapping[int, str], excluded: ExcludedWells) -> set[int]:
    unchanged: set[int] = set()
    run_ids = list(inputs_then)
    for start in range(0, len(run_ids), _AT_ONCE):
        for loaded in load_runs(con, run_ids[start : start + _AT_ONCE]):
            if inputs_hash(without_excluded(loaded, excluded)) == inputs_then[loaded.run_id]:
                unchanged.add(loaded.run_id)
    return unchanged


def record_same(con: duckdb.DuckDBPyConnection, run_ids: Sequence[int], sheets_source_id: int) -> None:
    """Write down that runs were found the same under the newest sheets, so that they are not read again.

    Parameters
    ----------
    con : DuckDBPyConnection
        Connection that may write.
    run_ids : sequence of int
        Runs.
    sheets_source_id : int
        Newest sheet that they were compared under.
    """
    con.execute("INSERT OR REPLACE INTO checked_runs SELECT unnest(?), ?", [list(run_ids), sheets_source_id])


_NEWEST_SHEET = """
    SELECT coalesce(max(source_id), 0) FROM sources
    WHERE kind IN ('samples', 'subjects', 'controls', 'events', 'bridgings')
"""


def newest_sheet_id(con: duckdb.DuckDBPyConnection) -> int:
    """Return the id of the newest sample, subject, control, event or bridging sheet, 0 if there is none.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.

    Returns
    -------
    int
        Source id.
    """
    row = first_row(con, _NEWEST_SHEET)
    return int(row[0]) if row else 0


def inputs_hash(loaded: LoadedRun) -> str:
    """Hash what a run and its sheets say.

    Parameters
    ----------
    loaded : LoadedRun
        The run.

    Returns
    -------
    str
        SHA-256; the same for the same delivery, run sheet, sample rows, subjects and control targets.
    """
    content: dict[str, Any] = {
        "delivery": loaded.delivery_sha256,
        "run": run_as_json(loaded),
        "samples": loaded.samples.drop("source_id", "version").write_csv(),
        "controls": loaded.controls.drop("source_id", "version").write_csv(),
        "events": loaded.events.write_csv(),
    }
    if loaded.bridgings:
        content["bridgings"] = [[b.kind, b.first, b.second, b.analyte, b.matrix] for b in sorted(loaded.bridgings)]
    if loaded.excluded:
        content["excluded"] = [list(place) for place in loaded.excluded]
    return sha256_text(canonical_json(content))
