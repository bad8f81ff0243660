"""A screen painted cell by cell, as a terminal paints it: every letter stands in its own cell.

Blocks, frames and braille are drawn, not taken from a font, so that lines meet.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont
from rich.segment import Segment
from rich.style import Style

CELL = (9, 19)
_SIZE = 15
_INK, _GROUND = "#dfe4ea", "#0f1317"
_FONTS = Path(get_data_path()) / "fonts" / "ttf"
_BLOCKS = {"▁": 1, "▂": 2, "▃": 3, "▄": 4, "▅": 5, "▆": 6, "▇": 7, "█": 8}
_LEFT = {"▏": 1, "▎": 2, "▍": 3, "▌": 4, "▋": 5, "▊": 6, "▉": 7}
_ARMS = {  # left, right, up, down
    "─": "lr", "━": "LR", "│": "ud", "┤": "lud", "├": "rud", "┴": "lru", "┬": "lrd", "┼": "lrud", "╭": "rd",
    "╮": "ld", "╰": "ru", "╯": "lu", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "╵": "u", "╷": "d", "╎": "ud",
    "╸": "L", "╺": "R", "┃": "UD",
}  # fmt: skip
_DASHED = {"╌": (2, "lr"), "┄": (3, "lr"), "┈": (4, "lr"), "┆": (3, "ud"), "┊": (4, "ud")}
_DOT_ROWS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


def lines_of(app: Any) -> list[list[Segment]]:
    """Return what an app shows, dialogs and notices over their screen."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    return [[segment for strip in line for segment in strip] for line in update.strips]


def paint(lines: list[list[Segment]], path: Path) -> None:
    """Paint lines into a PNG."""
    width = max(sum(segment.cell_length for segment in line) for line in lines)
    picture = Image.new("RGB", (width * CELL[0], len(lines) * CELL[1]), _GROUND)
    pen = ImageDraw.Draw(picture)
    for row, line in enumerate(lines):
        column = 0
        for text, style, _ in line:
            ink, ground = _colours(style or Style())
            is_bold = bool(style and style.bold)
            wide = Segment(text).cell_length
            left, top = column * CELL[0], row * CELL[1]
            if wide:
                pen.rectangle((left, top, left + wide * CELL[0] - 1, top + CELL[1] - 1), fill=ground)
            for letter in text:
                if letter != " ":
                    _letter(pen, column * CELL[0], top, letter, ink, is_bold=is_bold)
                column += Segment(letter).cell_length
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    drawn.save(path, optimize=True)


def _colours(style: Style) -> tuple[str, str]:
    ink = _hex(style.color, _INK)
    ground = _hex(style.bgcolor, _GROUND)
    if style.dim:
        parts = ((int(ink[at : at + 2], 16) + int(ground[at : at + 2], 16)) // 2 for at in (1, 3, 5))
        ink = "#" + "".join(f"{part:02x}" for part in parts)
    return (ground, ink) if style.reverse else (ink, ground)


def _hex(colour: Any, default: str) -> str:
    if colour is None or colour.is_default:
        return default
    return "#{:02x}{:02x}{:02x}".format(*colour.get_truecolor())


@lru_cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"{name}.ttf", size)


@lru_cache
def _letters(name: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    return frozenset(TTFont(_FONTS / f"{name}.ttf").getBestCmap())


def _letter(pen: ImageDraw.ImageDraw, x: int, y: int, letter: str, ink: str, *, is_bold: bool) -> None:
    boxes = _boxes(letter)
    for left, top, right, bottom in boxes or ():
        pen.rectangle((x + left, y + top, x + right, y + bottom), fill=ink)
    if boxes is not None:
        return
    weight = "-Bold" if is_bold else ""
    if ord(letter) in _letters(f"DejaVuSansMono{weight}"):
        pen.text((x, y + 1), letter, fill=ink, font=_font(f"DejaVuSansMono{weight}", _SIZE))
    else:
        middle = (x + CELL[0] // 2, y + CELL[1] // 2)
        pen.text(middle, letter, fill=ink, font=_font(f"DejaVuSans{weight}", _SIZE - 2), anchor="mm")


@lru_cache(maxsize=512)
def _boxes(letter: str) -> list[tuple[int, int, int, int]] | None:
    """Return the rectangles of a block, a frame or braille; None for any other letter."""
    width, height = CELL
    blocks = {
        "▐": (width // 2, 0, width - 1, height - 1),
        "▀": (0, 0, width - 1, height // 2 - 1),
        "▔": (0, 0, width - 1, 1),
    }
    if 0x2800 <= ord(letter) <= 0x28FF:
        bits = ((row, column, bit) for row, pair in enumerate(_DOT_ROWS) for column, bit in enumerate(pair))
        dots = ((1 + column * 5, 2 + row * 5) for row, column, bit in bits if (ord(letter) - 0x2800) & bit)
        return [(left, top, left + 1, top + 1) for left, top in dots]
    if letter in blocks:
        return [blocks[letter]]
    if letter in _BLOCKS:
        return [(0, height - round(height * _BLOCKS[letter] / 8), width - 1, height - 1)]
    if letter in _LEFT:
        return [(0, 0, max(1, round(width * _LEFT[letter] / 8)) - 1, height - 1)]
    if letter in _ARMS:
        return [_arm(arm) for arm in _ARMS[letter]]
    return _dashes(*_DASHED[letter]) if letter in _DASHED else None


def _arm(arm: str) -> tuple[int, int, int, int]:
    (width, height), more = CELL, int(arm.isupper())
    x, y = width // 2, height // 2
    return {
        "l": (0, y - more, x, y + more),
        "r": (x, y - more, width - 1, y + more),
        "u": (x - more, 0, x + more, y),
        "d": (x - more, y, x + more, height - 1),
    }[arm.lower()]


def _dashes(count: int, way: str) -> list[tuple[int, int, int, int]]:
    length = CELL[0] if way == "lr" else CELL[1]
    spans = [(round(at * length / count), max(1, round(length / count * 0.55)) - 1) for at in range(count)]
    x, y = CELL[0] // 2, CELL[1] // 2
    if way == "lr":
        return [(start, y, start + more, y) for start, more in spans]
    return [(x, start, x, start + more) for start, more in spans]
