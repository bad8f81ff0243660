"""Runs as they lie in the facts, with everything that is known of their samples and controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.store.frames import query
from schemas.bridging import Bridging
from schemas.file_remark import FileRemark, RemarkKind
from schemas.file_seal import FileSeal, SealState
from schemas.run import Run

if TYPE_CHECKING:
    import polars as pl

    from qc.store.connection import Connection


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
    file_seals: tuple[FileSeal, ...] = ()
    """What its file carried to prove itself, as it was recomputed when it came in."""
    file_remarks: tuple[FileRemark, ...] = ()
    """What its file says against itself, or otherwise than its plate map."""
    excluded: tuple[tuple[int, str], ...] = ()
    """Wells that a person has rejected: which plate of the run, from 1, and which well."""


_FIELDS = (
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
    "reagent_expires_on",
    "calibrator_lot",
    "started_at",
    "model",
    "weight",
    "profile",
    "reference_signal",
)
_RUNS = """
    SELECT r.* EXCLUDE (source_id), s.delivery_sha256 FROM runs r JOIN sources s USING (source_id)
    WHERE r.run_id IN (SELECT unnest($ids))
"""
_IN_RUNS = "run_id BETWEEN $first AND $last AND run_id IN (SELECT unnest($ids))"
# A message of an analyser names a control by its material alone. Where the control sheet knows one level and lot of it
# that is in use when the run starts, that one is meant; where it knows several, none is.
_ONLY_LOTS = """
    SELECT r.run_id, c.material, min(c.level) AS only_level, min(c.lot) AS only_lot FROM latest_controls c JOIN runs r
        ON (r.started_at IS NULL OR c.active_from IS NULL OR c.active_from <= r.started_at)
        AND (r.started_at IS NULL OR c.expires_on IS NULL OR c.expires_on >= r.started_at)
    WHERE r.run_id IN (SELECT unnest($ids)) GROUP BY r.run_id, c.material HAVING count(DISTINCT (c.level, c.lot)) = 1
"""


def _with_lots(table: str) -> str:
    is_silent = "t.role = 'control' AND t.level = '' AND t.lot = '' AND o.material IS NOT NULL"
    level, lot = (f"CASE WHEN {is_silent} THEN o.only_{name} ELSE t.{name} END AS {name}" for name in ("level", "lot"))
    return f"""
        SELECT t.* REPLACE ({level}, {lot}), t.rowid AS place FROM {table} t LEFT JOIN ({_ONLY_LOTS}) o
            ON o.run_id = t.run_id AND o.material = t.material AND t.role = 'control'
        WHERE t.run_id BETWEEN $first AND $last AND t.run_id IN (SELECT unnest($ids))
    """  # noqa: S608 - constants of this file


_WELLS = f"SELECT * EXCLUDE (place) FROM ({_with_lots('wells')}) ORDER BY place"  # noqa: S608
_REPORTED = f"SELECT * EXCLUDE (place) FROM ({_with_lots('reported')}) ORDER BY place"  # noqa: S608
_SAMPLES = f"""
    WITH used AS (
        SELECT run_id, name AS sample FROM wells WHERE {_IN_RUNS} AND role = 'sample'
        UNION SELECT run_id, sample FROM reported WHERE {_IN_RUNS} AND role = 'sample'
    ), newest AS (
        SELECT * FROM samples WHERE sample IN (SELECT sample FROM used)
        QUALIFY version = max(version) OVER (PARTITION BY study, sample)
    )
    SELECT s.*, coalesce(u.sex, '') AS sex, u.birth_year, r.run_id,
        s.subject = '' OR u.subject IS NOT NULL OR s.study NOT IN (SELECT study FROM subjects) AS subject_known
    FROM used JOIN runs r USING (run_id) JOIN newest s ON s.sample = used.sample AND s.study = r.study
        LEFT JOIN latest_subjects u ON s.study = u.study AND s.subject = u.subject
    ORDER BY r.run_id, s.sample
"""  # noqa: S608 - constants of this file
_CONTROLS = f"""
    WITH RECURSIVE used AS (
        SELECT run_id, material, level, lot FROM ({_with_lots("wells")}) WHERE role = 'control'
        UNION SELECT run_id, material, level, lot FROM ({_with_lots("reported")}) WHERE role = 'control'
    ), chain AS (
        SELECT c.*, used.run_id FROM latest_controls c JOIN used USING (material, level, lot)
        UNION SELECT c.*, n.run_id FROM latest_controls c JOIN chain n ON c.material = n.material
            AND c.level = n.level AND c.analyte = n.analyte AND c.matrix = n.matrix AND (
                (c.lot = n.follows AND n.follows <> '') OR (n.target_from = 'pooled' AND c.target_from = 'pooled'))
    )
    SELECT * FROM chain ORDER BY run_id, material, level, lot, analyte, matrix
"""  # noqa: S608 - constants of this file
_EVENTS = """
    SELECT e.happened_at, e.event, e.analyte, e.instrument, e.lot, e.note, e.recorded_by, r.run_id
    FROM latest_events e JOIN runs r ON e.happened_at <= r.started_at WHERE r.run_id IN (SELECT unnest($ids))
    ORDER BY r.run_id, e.happened_at, e.event, e.analyte, e.instrument
"""
_BRIDGINGS = "SELECT kind, bridged_from, bridged_to, analyte, matrix FROM latest_bridgings WHERE accepted"
_FILE_SEALS = """
    SELECT r.run_id, f.kind, f.state, f.sentence FROM file_seals f JOIN runs r USING (source_id)
    WHERE r.run_id IN (SELECT unnest($ids)) ORDER BY r.run_id, f.kind
"""
_FILE_REMARKS = """
    SELECT r.run_id, f.kind, f.place, f.sentence FROM file_remarks f JOIN runs r USING (source_id)
    WHERE r.run_id IN (SELECT unnest($ids)) ORDER BY r.run_id, f.kind, f.place, f.sentence
"""
_UNNUMBERED = "SELECT * EXCLUDE (source_id, version) FROM"
SHEET_ROWS = {
    "samples": f"{_UNNUMBERED} ({_SAMPLES})",
    "controls": f"{_UNNUMBERED} ({_CONTROLS})",
    "events": _EVENTS,
    "bridgings": f"SELECT b.*, i.run_id FROM ({_BRIDGINGS}) b, (SELECT unnest($ids) AS run_id) i",  # noqa: S608
}
"""Queries for what the newest sheets say of the runs ``$ids``, by sheet, each row with its ``run_id``."""
_SUPERSEDED = """
    WITH RECURSIVE chain AS (
        SELECT run_id AS newest_id, supersedes AS run_id FROM runs
        WHERE run_id IN (SELECT unnest($ids)) AND supersedes IS NOT NULL
        UNION SELECT n.newest_id, r.supersedes FROM runs r JOIN chain n USING (run_id) WHERE r.supersedes IS NOT NULL
    )
    SELECT c.run_id, r.run, r.started_at, CAST(c.position AS BIGINT) AS position, c.analyte, c.matrix, c.material,
        c.level, c.lot, c.z, chain.newest_id
    FROM control_results c JOIN run_states s USING (run_id, assessment_id) JOIN runs r USING (run_id)
        JOIN chain USING (run_id)
    ORDER BY chain.newest_id, c.run_id, c.position
"""


def load_runs(con: Connection, run_ids: Sequence[int]) -> list[LoadedRun]:
    """Load some runs, each table once for all of them.

    Returns
    -------
    list of LoadedRun
        The runs, in the order of the ids.

    Raises
    ------
    KeyError
        If there is no such run.
    """
    if not run_ids:
        return []
    runs = {row["run_id"]: row for row in _query(con, _RUNS, run_ids).iter_rows(named=True)}
    tables = {
        "wells": _by_run(_query(con, _WELLS, run_ids)),
        "reported": _by_run(_query(con, _REPORTED, run_ids)),
        "samples": _by_run(_query(con, _SAMPLES, run_ids)),
        "controls": _by_run(_query(con, _CONTROLS, run_ids)),
        "superseded_controls": _by_run(_query(con, _SUPERSEDED, run_ids), "newest_id"),
        "events": _by_run(_query(con, _EVENTS, run_ids)),
        "file_seals": _by_run(_query(con, _FILE_SEALS, run_ids)),
        "file_remarks": _by_run(_query(con, _FILE_REMARKS, run_ids)),
    }
    bridgings = frozenset(Bridging(*row) for row in con.execute(_BRIDGINGS).fetchall())
    return [
        LoadedRun(
            run_id=run_id,
            run=Run(**{name: runs[run_id][name] for name in _FIELDS}),
            delivery_sha256=runs[run_id]["delivery_sha256"],
            wells=tables["wells"](run_id),
            reported=tables["reported"](run_id),
            samples=tables["samples"](run_id),
            controls=tables["controls"](run_id),
            superseded_controls=tables["superseded_controls"](run_id),
            events=tables["events"](run_id),
            bridgings=bridgings,
            file_seals=_file_seals(tables["file_seals"](run_id)),
            file_remarks=_file_remarks(tables["file_remarks"](run_id)),
        )
        for run_id in run_ids
    ]


def _file_seals(rows: pl.DataFrame) -> tuple[FileSeal, ...]:
    return tuple(FileSeal(kind, SealState(state), sentence) for kind, state, sentence in rows.iter_rows())


def _file_remarks(rows: pl.DataFrame) -> tuple[FileRemark, ...]:
    return tuple(FileRemark(RemarkKind(kind), place, sentence) for kind, place, sentence in rows.iter_rows())


def _query(con: Connection, sql: str, run_ids: Sequence[int]) -> pl.DataFrame:
    return query(con, sql, values_for(sql, run_ids))


def values_for(sql: str, run_ids: Sequence[int]) -> dict[str, object]:
    """Return the values of a query about some runs.

    Parameters
    ----------
    sql : str
        Query with ``$ids``, and perhaps ``$first`` and ``$last``.

    Returns
    -------
    dict of str to object
        By name, for those that the query names.
    """
    values: dict[str, object] = {"ids": list(run_ids), "first": min(run_ids), "last": max(run_ids)}
    return {name: value for name, value in values.items() if f"${name}" in sql}


def _by_run(table: pl.DataFrame, name: str = "run_id") -> Callable[[int], pl.DataFrame]:
    parts = table.partition_by(name, maintain_order=True, include_key=False, as_dict=True)
    none = table.drop(name).clear()
    return lambda run_id: parts.get((run_id,), none)
