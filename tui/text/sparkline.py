"""Sparklines of z scores: one letter a point, on a fixed scale, so that rows can be compared."""

from __future__ import annotations

from collections.abc import Sequence

from tui.widgets.columns import Cell

_BLOCKS = "▁▂▃▄▅▆"  # six of the eight: taller ones melt into the row above
_SPAN_SD = 3.0


def spark(z_scores: Sequence[float | None]) -> str:
    """Write a series as blocks between -3 and +3 SD.

    Parameters
    ----------
    z_scores : sequence of float or None
        Distances from the target, in SD; None leaves a gap.

    Returns
    -------
    str
        One letter a point; ``!`` stands for a point beyond 3 SD.
    """
    return "".join(_letter(z) for z in z_scores)


def _letter(z: float | None) -> str:
    if z is None:
        return " "
    if abs(z) > _SPAN_SD:
        return "!"
    return _BLOCKS[min(len(_BLOCKS) - 1, int((z + _SPAN_SD) / (2 * _SPAN_SD) * len(_BLOCKS)))]


def spark_cell(z_scores: Sequence[float | None], *, fewest: int = 0) -> Cell:
    """Write a series as a cell of a table.

    Parameters
    ----------
    z_scores : sequence of float or None
        Distances from the target, in SD.
    fewest : int
        Points below which their number is written: a bar of two says nothing.
    """
    n_points = sum(z is not None for z in z_scores)
    if n_points < fewest:
        return Cell(f"{n_points} point" if n_points == 1 else f"{n_points} points", "muted")
    last = next((z for z in reversed(z_scores) if z is not None), 0.0)
    tone = "bad" if abs(last) > _SPAN_SD else "warn" if abs(last) > _SPAN_SD - 1 else ""
    return Cell(spark(z_scores), tone)
