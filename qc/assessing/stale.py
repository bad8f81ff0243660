"""Which runs must be judged: new ones, and those whose inputs have changed since they were judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.assessing.loaded import LoadedRun, load_run
from qc.assessing.measured import run_as_json
from qc.assessing.rule_set import load_rule_set
from qc.canonical import canonical_json, sha256_text
from qc.store.frames import first_row

if TYPE_CHECKING:
    import duckdb

    from qc.assessing.rule_set import RuleSet
    from qc.lab import Lab


@dataclass(frozen=True, slots=True)
class StaleRun:
    """A run that must be judged."""

    run_id: int
    """Id of the run."""
    run: str
    """Name of the run."""
    study: str
    """Study of the run."""


_RUNS = """
    SELECT r.run_id, r.run, r.study, a.rule_set_sha256, a.inputs_sha256, a.sheets_source_id
    FROM runs r LEFT JOIN run_states s USING (run_id) LEFT JOIN assessments a USING (assessment_id)
    WHERE r.run_id NOT IN (SELECT supersedes FROM runs WHERE supersedes IS NOT NULL)
    ORDER BY r.started_at NULLS LAST, r.run_id
"""


def stale_runs(
    lab: Lab, con: duckdb.DuckDBPyConnection, rule_set: RuleSet | None = None, *, everything: bool = False
) -> list[StaleRun]:
    """Return the runs that must be judged, in the order in which they were measured.

    Parameters
    ----------
    lab : Lab
        The lab.
    con : DuckDBPyConnection
        Open connection.
    rule_set : RuleSet, optional
        What the lab judges by; loaded if not given.
    everything : bool
        Return every run that is not superseded.

    Returns
    -------
    list of StaleRun
        Runs without an assessment, and those whose rule set, sheets or content differ from what was judged.
    """
    judged_by = (rule_set or load_rule_set(lab)).sha256
    newest_sheet = newest_sheet_id(con)
    stale: list[StaleRun] = []
    for run_id, run, study, rules_then, inputs_then, sheet_then in con.execute(_RUNS).fetchall():
        is_same = rules_then == judged_by and sheet_then == newest_sheet
        if not is_same and rules_then == judged_by:
            is_same = inputs_then == inputs_hash(load_run(con, run_id))
        if everything or not is_same:
            stale.append(StaleRun(run_id, run, study))
    return stale


def newest_sheet_id(con: duckdb.DuckDBPyConnection) -> int:
    """Return the id of the newest sample, subject or control sheet, 0 if there is none.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.

    Returns
    -------
    int
        Source id.
    """
    query = "SELECT coalesce(max(source_id), 0) FROM sources WHERE kind IN ('samples', 'subjects', 'controls')"
    row = first_row(con, query)
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
    content = {
        "delivery": loaded.delivery_sha256,
        "run": run_as_json(loaded),
        "samples": loaded.samples.drop("source_id", "version").write_csv(),
        "controls": loaded.controls.drop("source_id", "version").write_csv(),
    }
    return sha256_text(canonical_json(content))
