"""Contents of a release: approved results with their subjects, what was set aside, decisions and sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qc.decisions import all_decisions, newest_decisions
from qc.result_states import result_states
from qc.states import APPROVED, item_states
from qc.store.frames import query

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from qc.lab import Lab

COLUMNS = (
    "result_id",
    "run_id",
    "run",
    "assessment_id",
    "study",
    "subject",
    "visit",
    "sample",
    "analyte",
    "matrix",
    "method",
    "platform",
    "calibrator_lot",
    "plate",
    "wells",
    "text",
    "value",
    "unit",
    "censor",
    "censor_limit",
    "lloq",
    "uloq",
    "decimals",
    "cv_percent",
    "verdict",
    "state",
    "approval",
    "overridden",
)
"""Columns of both tables of a release."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a release freezes."""

    approved: pl.DataFrame
    """Approved results, one row each."""
    set_aside: pl.DataFrame
    """Rejected results and those to be repeated: nothing vanishes."""
    decisions: list[dict[str, Any]]
    """Decisions and comments on runs of the study, oldest first."""
    sources: list[dict[str, Any]]
    """Files that the study rests on, with their hashes."""


def contents(lab: Lab, study: str) -> Contents:
    """Gather what a release of a study freezes.

    Parameters
    ----------
    lab : Lab
        The lab.
    study : str
        Study, whose gate is open.

    Returns
    -------
    Contents
        Tables, decisions and sources.
    """
    import polars as pl

    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        results = result_states(con, item_states(con, decisions, datetime.now(UTC)), study)
        runs = query(con, "SELECT run_id, run, platform, calibrator_lot FROM runs")
        samples = query(con, "SELECT study, sample, subject, visit FROM latest_samples")
        sources = _sources(con, results)
    table = results.join(runs, on="run_id", how="left").join(samples, on=["study", "sample"], how="left")
    table = table.select(COLUMNS).sort("result_id")
    run_ids = set(results["run_id"].to_list())
    told = [d.as_json() for d in all_decisions(lab.ledger) if d.item.startswith("R") and _run_of(d.item) in run_ids]
    is_approved = pl.col("state") == APPROVED
    return Contents(table.filter(is_approved), table.filter(~is_approved), told, sources)


def _run_of(item: str) -> int:
    from qc.items import parse_item

    return parse_item(item).run_id


def _sources(con: duckdb.DuckDBPyConnection, results: pl.DataFrame) -> list[dict[str, Any]]:
    run_ids = results["run_id"].unique().to_list()
    query = """
        SELECT file_name, sha256, part, kind, reader, reader_version FROM sources
        WHERE kind IN ('samples', 'subjects', 'controls', 'events', 'bridgings') OR delivery_sha256 IN (
            SELECT s.delivery_sha256 FROM runs r JOIN sources s USING (source_id)
            WHERE r.run_id IN (SELECT unnest(?)))
        ORDER BY source_id
    """
    names = ("file", "sha256", "part", "kind", "reader", "reader_version")
    return [dict(zip(names, row, strict=True)) for row in con.execute(query, [run_ids]).fetchall()]
