"""Axes: round ticks, decades, and numbers as a chart writes them."""

from __future__ import annotations

import math

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def round_ticks(low: float, high: float, n_wanted: int) -> list[float]:
    """Return round numbers within a span.

    Parameters
    ----------
    n_wanted : int
        About how many, 1 or more.

    Returns
    -------
    list of float
        Rising; empty if the span is.
    """
    if not high > low:
        return []
    raw = (high - low) / max(1, n_wanted)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in _ROUND if factor * power >= raw * (1 - 1e-12))
    first = math.ceil(low / step - 1e-9)
    return [round(step * place, 12) for place in range(first, math.floor(high / step + 1e-9) + 1)]


def decades(low: float, high: float) -> list[tuple[float, bool]]:
    """Return the ticks of a logarithmic axis.

    Parameters
    ----------
    low : float
        Lower end, above 0.
    """
    ticks = []
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        for factor in range(1, 10):
            value = factor * 10.0**power
            if low <= value <= high:
                ticks.append((value, factor == 1))
    return ticks


def short(value: float | None) -> str:
    """Write a number for an axis or a well: about three significant digits, never in powers of ten below a million.

    Returns
    -------
    str
        The number; a dash if there is none.
    """
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(value)
    if size >= 1e6:
        return f"{value:.2e}".replace("e+0", "e").replace("e+", "e")
    if size >= 100:
        return f"{value:.0f}"
    if size >= 10:
        return f"{value:.1f}".removesuffix(".0")
    if size >= 1:
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return f"{value:.3g}" if size >= 1e-4 or value == 0 else f"{value:.1e}"
