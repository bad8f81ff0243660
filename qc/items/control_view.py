"""The controls of a run as a reviewer sees them: result, the target it was judged by, and recorded events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.items.names import Item
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class ControlShown(JsonModel):
    """One control result with the target that it was judged by."""

    analyte: str
    """Analyte id."""
    material: str
    """Control material."""
    level: str
    """Level."""
    lot: str
    """Lot."""
    value: float | None
    """Result in ``unit``; None if it was not measured."""
    unit: str
    """UCUM code."""
    target: float | None
    """Target in ``unit``; None if there is none."""
    sd: float | None
    """SD in ``unit``; None if there is none."""
    z: float | None
    """Distance from the target in SD; None if there is none."""
    basis: str
    """What target and SD rest on, in words."""


@dataclass(frozen=True, slots=True)
class EventShown(JsonModel):
    """One event that was recorded before the run."""

    happened_at: datetime
    """When it happened, local time of the laboratory."""
    event: str
    """What happened."""
    analyte: str
    """Analyte as written; empty for every one."""
    instrument: str
    """Instrument; empty for every one."""
    lot: str
    """New lot, where the event is one."""
    note: str
    """Free text."""
    recorded_by: str
    """Who recorded it."""


_CONTROLS = """
    SELECT c.analyte, c.material, c.level, c.lot, c.value, c.unit, c.target, c.sd, c.z, c.basis
    FROM control_results c JOIN run_states s USING (run_id, assessment_id)
    WHERE c.run_id = ? AND (c.analyte = ? OR ? = '') ORDER BY c.position
"""
_EVENTS = """
    SELECT e.happened_at, e.event, e.analyte, e.instrument, e.lot, e.note, e.recorded_by
    FROM latest_events e JOIN runs r ON e.happened_at <= r.started_at AND e.instrument IN ('', r.instrument)
    WHERE r.run_id = ? ORDER BY e.happened_at DESC, e.event LIMIT 5
"""


def controls_shown(con: Connection, item: Item, analyte: str) -> tuple[ControlShown, ...]:
    """Return the controls of the run of an item.

    Parameters
    ----------
    item : Item
        A run, an analyte in a run, or a result.
    analyte : str
        Analyte of the item; empty for a run, which shows the controls of all.

    Returns
    -------
    tuple of ControlShown
        In the order of measurement.
    """
    rows = con.execute(_CONTROLS, [item.run_id, analyte, analyte]).fetchall()
    return tuple(ControlShown(*row) for row in rows)


def events_shown(con: Connection, item: Item) -> tuple[EventShown, ...]:
    """Return the last events that were recorded before the run of an item, on its instrument or on every one.

    Parameters
    ----------
    item : Item
        A run, an analyte in a run, or a result.

    Returns
    -------
    tuple of EventShown
        Newest first, five at most; none for a run without a start time.
    """
    return tuple(EventShown(*row) for row in con.execute(_EVENTS, [item.run_id]).fetchall())
