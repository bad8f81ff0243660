"""One plot a contrast: every subject over all visits, the medians, and what is only a limit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import median
from typing import TYPE_CHECKING, Any

from checks.contrasts.contrast import Contrast
from checks.contrasts.frozen_release import Release
from checks.contrasts.plan import Endpoint, Plan
from qc.report.palette import PAPER, SETTINGS, Palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE_INCHES = (3.1, 2.3)
LOG_SPAN = 10.0  # largest over smallest value, without unit, from which a log axis is drawn


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


def trajectories(release: Release, endpoint: Endpoint, arm: str = "") -> Trajectories:
    """Collect the trajectories of one analyte in one matrix, of all subjects or of one arm.

    Returns
    -------
    Trajectories
        One result of a subject at a visit; a result without a number is left out.
    """
    import polars as pl

    chosen = release.results.filter(
        (pl.col("analyte") == endpoint.analyte) & (pl.col("matrix") == endpoint.matrix)
    ).drop_nulls(["subject", "visit"])
    if arm:
        chosen = chosen.filter(pl.col("arm") == arm)
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
    """Return the key that sorts visits: numbers first and by size, then texts."""
    return (0, float(visit), "") if re.fullmatch(r"-?\d+(\.\d+)?", visit) else (1, 0.0, visit)


def trajectory_figures(
    release: Release, plan: Plan, contrasts: Sequence[Contrast], palette: Palette = PAPER
) -> list[Figure]:
    """Draw one plot for each contrast of a report.

    Returns
    -------
    list of Figure
        Plots in their order, of the subjects of its arm; subjects are drawn without their names.
    """
    import matplotlib as mpl

    with mpl.rc_context(SETTINGS):
        return [
            _figure(
                trajectories(release, Endpoint(one.analyte, one.matrix), one.arm if one.arm in plan.arms else ""),
                plan,
                palette,
            )
            for one in contrasts
        ]


def _figure(shown: Trajectories, plan: Plan, palette: Palette) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    _style(axes, shown, plan, palette)
    _draw_subjects(axes, shown.subjects, palette)
    _draw_medians(axes, shown, palette)
    return figure


def _style(axes: Axes, shown: Trajectories, plan: Plan, palette: Palette) -> None:
    values = [point.value for subject in shown.subjects for point in subject]
    is_log = bool(values) and min(values) > 0 and max(values) / min(values) >= LOG_SPAN
    if is_log:
        axes.set_yscale("log")
    axes.patch.set_alpha(0)
    for place, visit in enumerate(shown.visits):
        if visit in (plan.baseline, plan.followup):
            axes.axvspan(place - 0.22, place + 0.22, color=palette.band, linewidth=0)
    axes.set_xticks(range(len(shown.visits)), shown.visits, parse_math=False)
    axes.set_xlim(-0.4, len(shown.visits) - 0.6)
    axes.set_xlabel("visit", color=palette.ink)
    axes.set_ylabel(f"{shown.unit} (log)" if is_log else shown.unit, color=palette.ink, parse_math=False)
    axes.tick_params(colors=palette.ink, which="both", width=0.6, length=2.5)
    for name, spine in axes.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color(palette.rule)
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


def _draw_subjects(axes: Axes, subjects: Sequence[Sequence[Point]], palette: Palette) -> None:
    for number, points in enumerate(subjects, start=1):
        x_positions, values = [point.place for point in points], [point.value for point in points]
        [line] = axes.plot(x_positions, values, color=palette.line, linewidth=0.8, solid_joinstyle="round")
        line.set_gid(f"subject-{number}")
    uncensored = [point for points in subjects for point in points if not point.censor]
    axes.plot(
        [p.place for p in uncensored],
        [p.value for p in uncensored],
        "o",
        color=palette.line,
        markersize=2.4,
        markeredgewidth=0,
    )
    for censor, marker in (("<", "v"), (">", "^")):
        limits = [point for points in subjects for point in points if point.censor == censor]
        style: Mapping[str, Any] = {
            "markerfacecolor": palette.paper,
            "markeredgecolor": palette.ink,
            "markeredgewidth": 0.8,
        }
        axes.plot([p.place for p in limits], [p.value for p in limits], marker, markersize=4.6, zorder=4, **style)


def _draw_medians(axes: Axes, shown: Trajectories, palette: Palette) -> None:
    x_positions, medians = [], []
    for place in range(len(shown.visits)):
        values = [point.value for points in shown.subjects for point in points if point.place == place]
        if values:
            x_positions.append(place)
            medians.append(median(values))
    axes.plot(
        x_positions,
        medians,
        color=palette.accent,
        linewidth=2.0,
        marker="o",
        markersize=4.5,
        zorder=5,
        markeredgewidth=0,
    )
