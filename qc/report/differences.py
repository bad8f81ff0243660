"""Difference plot of one contrast: each pair's change against its level, as Bland and Altman draw it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checks.contrasts.contrast import Contrast
from qc.report.palette import PAPER, SETTINGS, Palette
from qc.report.trajectories import SIZE_INCHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LIMITS_OF_AGREEMENT = 1.96  # SD; Bland and Altman 1986, doi:10.1016/S0140-6736(86)90837-8


def difference_figures(contrasts: Sequence[Contrast], palette: Palette = PAPER) -> list[Figure | None]:
    """Draw one difference plot for each contrast.

    Parameters
    ----------
    contrasts : sequence of Contrast
        Contrasts in the order of the plan.

    Returns
    -------
    list of Figure or None
        Plots; None where nothing was tested. Pairs with a censored value are open triangles at the limit; the limits
        of agreement are drawn only where nothing is censored.
    """
    import matplotlib as mpl

    with mpl.rc_context(SETTINGS):
        return [None if contrast.values is None else _figure(contrast, palette) for contrast in contrasts]


def _figure(contrast: Contrast, palette: Palette) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    _draw(axes, contrast, palette)
    unit = contrast.unit
    axes.set_xlabel(f"mean of the pair, {unit}", color=palette.ink, parse_math=False)
    axes.set_ylabel(f"change, {unit}", color=palette.ink, parse_math=False)
    axes.tick_params(colors=palette.ink, which="both", width=0.6, length=2.5)
    axes.locator_params(axis="x", nbins=5)
    axes.locator_params(axis="y", nbins=6)
    for name, spine in axes.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color(palette.rule)
    return figure


def _draw(axes: Axes, contrast: Contrast, palette: Palette) -> None:
    values = contrast.values
    if values is None:
        return
    level, change = (values.before + values.after) / 2, values.after - values.before
    before, after = values.reported
    is_open = before.is_censored | after.is_censored
    is_whole = values.n_censored == 0
    if is_whole and change.size > 2:
        mean, reach = float(change.mean()), LIMITS_OF_AGREEMENT * float(change.std(ddof=1))
        axes.axhspan(mean - reach, mean + reach, color=palette.band, linewidth=0)
        axes.axhline(mean, color=palette.line, linewidth=1.0, linestyle=(0, (4, 3)))
    axes.axhline(0.0, color=palette.rule, linewidth=0.9)
    if contrast.shift is not None and contrast.scale == "raw":
        axes.axhline(contrast.shift.estimate, color=palette.accent, linewidth=1.8)
    axes.plot(level[~is_open], change[~is_open], "o", color=palette.ink, markersize=4.0, markeredgewidth=0, alpha=0.85)
    style = {"markerfacecolor": palette.paper, "markeredgecolor": palette.ink, "markeredgewidth": 0.8}
    axes.plot(level[is_open], change[is_open], "v", markersize=4.6, **style)  # type: ignore[arg-type]
