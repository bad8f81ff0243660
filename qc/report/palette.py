"""Colours and settings that all plots share, and how a plot becomes part of a page."""

from __future__ import annotations

import io
import re
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one plot."""

    ink: str
    """Text and marks of limits."""
    line: str
    """One subject."""
    accent: str
    """Medians, and what holds."""
    band: str
    """Shaded regions."""
    paper: str
    """Inside of open marks."""
    rule: str
    """Axes."""


PAGE = Palette("#010101", "#020202", "#030303", "#040404", "#050505", "#060606")
"""Stand-ins that the style sheet of a page replaces, so that light and dark need one drawing."""
PAPER = Palette("#1c2733", "#8fa0b2", "#b5420f", "#eef1f5", "#ffffff", "#9aa7b4")
"""Colours on white paper."""
_VARIABLES = ("--ink", "--plot-line", "--accent", "--plot-band", "--paper", "--rule")
SETTINGS: Any = {  # Any: matplotlib types each key on its own
    "svg.fonttype": "none",
    "svg.hashsalt": "assaygate",
    "font.size": 9.5,
    "axes.linewidth": 0.6,
}


def inline_svg(figure: Figure, prefix: str) -> str:
    """Turn a plot in stand-in colours into an SVG element of a page.

    Parameters
    ----------
    figure : Figure
        Plot in the colours of ``PAGE``.

    Returns
    -------
    str
        SVG element that takes its colours from the page; equal input gives equal text.
    """
    import matplotlib as mpl

    buffer = io.StringIO()
    with mpl.rc_context(SETTINGS):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = buffer.getvalue()
    body = svg[svg.index("<svg") :]
    for _ in ("width", "height"):
        body = re.sub(r'(<svg[^>]*?) (?:width|height)="[^"]*pt"', r"\1", body, count=1)
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{prefix}-', body)
    body = body.replace("url(#", f"url(#{prefix}-").replace('href="#', f'href="#{prefix}-')
    for stand_in, variable in zip(astuple(PAGE), _VARIABLES, strict=True):
        body = body.replace(stand_in, f"var({variable})")
    return body.replace("<svg ", '<svg aria-hidden="true" ', 1).strip()


def png(figure: Figure, *, dpi: int = 200) -> bytes:
    """Turn a plot into a picture for a printed page.

    Parameters
    ----------
    figure : Figure
        Plot in the colours of ``PAPER``.
    dpi : int
        Dots per inch.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()
