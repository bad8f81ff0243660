"""The parts that a printed report is built from, on reportlab."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from qc.report.pdf_columns import column_widths, font

INK, QUIET, RULE, WARM = "#1c2733", "#5a6775", "#c9d1d9", "#fdf1ea"
MARGIN_POINTS = 42
N_PICTURES_ACROSS = 4
TEXT_POINTS, SMALL_POINTS = 8.5, 7.0


def document(target: io.BytesIO, parts: Sequence[Any], *, title: str, label: str, foot: str) -> None:
    """Build the document; equal parts give equal bytes.

    Parameters
    ----------
    label : str
        What stands at the head of every page, such as ``SYNTHETIC``; may be empty.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    furnish = partial(_furnish, label=label, foot=foot)
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), MARGIN_POINTS)
    made = SimpleDocTemplate(target, pagesize=A4, title=title, author="Assaygate", invariant=1, **margins)
    made.build(list(parts), onFirstPage=furnish, onLaterPages=furnish)


def _furnish(canvas: Any, page: Any, *, label: str, foot: str) -> None:  # Any: reportlab's canvas and page
    from reportlab.lib.pagesizes import A4

    canvas.saveState()
    canvas.setFont(font(), SMALL_POINTS)
    canvas.setFillColor(QUIET)
    canvas.drawString(MARGIN_POINTS, 24, foot)
    canvas.drawRightString(A4[0] - MARGIN_POINTS, 24, f"page {page.page}")
    if label:
        canvas.drawCentredString(A4[0] / 2, A4[1] - 26, label)
    canvas.restoreState()


def heading(text: str, level: int = 2) -> Any:  # Any: a flowable
    """Return a heading.

    Parameters
    ----------
    level : int
        1 for the title, 2 for a section.
    """
    from reportlab.platypus import Paragraph

    size = 15 if level == 1 else 10.5
    return Paragraph(escape(text), _style(size, is_strong=True, space_before=2 if level == 1 else 10))


def paragraph(text: str, *, is_strong: bool = False, is_small: bool = False) -> Any:  # Any: a flowable
    """Return a paragraph."""
    from reportlab.platypus import Paragraph

    return Paragraph(escape(text), _style(SMALL_POINTS if is_small else TEXT_POINTS, is_strong=is_strong))


def listed(sentences: Sequence[str], *, is_numbered: bool = False) -> Any:  # Any: a flowable
    """Return a list of sentences."""
    from reportlab.platypus import ListFlowable, Paragraph

    style = _style(SMALL_POINTS if is_numbered else TEXT_POINTS)
    kind = {"bulletType": "1", "bulletFontSize": SMALL_POINTS} if is_numbered else {"bulletType": "bullet"}
    entries = [Paragraph(escape(sentence), style) for sentence in sentences]
    return ListFlowable(entries, leftIndent=14, bulletFontName=font(), **kind)


def table(head: Sequence[str], body: Sequence[Sequence[str]], marked: Sequence[int] = ()) -> Any:  # Any: a flowable
    """Return a table that repeats its head on every page.

    Parameters
    ----------
    body : sequence of sequence of str
        Rows; one that is short spans the rest with its last cell.
    marked : sequence of int
        Rows to shade, from 0.
    """
    from reportlab.platypus import Paragraph, Table, TableStyle

    style, strong = _style(SMALL_POINTS, space_after=0), _style(SMALL_POINTS, is_strong=True, space_after=0)
    rows: list[list[Any]] = [[Paragraph(escape(cell), strong) for cell in head]]
    looks: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, RULE),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ]
    for place, row in enumerate(body, start=1):
        is_marked = place - 1 in marked
        cells: list[Any] = [Paragraph(escape(cell), strong if is_marked else style) for cell in row]
        rows.append(cells + [""] * (len(head) - len(row)))
        if len(row) < len(head):
            looks.append(("SPAN", (len(row) - 1, place), (-1, place)))
        if is_marked:
            looks.append(("BACKGROUND", (0, place), (-1, place), WARM))
    return Table(
        rows,
        colWidths=column_widths(head, body, _text_width(), SMALL_POINTS),
        repeatRows=1,
        style=TableStyle(looks),
        hAlign="LEFT",
    )


def picture(content: bytes, width_points: float) -> Any:  # Any: a flowable
    """Return a picture."""
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image

    wide, high = ImageReader(io.BytesIO(content)).getSize()
    return Image(io.BytesIO(content), width=width_points, height=width_points * high / wide, hAlign="LEFT")


def pictures(titled: Sequence[tuple[str, bytes]]) -> Any:  # Any: a flowable
    """Return pictures in a grid, each under its title."""
    from reportlab.platypus import Paragraph, Table

    if not titled:
        return paragraph("Nothing could be drawn.")
    width = _text_width() / N_PICTURES_ACROSS
    style = _style(SMALL_POINTS, is_strong=True, space_after=0)
    cells = [[Paragraph(escape(title), style), picture(one, width - 6)] for title, one in titled]
    cells += [[] for _ in range(-len(cells) % N_PICTURES_ACROSS)]
    rows = [cells[start : start + N_PICTURES_ACROSS] for start in range(0, len(cells), N_PICTURES_ACROSS)]
    return Table(
        rows, colWidths=[width] * N_PICTURES_ACROSS, style=[("LEFTPADDING", (0, 0), (-1, -1), 0)], hAlign="LEFT"
    )


def _text_width() -> float:
    from reportlab.lib.pagesizes import A4

    return float(A4[0]) - 2 * MARGIN_POINTS


def _style(size: float, *, is_strong: bool = False, space_before: float = 0, space_after: float = 4) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        f"s{size}{is_strong}{space_before}{space_after}",
        fontName=font() + ("-Bold" if is_strong else ""),
        fontSize=size,
        leading=size * 1.32,
        textColor=INK,
        spaceBefore=space_before,
        spaceAfter=space_after,
        keepWithNext=int(size > TEXT_POINTS),
    )
