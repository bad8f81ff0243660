"""The control charts of a night: every material that the newest runs measured, with lots, rules and events."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from qc.nights.page.night_page import ControlChart, LabEvent
from qc.triage.control_chart_view import ControlSeries, every_control_series

if TYPE_CHECKING:
    from qc.store.connection import Connection

NEWEST_RUNS = 2000
"""Runs that the charts look at: more than sixty points of each material, and the same in a lab of any size."""
_OUT_SD = 3.0
_EVENTS = "SELECT happened_at, event, analyte, instrument FROM latest_events ORDER BY happened_at DESC LIMIT 500"


def control_charts(con: Connection, own_runs: Collection[int]) -> tuple[ControlChart, ...]:
    """Read the charts of all materials, those in trouble first.

    Parameters
    ----------
    own_runs : collection of int
        Ids of the runs that were judged tonight.
    """
    events = con.execute(_EVENTS).fetchall()
    charts = [_chart(series, events) for series in every_control_series(con, own_runs, n_runs=NEWEST_RUNS)]
    return tuple(sorted(charts, key=_trouble_first))


def _chart(series: ControlSeries, events: list[tuple[datetime, str, str, str]]) -> ControlChart:
    times = [point.at for point in series.points if point.at is not None]
    own_events = [
        LabEvent(at=at, event=event)
        for at, event, analyte, instrument in reversed(events)
        if analyte in ("", series.analyte)
        and (not instrument or instrument in series.instruments)
        and times
        and min(times) <= at <= max(times)
    ]
    return ControlChart(
        analyte=series.analyte,
        matrix=series.matrix,
        material=series.material,
        level=series.level,
        unit=series.unit,
        is_in_trouble=_is_in_trouble(series),
        points=series.points,
        events=tuple(own_events),
    )


def _is_in_trouble(series: ControlSeries) -> bool:
    told = [*(point for point in series.points if point.is_own), *series.points[-1:]]
    return any(point.rules or abs(point.z or 0.0) > _OUT_SD for point in told)


def _trouble_first(chart: ControlChart) -> tuple[bool, bool, str, str, str]:
    is_of_tonight = any(point.is_own for point in chart.points)
    return not chart.is_in_trouble, not is_of_tonight, chart.analyte, chart.matrix, chart.level
