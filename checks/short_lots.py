"""Targets of control lots that end after few runs: what they may look at, and the results that they count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from checks.arithmetic.charts.short_lot_target import ShortLotPolicy, guide_target, pooled_target
from checks.readings import KEYS, ExcludedControls, control_readings

if TYPE_CHECKING:
    import polars as pl

    from checks.arithmetic.charts.control_target import ControlTarget

SHORT_LOT_SOURCES = ("pooled", "guide_set")
"""Words of the control sheet for such targets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortLots:
    """What the target of a short lot may rest on."""

    run_id: int
    """Run that is judged."""
    results: pl.DataFrame
    """Control results of all runs of its instrument that have a time, later ones and its own among them."""
    policy: ShortLotPolicy
    """How many results it needs."""
    excluded: ExcludedControls = field(default_factory=dict)
    """Why a result counts towards no target: what people have said. Rules are not asked, since a later run would then
    be judged by an earlier one, and that by the later."""


def pooled_lot_target(row: Mapping[str, Any], pooled_lots: frozenset[str], short: ShortLots) -> ControlTarget:
    """Return the target of a lot whose scatter is pooled with that of other lots.

    Parameters
    ----------
    row : mapping of str to Any
        Row of the control sheet.
    pooled_lots : frozenset of str
        Lots that the sheet pools.
    short : ShortLots
        What the target may rest on; results of the judged run do not count.

    Returns
    -------
    ControlTarget
        From results of the same material, level, analyte and matrix.
    """
    import polars as pl

    is_level = [pl.col(key) == row[key] for key in KEYS if key != "lot"]
    others = short.results.filter(*is_level, pl.col("lot").is_in(sorted(pooled_lots)), pl.col("run_id") != short.run_id)
    readings = {
        lot: control_readings(others.filter(pl.col("lot") == lot), short.excluded) for lot in sorted(pooled_lots)
    }
    own = readings.pop(row["lot"])
    return pooled_target(own, readings, short.policy)


def guide_set_target(row: Mapping[str, Any], short: ShortLots) -> ControlTarget:
    """Return the target of a lot from the runs that its row names.

    Parameters
    ----------
    row : mapping of str to Any
        Row of the control sheet with ``guide_runs``.
    short : ShortLots
        What the target may rest on.

    Returns
    -------
    ControlTarget
        The same for every run, those of the guide set among them.
    """
    import polars as pl

    names = guide_runs_of(row["guide_runs"])
    rows = short.results.filter(*(pl.col(key) == row[key] for key in KEYS), pl.col("run").is_in(names))
    places = rows.select("run", "run_id", "position").iter_rows()
    n_runs = len({run for run, *place in places if tuple(place) not in short.excluded})
    return guide_target(control_readings(rows, short.excluded), n_runs, set(names) - set(rows["run"]), short.policy)


def guide_runs_of(text: str) -> list[str]:
    """Return the runs of a guide set.

    Parameters
    ----------
    text : str
        Names of runs as the control sheet has them, separated by semicolons.

    Returns
    -------
    list of str
        The names, without blanks around them.
    """
    return [name.strip() for name in text.split(";") if name.strip()]
