"""The control chart of an analyte: each level as a series in SD, the rules it broke, and what changed on the way."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qc.store.connection import Connection

MOST_POINTS = 60
"""Points of a series that are read, the newest ones."""
_POINTS = """
    WITH own AS (
        SELECT DISTINCT c.material, c.level FROM control_results c
        WHERE c.run_id = $1 AND c.assessment_id = $2 AND c.analyte = $3
    ), here AS (SELECT coalesce(started_at, TIMESTAMP '1970-01-01') AS at FROM runs WHERE run_id = $1)
    SELECT c.material, c.level, c.lot, c.run_id, r.run, r.started_at, r.reagent_lot, r.calibrator_lot, c.value, c.unit,
        c.target, c.sd, c.z
    FROM control_results c JOIN own USING (material, level) JOIN run_states s USING (run_id, assessment_id)
    JOIN runs r USING (run_id), here
    WHERE c.analyte = $3 AND NOT s.is_superseded
        AND (coalesce(r.started_at, TIMESTAMP '1970-01-01'), r.run_id) <= (here.at, $1)
    QUALIFY row_number() OVER (
        PARTITION BY c.material, c.level
        ORDER BY coalesce(r.started_at, TIMESTAMP '1970-01-01') DESC, r.run_id DESC, c.position DESC
    ) <= $4
    ORDER BY c.material, c.level, coalesce(r.started_at, TIMESTAMP '1970-01-01'), r.run_id, c.position
"""
_EVERY = """
    WITH newest AS (SELECT run_id, assessment_id FROM run_states WHERE NOT is_superseded ORDER BY run_id DESC LIMIT $1)
    SELECT c.material, c.level, c.lot, c.run_id, r.run, r.started_at, r.reagent_lot, r.calibrator_lot, c.value, c.unit,
        c.target, c.sd, c.z, c.analyte, c.matrix, r.instrument
    FROM control_results c JOIN newest USING (run_id, assessment_id) JOIN runs r USING (run_id)
    QUALIFY row_number() OVER (
        PARTITION BY c.analyte, c.matrix, c.material, c.level
        ORDER BY coalesce(r.started_at, TIMESTAMP '1970-01-01') DESC, r.run_id DESC, c.position DESC
    ) <= $2
    ORDER BY c.analyte, c.matrix, c.material, c.level, coalesce(r.started_at, TIMESTAMP '1970-01-01'), r.run_id,
        c.position
"""
_BROKEN = """
    SELECT f.run_id, f.analyte, f.rule, f.key FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE f.run_id IN (SELECT unnest(?::BIGINT[])) AND starts_with(f.rule, 'westgard.')
    ORDER BY f.run_id, f.ordinal
"""
_Broken = dict[tuple[int, str], list[tuple[str, dict[str, str]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPoint:
    """One control result."""

    run: str
    """Name of the run."""
    at: datetime | None
    """When the run began; None if it is not known."""
    value: float | None
    """In the unit of the series; None if it was not measured."""
    z: float | None
    """Distance from the target, in SD; None where there is no value, no target or no SD."""
    target: float | None
    """Target then, in the unit of the series."""
    sd: float | None
    """SD then, in the unit of the series."""
    rules: tuple[str, ...]
    """Short names of the rules that its run broke with this control: ``1-3s``."""
    events: tuple[str, ...]
    """What changed before it: a new lot of control, reagent or standards."""
    is_own: bool
    """Whether it belongs to the run that is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSeries:
    """One level of one control material."""

    material: str
    """Material."""
    level: str
    """Level."""
    unit: str
    """Unit of the values."""
    points: tuple[ControlPoint, ...]
    """Oldest first."""
    analyte: str = ""
    """Analyte."""
    matrix: str = ""
    """Matrix."""
    instruments: frozenset[str] = frozenset()
    """Instruments that measured it; empty where they were not asked for."""


def control_series(
    con: Connection, run_id: int, assessment_id: int, analyte: str, *, n_points: int = MOST_POINTS
) -> list[ControlSeries]:
    """Read the control chart of an analyte up to a run.

    Returns
    -------
    list of ControlSeries
        One for each level that the run has; rejected runs stay part of it.
    """
    rows = con.execute(_POINTS, [run_id, assessment_id, analyte, n_points]).fetchall()
    return _by_level([(*row, analyte, "", "") for row in rows], _broken(con, {row[3] for row in rows}), {run_id})


def every_control_series(
    con: Connection, own_runs: Collection[int], *, n_runs: int, n_points: int = MOST_POINTS
) -> list[ControlSeries]:
    """Read the control charts of all materials.

    Parameters
    ----------
    own_runs : collection of int
        Ids of runs whose points are marked as own.
    n_runs : int
        Newest runs that are looked through, so that the work is the same in a lab of any size.

    Returns
    -------
    list of ControlSeries
        One for each analyte, matrix, material and level.
    """
    rows = con.execute(_EVERY, [n_runs, n_points]).fetchall()
    return _by_level(rows, _broken(con, {row[3] for row in rows}), own_runs)


def _by_level(rows: Sequence[tuple[Any, ...]], broken: _Broken, own_runs: Collection[int]) -> list[ControlSeries]:
    by_level: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        by_level[row[0], row[1], row[13], row[14]].append(row)
    return [
        ControlSeries(
            material=material,
            level=level,
            unit=points[-1][9],
            points=_points(points, broken, own_runs),
            analyte=analyte,
            matrix=matrix,
            instruments=frozenset(row[15] for row in points if row[15]),
        )
        for (material, level, analyte, matrix), points in by_level.items()
    ]


def _broken(con: Connection, run_ids: set[int]) -> _Broken:
    rules_by_run: _Broken = defaultdict(list)
    for run_id, analyte, rule, key in con.execute(_BROKEN, [sorted(run_ids)]).fetchall():
        rules_by_run[run_id, analyte].append((rule.removeprefix("westgard."), json.loads(key)))
    return rules_by_run


def _points(rows: Sequence[tuple[Any, ...]], broken: _Broken, own_runs: Collection[int]) -> tuple[ControlPoint, ...]:
    points = []
    before: tuple[Any, ...] | None = None
    for row in rows:
        material, level, lot, run_id, run, at, _, _, value, _, target, sd, z, analyte, *_ = row
        names = {"material": material, "level": level, "lot": lot}
        rules = [
            rule
            for rule, key in broken.get((run_id, analyte), ())
            if all(key.get(name, own) == own for name, own in names.items())
        ]
        points.append(
            ControlPoint(
                run=run,
                at=at,
                value=value,
                z=z,
                target=target,
                sd=sd,
                rules=tuple(dict.fromkeys(rules)),
                events=_events(before, row),
                is_own=run_id in own_runs,
            )
        )
        before = row
    return tuple(points)


def _events(before: tuple[Any, ...] | None, row: tuple[Any, ...]) -> tuple[str, ...]:
    if before is None:
        return ()
    changed = ((2, "control lot"), (6, "reagent lot"), (7, "standard lot"))
    return tuple(f"{what} {row[at]}" for at, what in changed if before[at] != row[at])
