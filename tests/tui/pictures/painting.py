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
_BASE = 3  # pixels above the letters
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
    (width, height), (mid_x, mid_y) = CELL, (x + CELL[0] // 2, y + CELL[1] // 2)
    if 0x2800 <= ord(letter) <= 0x28FF:
        for row, pair in enumerate(_DOT_ROWS):
            for column, bit in enumerate(pair):
                if (ord(letter) - 0x2800) & bit:
                    left, top = x + 1 + column * 5, y + 2 + row * 5
                    pen.rectangle((left, top, left + 1, top + 1), fill=ink)
    elif letter in _BLOCKS:
        pen.rectangle((x, y + height - round(height * _BLOCKS[letter] / 8), x + width - 1, y + height - 1), fill=ink)
    elif letter in _LEFT:
        pen.rectangle((x, y, x + max(1, round(width * _LEFT[letter] / 8)) - 1, y + height - 1), fill=ink)
    elif letter == "▐":
        pen.rectangle((x + width // 2, y, x + width - 1, y + height - 1), fill=ink)
    elif letter == "▀":
        pen.rectangle((x, y, x + width - 1, y + height // 2 - 1), fill=ink)
    elif letter == "▔":
        pen.rectangle((x, y, x + width - 1, y + 1), fill=ink)
    elif letter in _ARMS:
        for arm in _ARMS[letter]:
            more = 1 if arm.isupper() else 0
            box = {
                "l": (x, mid_y - more, mid_x, mid_y + more), "r": (mid_x, mid_y - more, x + width - 1, mid_y + more),
                "u": (mid_x - more, y, mid_x + more, mid_y), "d": (mid_x - more, mid_y, mid_x + more, y + height - 1),
            }[arm.lower()]  # fmt: skip
            pen.rectangle(box, fill=ink)
    elif letter in _DASHED:
        count, way = _DASHED[letter]
        length = width if way == "lr" else height
        for at in range(count):
            start = round(at * length / count)
            end = start + max(1, round(length / count * 0.55)) - 1
            box = (x + start, mid_y, x + end, mid_y) if way == "lr" else (mid_x, y + start, mid_x, y + end)
            pen.rectangle(box, fill=ink)
    else:
        weight = "-Bold" if is_bold else ""
        name = f"DejaVuSansMono{weight}"
        if ord(letter) in _letters(name):
            pen.text((x, y + _BASE - 2), letter, fill=ink, font=_font(name, _SIZE))
        else:
            pen.text((mid_x, y + height // 2), letter, fill=ink, font=_font(f"DejaVuSans{weight}", 13), anchor="mm")
