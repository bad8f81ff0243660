"""Forest plot: every contrast as a ratio, on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log10
from typing import TYPE_CHECKING

from checks.arithmetic.censoring.interval_mle import LogRatioMle
from checks.arithmetic.pairs.log_ratio import LogRatio
from checks.contrast_words.numbers import contrast_name, matrix_text
from checks.contrasts.contrast import Contrast
from qc.report.palette import PAPER, SETTINGS, Palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_INCHES = 6.0
ROW_INCHES = 0.27
LEVEL = 0.95  # of every interval in the plot; no unit
NARROWEST = 0.8  # the axis shows at least this ratio and its inverse; no unit


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One line of the plot."""

    label: str
    """Analyte, or matrix where it is a heading."""
    ratio: tuple[float, float, float] | None
    """Ratio and its 95 % interval; None where there is none."""
    is_model: bool
    """True where the ratio is a likelihood estimate from censored values."""
    is_held: bool
    """Whether the contrast holds after adjustment."""
    is_heading: bool = False
    """True for a matrix."""


def forest_rows(contrasts: Sequence[Contrast], names: dict[str, str]) -> list[ForestRow]:
    """Put contrasts into the lines of a forest plot, by matrix.

    Parameters
    ----------
    contrasts : sequence of Contrast
        Contrasts in the order of the plan.
    """
    rows: list[ForestRow] = []
    for matrix in dict.fromkeys(contrast.matrix for contrast in contrasts):
        word = matrix_text(matrix)
        rows.append(ForestRow(word[:1].upper() + word[1:], None, False, False, True))
        for contrast in contrasts:
            if contrast.matrix == matrix and contrast.between_arms is None:
                ratio, is_model = ratio_of(contrast)
                rows.append(ForestRow(contrast_name(contrast, names), ratio, is_model, contrast.is_held))
    return rows


def ratio_of(contrast: Contrast) -> tuple[tuple[float, float, float] | None, bool]:
    """Return the change of a contrast as a ratio with its 95 % interval.

    Parameters
    ----------
    contrast : Contrast
        Contrast, tested or not.

    Returns
    -------
    tuple
        Hodges-Lehmann ratio with its exact interval and False; from censored values the likelihood estimate, its
        standard error with a t of the pairs in it less one, and True; None where neither exists.
    """
    if isinstance(contrast.ratio, LogRatio):
        ratio = contrast.ratio
        return (ratio.hl_ratio, ratio.hl_ratio_ci_lo, ratio.hl_ratio_ci_hi), False
    from scipy.special import stdtrit

    model = contrast.censored.parts.get("mle_log_ratio") if contrast.censored else None
    if isinstance(model, LogRatioMle):
        reach = float(stdtrit(max(1, model.n_used - 1), (1 + LEVEL) / 2)) * model.se_mu
        return (model.gmr, exp(model.mu - reach), exp(model.mu + reach)), True
    return None, False


def forest_figure(rows: Sequence[ForestRow], equivalence_ratio: float, palette: Palette = PAPER) -> Figure:
    """Draw the forest plot.

    Parameters
    ----------
    equivalence_ratio : float
        Margin of the plan: the band within it is a change that counts as none.
    """
    import matplotlib as mpl

    with mpl.rc_context(SETTINGS):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH_INCHES, ROW_INCHES * len(rows) + 0.75), layout="constrained")
        figure.patch.set_alpha(0)
        axes = figure.add_subplot()
        axes.patch.set_alpha(0)
        axes.set_xscale("log")
        axes.axvspan(1 / equivalence_ratio, equivalence_ratio, color=palette.band, linewidth=0)
        axes.axvline(1.0, color=palette.rule, linewidth=0.9)
        for place, row in enumerate(rows):
            _draw_row(axes, place, row, palette)
        _style(axes, rows, palette)
        return figure


def _draw_row(axes: Axes, place: int, row: ForestRow, palette: Palette) -> None:
    if row.is_heading:
        return
    if row.ratio is None:
        axes.text(1.0, place, "no ratio", ha="center", va="center", color=palette.ink, fontsize=8, style="italic")
        return
    middle, low, high = row.ratio
    colour = palette.accent if row.is_held else palette.ink
    axes.plot([low, high], [place, place], color=colour, linewidth=2.2 if row.is_held else 1.2, solid_capstyle="butt")
    fill = palette.paper if row.is_model else colour
    axes.plot([middle], [place], "D" if row.is_model else "s", color=colour, markerfacecolor=fill, markersize=5.5)
    axes.text(
        1.02,
        place,
        f"{middle:.2f} ({low:.2f}–{high:.2f})",
        transform=axes.get_yaxis_transform(),
        va="center",
        color=colour,
        fontsize=9,
        weight="bold" if row.is_held else "normal",
    )


def _style(axes: Axes, rows: Sequence[ForestRow], palette: Palette) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    ends = [end for row in rows if row.ratio for end in row.ratio[1:]]
    low, high = min([NARROWEST, *ends]), max([1 / NARROWEST, *ends])
    pad = (high / low) ** 0.04
    axes.set_xlim(low / pad, high * pad)
    decades = range(-6, 7)
    steps = (1, 2, 5) if log10(high / low) > 0.8 else (1, 1.25, 1.5, 2, 3, 4, 5, 6, 8)
    ticks = [step * 10.0**power for power in decades for step in steps]
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if low / pad <= tick <= high * pad]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_yticks(range(len(rows)), [row.label for row in rows], parse_math=False)
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if row.is_heading or row.is_held else "normal")
        label.set_color(palette.accent if row.is_held else palette.ink)
    axes.set_xlabel("ratio, follow-up over baseline (log axis)", color=palette.ink)
    axes.tick_params(axis="x", colors=palette.ink, width=0.6, length=2.5)
    axes.tick_params(axis="y", length=0)
    for name, spine in axes.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(palette.rule)
