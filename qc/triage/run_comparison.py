"""One run against the last twenty of the same analyte and matrix."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qc.items.names import parse_item
from qc.items.near_items import near_item
from qc.store.frames import first_row
from schemas.errors import ConfigError
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.store.connection import Connection

N_BEFORE = 20
"""Earlier runs that are compared with."""
FEWEST = 5
"""Earlier runs below which no distance is told: an SD of fewer says nothing."""
_SUMMARIES = """
    SELECT m.run_id, r.run, m.n_results, m.n_with_number, m.n_below_lloq, m.n_above_uloq, m.n_flagged,
        m.median_cv_percent, m.median_log10, r.started_at
    FROM run_summaries m JOIN run_states s USING (run_id, assessment_id) JOIN runs r USING (run_id)
    WHERE m.analyte = ? AND m.matrix = ? AND NOT s.is_superseded
        AND (coalesce(r.started_at, TIMESTAMP '1970-01-01'), m.run_id) <= (
            SELECT (coalesce(started_at, TIMESTAMP '1970-01-01'), run_id) FROM runs WHERE run_id = ?
        )
    ORDER BY coalesce(r.started_at, TIMESTAMP '1970-01-01') DESC, m.run_id DESC LIMIT ?
"""
_UNIT = """
    SELECT CASE WHEN count(DISTINCT v.unit) = 1 THEN any_value(v.unit) ELSE '' END
    FROM results v JOIN run_states s USING (run_id, assessment_id)
    WHERE v.run_id = ? AND v.analyte = ? AND v.matrix = ? AND v.value IS NOT NULL
"""
_OF_RUN = """
    SELECT m.analyte, m.matrix FROM run_summaries m JOIN run_states s USING (run_id, assessment_id)
    WHERE m.run_id = ? ORDER BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared(JsonModel):
    """One number of a run against the same number of earlier runs."""

    json_keys = "analyte matrix name unit value mean sd z of_unit before runs=run_names"

    analyte: str
    """Analyte."""
    matrix: str
    """Matrix."""
    name: str
    """What the number is."""
    unit: str
    """Its unit."""
    value: float | None
    """Number of this run; None if it has none."""
    mean: float | None
    """Mean of the earlier runs; None if none has a number."""
    sd: float | None
    """SD of the earlier runs; None if fewer than :data:`FEWEST` have a number."""
    before: tuple[float | None, ...]
    """Numbers of the earlier runs, oldest first."""
    runs: tuple[tuple[str, datetime | None], ...]
    """Names of all the runs and when they began, oldest first, this run last."""
    of_unit: str
    """Unit of the results of this run; empty if there are several or none."""

    @property
    def z(self) -> float | None:
        """Distance from the mean of the earlier runs, in their SD; None if it cannot be told."""
        if self.value is None or self.mean is None or not self.sd:
            return None
        return (self.value - self.mean) / self.sd

    def scores(self) -> tuple[float | None, ...]:
        """Return all numbers as distances from the mean, this run last.

        Returns
        -------
        tuple of float or None
            In SD of the earlier runs; empty if there is no SD.
        """
        if self.mean is None or not self.sd:
            return ()
        mean, sd = self.mean, self.sd
        return tuple(None if value is None else (value - mean) / sd for value in (*self.before, self.value))

    @property
    def run_names(self) -> list[str]:
        """Return the names of all the runs, oldest first, this run last."""
        return [run for run, _ in self.runs]


@dataclass(frozen=True, slots=True)
class Comparison(JsonModel):
    """One run against earlier ones."""

    run: str
    """Name of the run."""
    n_before: int
    """Most earlier runs that any of its analytes is compared with."""
    lines: tuple[Compared, ...]
    """Numbers, those farthest from the earlier ones first."""


def compare_run(con: Connection, name: str) -> Comparison:
    """Compare a run with the last twenty before it.

    Parameters
    ----------
    name : str
        Name of the run, or of an item in it; empty means the newest run.

    Returns
    -------
    Comparison
        Median, median CV, and the shares of flagged results and of those out of the range, by analyte.

    Raises
    ------
    ConfigError
        If there is no such run, or it is not judged.
    """
    run_id, run = _run_of(con, name)
    lines: list[Compared] = []
    n_before = 0
    for analyte, matrix in con.execute(_OF_RUN, [run_id]).fetchall():
        rows = con.execute(_SUMMARIES, [analyte, matrix, run_id, N_BEFORE + 1]).fetchall()
        if rows and rows[0][0] == run_id:
            n_before = max(n_before, len(rows) - 1)
            named = tuple((str(row[1]), row[-1]) for row in reversed(rows))
            units = first_row(con, _UNIT, [run_id, analyte, matrix]) or ("",)
            lines += _lines(analyte, matrix, [_numbers(row) for row in reversed(rows)], named, units[0])
    lines.sort(key=lambda line: -abs(line.z or 0.0))
    return Comparison(run, n_before, tuple(lines))


def _run_of(con: Connection, name: str) -> tuple[int, str]:
    by_name = "SELECT run_id, run FROM run_states WHERE run = ? ORDER BY run_id DESC LIMIT 1"
    newest = "SELECT run_id, run FROM run_states ORDER BY assessment_id DESC LIMIT 1"
    row = first_row(con, by_name, [name]) if name else first_row(con, newest)
    if row is None and name[:1] == "R" and name[1:2].isdigit():
        row = first_row(con, "SELECT run_id, run FROM run_states WHERE run_id = ?", [parse_item(name).run_id])
    if row is None:
        none = f"There is no judged run '{name}' in this lab.{near_item(con, name)}"
        raise ConfigError(none if name else "No run is judged yet.")
    return int(row[0]), str(row[1])


_NAMES = (
    ("median result", "log10"),
    ("median CV of replicates", "percent"),
    ("flagged", "percent"),
    ("below the range", "percent"),
    ("above the range", "percent"),
)


def _numbers(row: tuple[Any, ...]) -> tuple[float | None, ...]:
    _, _, n_results, _, below, above, flagged, cv, median, _ = row
    shares = [100.0 * n / n_results if n_results else None for n in (flagged, below, above)]
    return median, cv, *shares


def _lines(
    analyte: str,
    matrix: str,
    numbers: list[tuple[float | None, ...]],
    runs: tuple[tuple[str, datetime | None], ...],
    of_unit: str,
) -> list[Compared]:
    lines = []
    for at, (name, unit) in enumerate(_NAMES):
        before = tuple(row[at] for row in numbers[:-1])
        known = [value for value in before if value is not None]
        lines.append(
            Compared(
                analyte=analyte,
                matrix=matrix,
                name=name,
                unit=unit,
                value=numbers[-1][at],
                mean=statistics.fmean(known) if known else None,
                sd=statistics.stdev(known) if len(known) >= FEWEST else None,
                before=before,
                runs=runs,
                of_unit=of_unit,
            )
        )
    return [line for line in lines if line.value is not None]
