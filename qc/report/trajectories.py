"""One plot a contrast: every subject over all visits, the medians, and what is only a limit."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import median
from typing import TYPE_CHECKING, Any

from qc.paired.plan import Endpoint, Plan
from qc.released import Release

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = {  # stand-ins that the page's style sheet replaces, so that light and dark need one drawing
    "#010101": "var(--ink)",
    "#020202": "var(--plot-line)",
    "#030303": "var(--accent)",
    "#040404": "var(--plot-band)",
    "#050505": "var(--paper)",
    "#060606": "var(--rule)",
}
INK, LINE, ACCENT, BAND, PAPER, RULE = _COLOURS
SIZE_INCHES = (3.1, 2.3)
LOG_SPAN = 10.0  # largest over smallest value, without unit, from which a log axis is drawn
_SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "assaygate", "font.size": 9.5, "axes.linewidth": 0.6}


@dataclass(frozen=True, slots=True)
class Point:
    """One result in a plot."""

    place: int
    """Place of the visit on the axis, from 0."""
    value: float
    """Value, or the limit where it is censored."""
    censor: str
    """Empty, ``<`` or ``>``."""


@dataclass(frozen=True, slots=True)
class Trajectories:
    """Everything that one plot shows."""

    visits: tuple[str, ...]
    """Visits in the release, in their order."""
    subjects: tuple[tuple[Point, ...], ...]
    """Points of each subject, by pseudonymous index: the order says nothing about names."""
    unit: str
    """Unit of the values."""


def trajectories(release: Release, endpoint: Endpoint) -> Trajectories:
    """Collect the trajectories of one analyte in one matrix.

    Parameters
    ----------
    release : Release
        Release to show.
    endpoint : Endpoint
        Analyte and matrix.

    Returns
    -------
    Trajectories
        One result of a subject at a visit; a result without a number is left out.
    """
    import polars as pl

    chosen = release.results.filter(
        (pl.col("analyte") == endpoint.analyte) & (pl.col("matrix") == endpoint.matrix)
    ).drop_nulls(["subject", "visit"])
    visits = tuple(sorted(set(release.results["visit"].drop_nulls().to_list()), key=visit_order))
    points: dict[str, dict[int, Point]] = {}
    for row in chosen.iter_rows(named=True):
        number = row["censor_limit"] if row["censor"] else row["value"]
        if number is not None:
            place = visits.index(row["visit"])
            points.setdefault(row["subject"], {}).setdefault(place, Point(place, number, row["censor"] or ""))
    order = sorted(points, key=lambda subject: sha256(f"{release.sha256}/{subject}".encode()).digest())
    subjects = tuple(tuple(points[subject][place] for place in sorted(points[subject])) for subject in order)
    units = chosen["unit"].drop_nulls().to_list()
    return Trajectories(visits, subjects, units[0] if units else "")


def visit_order(visit: str) -> tuple[int, float, str]:
    """Return the key that sorts visits: numbers first and by size, then texts.

    Parameters
    ----------
    visit : str
        Visit as released.

    Returns
    -------
    tuple of int, float and str
        Sorting key.
    """
    return (0, float(visit), "") if re.fullmatch(r"-?\d+(\.\d+)?", visit) else (1, 0.0, visit)


def trajectory_svgs(release: Release, plan: Plan) -> list[str]:
    """Draw one plot for each contrast of a plan.

    Parameters
    ----------
    release : Release
        Release to show.
    plan : Plan
        Contrasts and their visits.

    Returns
    -------
    list of str
        SVG elements in the order of the plan, to stand inline in a page; equal input gives equal text.
    """
    import matplotlib as mpl

    with mpl.rc_context(_SETTINGS):
        return [
            _svg(trajectories(release, endpoint), plan, f"c{number}")
            for number, endpoint in enumerate(plan.endpoints, start=1)
        ]


def _svg(shown: Trajectories, plan: Plan, prefix: str) -> str:
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    _style(axes, shown, plan)
    _draw_subjects(axes, shown.subjects)
    _draw_medians(axes, shown)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _inline(buffer.getvalue(), prefix)


def _style(axes: Axes, shown: Trajectories, plan: Plan) -> None:
    values = [point.value for subject in shown.subjects for point in subject]
    is_log = bool(values) and min(values) > 0 and max(values) / min(values) >= LOG_SPAN
    if is_log:
        axes.set_yscale("log")
    axes.patch.set_alpha(0)
    for place, visit in enumerate(shown.visits):
        if visit in (plan.baseline, plan.followup):
            axes.axvspan(place - 0.22, place + 0.22, color=BAND, linewidth=0)
    axes.set_xticks(range(len(shown.visits)), shown.visits, parse_math=False)
    axes.set_xlim(-0.4, len(shown.visits) - 0.6)
    axes.set_xlabel("visit", color=INK)
    axes.set_ylabel(f"{shown.unit} (log)" if is_log else shown.unit, color=INK, parse_math=False)
    axes.tick_params(colors=INK, which="both", width=0.6, length=2.5)
    for name, spine in axes.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color(RULE)
    if is_log:
        _plain_log_ticks(axes, min(values), max(values))


def _plain_log_ticks(axes: Axes, low: float, high: float) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    decades = [10.0**power for power in range(-12, 13)]
    fine = [decade * step for decade in decades for step in (1, 2, 5)]
    ticks = [tick for tick in fine if low * 0.9 <= tick <= high * 1.1]
    coarse = [tick for tick in ticks if tick in decades]
    axes.yaxis.set_major_locator(FixedLocator(coarse if len(coarse) >= 3 else ticks))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}".replace(",", "\u2009")))


def _draw_subjects(axes: Axes, subjects: Sequence[Sequence[Point]]) -> None:
    for number, points in enumerate(subjects, start=1):
        places, values = [point.place for point in points], [point.value for point in points]
        [line] = axes.plot(places, values, color=LINE, linewidth=0.8, solid_joinstyle="round")
        line.set_gid(f"subject-{number}")
    whole = [point for points in subjects for point in points if not point.censor]
    axes.plot([p.place for p in whole], [p.value for p in whole], "o", color=LINE, markersize=2.4, markeredgewidth=0)
    for censor, marker in (("<", "v"), (">", "^")):
        limits = [point for points in subjects for point in points if point.censor == censor]
        style: Mapping[str, Any] = {"markerfacecolor": PAPER, "markeredgecolor": INK, "markeredgewidth": 0.8}
        axes.plot([p.place for p in limits], [p.value for p in limits], marker, markersize=4.6, zorder=4, **style)


def _draw_medians(axes: Axes, shown: Trajectories) -> None:
    places, medians = [], []
    for place in range(len(shown.visits)):
        values = [point.value for points in shown.subjects for point in points if point.place == place]
        if values:
            places.append(place)
            medians.append(median(values))
    axes.plot(places, medians, color=ACCENT, linewidth=2.0, marker="o", markersize=4.5, zorder=5, markeredgewidth=0)


def _inline(svg: str, prefix: str) -> str:
    body = svg[svg.index("<svg") :]
    body = re.sub(r'(<svg[^>]*?) (?:width|height)="[^"]*pt"', r"\1", body, count=1)
    body = re.sub(r'(<svg[^>]*?) (?:width|height)="[^"]*pt"', r"\1", body, count=1)
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{prefix}-', body)
    body = body.replace("url(#", f"url(#{prefix}-").replace('href="#', f'href="#{prefix}-')
    for stand_in, colour in _COLOURS.items():
        body = body.replace(stand_in, colour)
    return body.replace("<svg ", '<svg aria-hidden="true" ', 1).strip()
