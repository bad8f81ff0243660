"""The earlier results that a control rule may look back on: same lots, after the last event, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from checks.run_input import RunInput
from schemas.event import RESETTING

LOT_KEY = ("analyte", "material", "level", "lot")
"""Columns that name a control; another lot is another control, with a history of its own."""
_PLACE = ("material", "level")
_ORDER = ("started_at", "run_id", "position")


@dataclass(frozen=True, slots=True)
class LookBack:
    """Earlier results of the controls of one analyte in one matrix."""

    rows: pl.DataFrame
    """Results with a z, oldest first, without this run."""
    begins: str
    """Event after which they begin, in words: ``recalibration of 2026-03-01 08:00``; empty if there was none."""


def look_back(run_input: RunInput, own: pl.DataFrame) -> LookBack:
    """Return the results that rules look back on.

    Parameters
    ----------
    run_input : RunInput
        ``control_history`` and ``events`` are looked at.
    own : DataFrame
        Controls of this run of one analyte and one matrix.

    Returns
    -------
    LookBack
        Results of the lots in use, up to the start of the run and after the last event that begins the counting anew.
        A control that this run lacks takes part with its newest lot.
    """
    started_at = run_input.run.started_at
    analyte, matrix = str(own["analyte"][0]), own["matrix"][0]
    event = _last_event(run_input, analyte)
    is_own = (pl.col("analyte") == analyte) & pl.col("matrix").eq_missing(pl.lit(matrix)) & pl.col("z").is_finite()
    history = run_input.control_history.filter(is_own)
    if started_at is None or history.is_empty():
        return LookBack(history.clear(), "")
    since = pl.lit(value=True) if event is None else pl.col("started_at") >= event[0]
    earlier = history.filter(pl.col("started_at") <= started_at, since).sort(*_ORDER, maintain_order=True)
    rows = earlier.join(_lots_in_use(own, earlier), on=[*_PLACE, "lot"], how="semi", nulls_equal=True)
    return LookBack(rows.sort(*_ORDER, maintain_order=True), event[1] if event else "")


def _lots_in_use(own: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    lots = own.select(*_PLACE, "lot").unique()
    newest = earlier.group_by(_PLACE, maintain_order=True).agg(pl.col("lot").last())
    absent = newest.join(lots, on=list(_PLACE), how="anti", nulls_equal=True)
    return pl.concat([lots, absent.select(lots.columns)])


def _last_event(run_input: RunInput, analyte: str) -> tuple[datetime, str] | None:
    started_at = run_input.run.started_at
    resets = run_input.events.filter(
        pl.col("event").is_in(sorted(RESETTING)),
        pl.col("analyte").is_in(["", analyte]),
        pl.col("happened_at").is_not_null(),
    )
    if started_at is None or resets.is_empty():
        return None
    past = resets.filter(pl.col("happened_at") <= started_at).sort("happened_at")
    if past.is_empty():
        return None
    last = past.row(-1, named=True)
    words = f"{str(last['event']).replace('_', ' ')} of {last['happened_at']:%Y-%m-%d %H:%M}"
    return last["happened_at"], words
