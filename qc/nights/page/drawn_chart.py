"""A control chart as coordinates: Levey-Jennings, in SD from the target, oldest point left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from qc.nights.page.night_page import ControlChart
from qc.triage.control_chart_view import ControlPoint

WIDTH, HEIGHT = 360.0, 150.0
"""Size of a drawing, in its own units."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 26.0, 8.0, 14.0, 18.0
_MOST_SD = 4.0
"""Distance from the target at which a point is drawn on the edge, as an arrow."""
_OUT_SD = 3.0
_LABEL, _TAG = 110.0, 160.0
"""Room that the rules of a point and the name of a lot take."""
_LONGEST_TAG = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPoint:
    """One point."""

    x: float
    """From the left."""
    y: float
    """From the top."""
    kind: str
    """``plain``, ``out`` (it broke a rule or lies beyond 3 SD) or ``edge`` (beyond the drawing)."""
    is_own: bool
    """Whether it is of tonight."""
    label: str
    """Rules that it broke, where there is room to write them."""
    about: str
    """What a pointer that rests on it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMark:
    """One upright line: a new lot or an event."""

    x: float
    """From the left."""
    kind: str
    """``lot`` or ``event``."""
    about: str
    """What it was."""
    label: str = ""
    """The same, cut, where there is room to write it."""


_Drawn = TypeVar("_Drawn", DrawnPoint, DrawnMark)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnChart:
    """One chart."""

    points: tuple[DrawnPoint, ...]
    """Points that have a distance."""
    line: str
    """The points as a line."""
    marks: tuple[DrawnMark, ...]
    """Lots and events."""
    levels: tuple[tuple[int, float], ...]
    """SD and height of the lines from -3 to +3."""
    left: float
    """Left end of the lines."""
    right: float
    """Right end of them."""
    first: str
    """Day of the first point."""
    last: str
    """Day of the last one."""


def height_of(z: float) -> float:
    """Return the height of a distance in SD, from the top."""
    inside = max(-_MOST_SD, min(_MOST_SD, z))
    return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (_MOST_SD - inside) / (2 * _MOST_SD), 1)


def drawn_chart(chart: ControlChart) -> DrawnChart:
    """Draw a control chart."""
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(chart.points) - 1)
    places = [round(_LEFT + step * place, 1) for place in range(len(chart.points))]
    points = [_point(x, point, chart.unit) for x, point in zip(places, chart.points, strict=True)]
    drawn = _with_room([point for point in points if point is not None], _LABEL)
    days = [point.at for point in chart.points if point.at is not None]
    return DrawnChart(
        points=drawn,
        line=" ".join(f"{point.x:g},{point.y:g}" for point in drawn),
        marks=_with_room(_marks(chart, places), _TAG),
        levels=tuple((sd, height_of(sd)) for sd in range(-3, 4)),
        left=_LEFT,
        right=WIDTH - _RIGHT,
        first=f"{days[0]:%d %b %Y}" if days else "",
        last=f"{days[-1]:%d %b %Y}" if days else "",
    )


def _with_room(drawn: list[_Drawn], room: float) -> tuple[_Drawn, ...]:
    """Keep the labels that stand apart, from the newest to the oldest: a pointer tells the others."""
    free, kept = WIDTH + room, []
    for one in reversed(drawn):
        has_room = bool(one.label) and one.x <= free
        free = one.x - room if has_room else free
        kept.append(one if has_room else replace(one, label=""))
    return tuple(reversed(kept))


def _point(x: float, point: ControlPoint, unit: str) -> DrawnPoint | None:
    if point.z is None:
        return None
    is_out = bool(point.rules) or abs(point.z) > _OUT_SD
    day = f", {point.at:%d %b %Y}" if point.at else ""
    value = f"{point.value:.4g} {unit}, " if point.value is not None else ""
    rules = ", ".join(point.rules)
    return DrawnPoint(
        x=x,
        y=height_of(point.z),
        kind="edge" if abs(point.z) > _MOST_SD else "out" if is_out else "plain",
        is_own=point.is_own,
        label=rules,
        about=f"{point.run}{day}: {value}{point.z:+.2f} SD{f' · {rules}' if rules else ''}",
    )


def _marks(chart: ControlChart, places: list[float]) -> list[DrawnMark]:
    marks = [
        _mark(x, "lot", ", ".join(point.events)) for x, point in zip(places, chart.points, strict=True) if point.events
    ]
    for event in chart.events:
        after = [x for x, point in zip(places, chart.points, strict=True) if point.at and point.at >= event.at]
        if after:
            about = f"{event.event.replace('_', ' ')}, {event.at:%d %b %Y}"
            marks.append(_mark(after[0] - 1.5, "event", about))
    return sorted(marks, key=lambda mark: mark.x)


def _mark(x: float, kind: str, about: str) -> DrawnMark:
    label = about if len(about) <= _LONGEST_TAG else f"{about[: _LONGEST_TAG - 1]}…"
    return DrawnMark(x=x, kind=kind, about=about, label=label)
