"""One run as it lies in the facts, with everything that is known of its samples and controls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.store.frames import first_row, query
from schemas.bridging import Bridging
from schemas.run import Run

if TYPE_CHECKING:
    import duckdb
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRun:
    """What was stored of one run, before anything is judged."""

    run_id: int
    """Id of the run."""
    run: Run
    """The run."""
    delivery_sha256: str
    """Hash of the delivery it came from."""
    wells: pl.DataFrame
    """Wells, in the order of the file."""
    reported: pl.DataFrame
    """Reported results, in the order of the file."""
    samples: pl.DataFrame
    """Newest sample-sheet rows of its samples, with ``sex`` and ``birth_year`` of their subjects."""
    controls: pl.DataFrame
    """Newest control-sheet rows of its controls, and of the lots that they follow."""
    superseded_controls: pl.DataFrame
    """Control results of the versions that this one replaces, oldest first, as they were judged."""
    events: pl.DataFrame
    """Newest event-sheet rows up to its start, oldest first; none if it has no start time."""
    bridgings: frozenset[Bridging] = frozenset()
    """Accepted bridging records of the lab."""
    excluded: tuple[tuple[int, str], ...] = ()
    """Wells that a person has rejected: which plate of the run, from 1, and which well."""


_RUN = """
    SELECT r.run, r.study, r.matrix, r.analyte, r.unit, r.method, r.platform, r.instrument, r.operator, r.reagent_lot,
        r.calibrator_lot, r.started_at, r.model, r.weight, r.profile, r.reference_signal
    FROM runs r WHERE r.run_id = ?
"""
_NAMES = (
    "run",
    "study",
    "matrix",
    "analyte",
    "unit",
    "method",
    "platform",
    "instrument",
    "operator",
    "reagent_lot",
    "calibrator_lot",
    "started_at",
    "model",
    "weight",
    "profile",
    "reference_signal",
)
_SAMPLES = """
    SELECT s.*, coalesce(u.sex, '') AS sex, u.birth_year
    FROM latest_samples s LEFT JOIN latest_subjects u ON s.study = u.study AND s.subject = u.subject
    WHERE s.study = ? AND s.sample IN (
        SELECT name FROM wells WHERE run_id = ? AND role = 'sample'
        UNION SELECT sample FROM reported WHERE run_id = ? AND role = 'sample')
    ORDER BY s.sample
"""
_CONTROLS = """
    WITH RECURSIVE used AS (
        SELECT material, level, lot FROM wells WHERE run_id = ? AND role = 'control'
        UNION SELECT material, level, lot FROM reported WHERE run_id = ? AND role = 'control'
    ), chain AS (
        SELECT c.* FROM latest_controls c JOIN used USING (material, level, lot)
        UNION SELECT c.* FROM latest_controls c JOIN chain n ON c.material = n.material AND c.level = n.level
            AND c.lot = n.follows AND c.analyte = n.analyte AND c.matrix = n.matrix AND n.follows <> ''
    )
    SELECT * FROM chain ORDER BY material, level, lot, analyte, matrix
"""
_EVENTS = """
    SELECT happened_at, event, analyte, instrument, lot, note, recorded_by FROM latest_events
    WHERE happened_at <= (SELECT started_at FROM runs WHERE run_id = ?)
    ORDER BY happened_at, event, analyte, instrument
"""
_BRIDGINGS = "SELECT kind, bridged_from, bridged_to, analyte, matrix FROM latest_bridgings WHERE accepted"
_SUPERSEDED = """
    WITH RECURSIVE chain AS (
        SELECT supersedes AS run_id FROM runs WHERE run_id = ? AND supersedes IS NOT NULL
        UNION SELECT r.supersedes FROM runs r JOIN chain USING (run_id) WHERE r.supersedes IS NOT NULL
    )
    SELECT c.run_id, r.run, r.started_at, CAST(c.position AS BIGINT) AS position, c.analyte, c.matrix, c.material,
        c.level, c.lot, c.z
    FROM control_results c JOIN run_states s USING (run_id, assessment_id) JOIN runs r USING (run_id)
        JOIN chain USING (run_id)
    ORDER BY c.run_id, c.position
"""
_DELIVERY = "SELECT delivery_sha256 FROM sources JOIN runs USING (source_id) WHERE run_id = ?"


def load_run(con: duckdb.DuckDBPyConnection, run_id: int) -> LoadedRun:
    """Load one run.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    run_id : int
        Id of the run.

    Returns
    -------
    LoadedRun
        The run.

    Raises
    ------
    KeyError
        If there is no such run.
    """
    row = first_row(con, _RUN, [run_id])
    delivery = first_row(con, _DELIVERY, [run_id])
    if row is None or delivery is None:
        raise KeyError(run_id)
    run = Run(**dict(zip(_NAMES, row, strict=True)))
    return LoadedRun(
        run_id=run_id,
        run=run,
        delivery_sha256=delivery[0],
        wells=query(con, "SELECT * EXCLUDE (run_id) FROM wells WHERE run_id = ? ORDER BY rowid", [run_id]),
        reported=query(con, "SELECT * EXCLUDE (run_id) FROM reported WHERE run_id = ? ORDER BY rowid", [run_id]),
        samples=query(con, _SAMPLES, [run.study, run_id, run_id]),
        controls=query(con, _CONTROLS, [run_id, run_id]),
        superseded_controls=query(con, _SUPERSEDED, [run_id]),
        events=query(con, _EVENTS, [run_id]),
        bridgings=frozenset(Bridging(*row) for row in con.execute(_BRIDGINGS).fetchall()),
    )
