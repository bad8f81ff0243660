"""Letters of the printed report, and how wide the columns of its tables are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

_PADDING = 5  # points beside the text of a cell
_WIDEST = 190  # points that a column may ask for before its text wraps


def column_widths(head: Sequence[str], body: Sequence[Sequence[str]], width: float, points: float) -> list[float]:
    """Share the width of a page among the columns of a table.

    Parameters
    ----------
    body : sequence of sequence of str
        Rows; a short one spans columns and asks for nothing.

    Returns
    -------
    list of float
        Widths in points; no word is broken where the page allows it.
    """
    full_rows = [row for row in body if len(row) == len(head)]
    columns = [[name, *(row[n] for row in full_rows)] for n, name in enumerate(head)]
    least = [
        max(_wide(word, points) for cell in cells for word in cell.split() or [""]) + _PADDING for cells in columns
    ]
    natural_widths = [min(max(_wide(cell, points) for cell in cells), _WIDEST) + _PADDING for cells in columns]
    more = [max(0.0, wish - need) for wish, need in zip(natural_widths, least, strict=True)]
    spare = width - sum(least)
    part = min(spare, sum(more)) / (sum(more) or 1.0) if spare > 0 else 0.0
    wide = [need + part * wish for need, wish in zip(least, more, strict=True)]
    return [width * one / sum(wide) for one in wide]


def _wide(text: str, points: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, font() + "-Bold", points))


@lru_cache(maxsize=1)
def font() -> str:
    """Return the name of a font with every sign that the report writes, made known to the writer of the PDF.

    Returns
    -------
    str
        Name; its bold form ends in ``-Bold``.
    """
    import matplotlib as mpl
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for suffix in ("", "-Bold"):
        registerFont(TTFont(f"DejaVuSans{suffix}", str(folder / f"DejaVuSans{suffix}.ttf")))
    return "DejaVuSans"
