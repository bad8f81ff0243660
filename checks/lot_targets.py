"""The target of every control lot of a run: from its sheet, from its own results, or from the lot before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from checks.arithmetic.charts.control_target import (
    ControlReading,
    ControlTarget,
    EstablishmentPolicy,
    bridged_target,
    established_target,
    rolling_target,
)
from checks.readings import KEYS, control_readings
from checks.short_lots import SHORT_LOT_SOURCES, ShortLots, guide_set_target, pooled_lot_target

if TYPE_CHECKING:
    import polars as pl


_SHEET_WORDS = {"fixed": "fixed by the control sheet", "manufacturer": "given by the manufacturer"}
_SCHEMA = ("target", "sd", "lot_state", "target_kind", "basis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """What the target of a lot may rest on."""

    sheet: pl.DataFrame
    """Control-sheet rows, targets and SDs in canonical units, with the lots that they follow."""
    history: pl.DataFrame
    """Control results of earlier runs, oldest first, in canonical units."""
    policy: EstablishmentPolicy | None
    """How many results a target needs; None if the profile has no rule on the life of lots."""
    now: datetime | None
    """When the run began; None if unknown."""
    excluded_controls: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Why a result of the history counts towards no target, by run id and position."""
    short: ShortLots | None = None
    """What targets of short lots may rest on; None if the profile has no rule on them."""


def looks_at_later_runs(row: Mapping[str, Any]) -> bool:
    """Tell whether the target of a lot rests on later runs too.

    Parameters
    ----------
    row : mapping of str to Any
        Row of the control sheet.

    Returns
    -------
    bool
        True for lots that are pooled, or have a guide set.
    """
    return _source(row) in SHORT_LOT_SOURCES


def rests_on_results(row: Mapping[str, Any]) -> bool:
    """Tell whether the target of a lot rests on its own results.

    Parameters
    ----------
    row : mapping of str to Any
        Row of the control sheet.

    Returns
    -------
    bool
        False for a target that the sheet fixes, or that the manufacturer gave.
    """
    return _source(row) not in _SHEET_WORDS


def lot_targets(lots: Lots) -> pl.DataFrame:
    """Return target and SD of each lot of the sheet at the time of the run.

    Parameters
    ----------
    lots : Lots
        Sheet and history that a target may rest on.

    Returns
    -------
    DataFrame
        ``KEYS``, ``target``, ``sd``, ``lot_state`` (``ok`` or why there is no target), ``target_kind`` and ``basis``.
    """
    import polars as pl

    rows = [
        {**{key: row[key] for key in KEYS}, **dict(zip(_SCHEMA, _target_of(row, lots), strict=True))}
        for row in lots.sheet.iter_rows(named=True)
    ]
    numbers = {"target": pl.Float64, "sd": pl.Float64}
    texts = dict.fromkeys((*KEYS, "lot_state", "target_kind", "basis"), pl.String)
    return pl.DataFrame(rows, schema={**texts, **numbers}, orient="row")


def _target_of(row: Mapping[str, Any], lots: Lots) -> tuple[float | None, float | None, str, str, str]:
    closed = _out_of_use(row, lots.now)
    if closed:
        return None, None, closed[0], "", closed[1]
    if _source(row) in _SHEET_WORDS:
        return row["target"], row["sd"], "ok", _source(row), _SHEET_WORDS[_source(row)]
    if _source(row) in SHORT_LOT_SOURCES:
        return _of_short_lot(row, lots)
    if lots.policy is None:
        return None, None, "no_target", "", "the profile has no rule 'controls.life' to establish a target by"
    found = _from_results(row, lots, lots.policy, seen=frozenset())
    if found.mean is None:
        return None, None, "establishing", "", found.basis
    return found.mean, found.sd, "ok", found.kind, found.basis


def _of_short_lot(row: Mapping[str, Any], lots: Lots) -> tuple[float | None, float | None, str, str, str]:
    if lots.short is None:
        return None, None, "no_target", "", "the profile has no rule 'controls.short_lots' to set such a target by"
    if _source(row) == "guide_set":
        found = guide_set_target(row, lots.short)
    else:
        pooled = [one["lot"] for one in lots.sheet.iter_rows(named=True) if _source(one) == "pooled"]
        found = pooled_lot_target(row, frozenset(pooled), lots.short)
    return found.mean, found.sd, "establishing" if found.mean is None else "ok", _source(row), found.basis


def _source(row: Mapping[str, Any]) -> str:
    return row["target_from"] or ("establishment" if row["target"] is None else "fixed")


def _out_of_use(row: Mapping[str, Any], now: datetime | None) -> tuple[str, str] | None:
    active_from, expires_on = row["active_from"], row["expires_on"]
    if now is None:
        return ("no_time", "the lot has dates, and the run has no start time") if active_from or expires_on else None
    if expires_on and now.date() > expires_on.date():
        return "expired", f"expired on {expires_on:%Y-%m-%d}"
    if active_from and now < active_from:
        return "not_active", f"not in use before {active_from:%Y-%m-%d}"
    return None


def _from_results(
    row: Mapping[str, Any], lots: Lots, policy: EstablishmentPolicy, seen: frozenset[str]
) -> ControlTarget:
    readings = _readings(row, lots)
    if _source(row) == "rolling":
        return rolling_target(readings, policy)
    before = _lot_before(row, lots, policy, seen)
    if before is not None:
        return bridged_target(readings, before, row["follows"], policy)
    return established_target(readings, policy)


def _lot_before(row: Mapping[str, Any], lots: Lots, policy: EstablishmentPolicy, seen: frozenset[str]) -> float | None:
    # CV of the lot that this one follows; None if it follows none, or that one has no target.
    followed = [
        other
        for other in lots.sheet.iter_rows(named=True)
        if row["follows"]
        and other["lot"] == row["follows"]
        and other["lot"] not in seen
        and all(other[key] == row[key] for key in KEYS if key != "lot")
    ]
    if not followed:
        return None
    other = followed[0]
    mean, sd = other["target"], other["sd"]
    if _source(other) not in _SHEET_WORDS:
        found = _from_results(other, lots, policy, seen | {row["lot"]})
        mean, sd = (found.mean, found.sd) if found.kind != "provisional" else (None, None)
    return float(sd / abs(mean)) if mean and sd and sd > 0 else None


def _readings(row: Mapping[str, Any], lots: Lots) -> list[ControlReading]:
    import polars as pl

    own = lots.history.filter(*(pl.col(key) == row[key] for key in KEYS))
    if row["active_from"]:
        own = own.filter(pl.col("started_at") >= row["active_from"])
    return control_readings(own, lots.excluded_controls)
