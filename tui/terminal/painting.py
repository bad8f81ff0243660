"""Painting sparingly: only cells that look different from what the terminal shows are sent to it.

The library sends whole widgets again, some kilobytes for each key; over a slow line each of them is a wait. Here what
was sent is remembered cell by cell, and neighbouring cells of one style share its code. While the line is behind
nothing is painted; once it has caught up the screen is sent as it stands then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen

Cell = tuple[str, str]
"""What stands in one column: a letter, or nothing behind a wide one, and the code of its style."""
_NEAR = 6  # cells between two changes that are sent rather than jumped over: a jump costs as many bytes
_MOST_WAITING = 1  # paints that may wait for the line before the next one waits for them
_PAUSE_S = 0.03
_NOTHING: Cell = ("", "")
_PLAIN = "\x1b[0m"


def _sendable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


class Painted:
    """What a terminal shows, as far as is known."""

    def __init__(self) -> None:
        self.rows: dict[int, list[Cell]] = {}
        self._codes: dict[Style | None, str] = {None: _PLAIN}

    def forget(self) -> None:
        """Know nothing any more: all is sent again."""
        self.rows.clear()

    def cells_of(self, segments: Iterable[Segment], colours: ColorSystem) -> list[Cell]:
        """Write segments cell by cell."""
        cells: list[Cell] = []
        for text, style, control in segments:
            if control:
                continue
            code = self._code(style, colours)
            # What files have written may hold escapes: none of them is ever sent.
            if not text.isprintable():
                cells += self.cells_of([Segment(_sendable(text), style)], colours)
                continue
            if len(text) == cell_len(text):
                cells += [(letter, code) for letter in text]
                continue
            for letter in text:
                width = get_character_cell_size(letter)
                if width:
                    cells += [(letter, code), *[("", code)] * (width - 1)]
                elif cells:
                    cells[-1] = (cells[-1][0] + letter, cells[-1][1])
        return cells

    def changes(self, parts: Iterable[tuple[int, int, Sequence[Cell]]]) -> str:
        """Return what makes a terminal show some cells, and remember it.

        Returns
        -------
        str
            Escape sequences; empty if all of it is shown already.
        """
        sequences: list[str] = []
        now = ""
        for y, x, cells in parts:
            row = self.rows.setdefault(y, [])
            row += [_NOTHING] * (x + len(cells) - len(row))
            for start, end in _runs(row, x, cells):
                sequences.append(f"\x1b[{y + 1};{x + start + 1}H")
                for letter, code in cells[start:end]:
                    if code != now:
                        sequences.append(code)
                        now = code
                    sequences.append(letter)
            row[x : x + len(cells)] = cells
        return "".join([*sequences, _PLAIN]) if sequences else ""

    def _code(self, style: Style | None, colours: ColorSystem) -> str:
        code = self._codes.get(style)
        if code is None:
            own = style._make_ansi_codes(colours) if style is not None else ""
            code = self._codes[style] = f"\x1b[0;{own}m" if own else _PLAIN
        return code


def _runs(row: Sequence[Cell], x: int, cells: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for at, cell in enumerate(cells):
        if row[x + at] == cell:
            continue
        if start < 0 or at - end > _NEAR:
            if start >= 0:
                yield _full_cells(cells, start, end)
            start = at
        end = at + 1
    if start >= 0:
        yield _full_cells(cells, start, end)


def _full_cells(cells: Sequence[Cell], start: int, end: int) -> tuple[int, int]:
    # A wide letter is sent with both of its columns.
    while start > 0 and not cells[start][0]:
        start -= 1
    while end < len(cells) and not cells[end][0]:
        end += 1
    return start, end


class SparingApp(App[Any]):  # Any: the app gives nothing back
    """App that sends what has changed, and no more."""

    def __init__(self) -> None:
        super().__init__()
        self.painted = Painted()
        self._is_owing = False

    def on_resize(self) -> None:
        # What a terminal shows after a change of its size is its own affair.
        self.painted.forget()

    def paint_anew(self) -> None:
        """Send the whole screen again, whatever the terminal is thought to show."""
        self.painted.forget()
        self.screen.refresh(layout=True)

    def _is_behind(self) -> bool:
        queue = getattr(getattr(self._driver, "_writer_thread", None), "_queue", None)
        return queue is not None and queue.qsize() > _MOST_WAITING

    def _catch_up(self) -> None:
        self._is_owing = False
        if self._running and not self._closed and self.screen_stack and self.screen.is_running:
            self._display(self.screen, self.screen._compositor.render_full_update())

    def _display(self, screen: Screen[Any], renderable: Any) -> None:  # Any: whatever the library paints
        if renderable is not None and self._is_behind():
            if not self._is_owing:
                self._is_owing = True
                self.set_timer(_PAUSE_S, self._catch_up)
            return
        if isinstance(renderable, LayoutUpdate | ChopsUpdate):
            renderable = _Sparing(renderable, self.painted)
        elif renderable is not None:
            self.painted.forget()
        super()._display(screen, renderable)


class _Sparing(CompositorUpdate):
    def __init__(self, update: LayoutUpdate | ChopsUpdate, painted: Painted) -> None:
        self.update, self.painted = update, painted

    def render_segments(self, console: Any) -> str:  # Any: a console of rich
        colours = console._color_system or ColorSystem.TRUECOLOR
        strips = _of_layout(self.update) if isinstance(self.update, LayoutUpdate) else _of_chops(self.update)
        return self.painted.changes((y, x, self.painted.cells_of(line, colours)) for y, x, line in strips)


def _of_layout(update: LayoutUpdate) -> Iterator[tuple[int, int, Iterable[Segment]]]:
    for y, line in enumerate(update.strips, update.region.y):
        yield y, update.region.x, chain.from_iterable(line)


def _of_chops(update: ChopsUpdate) -> Iterator[tuple[int, int, Iterable[Segment]]]:
    for y, x1, x2 in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= x2 and end > x1:
                yield y, x, strip if x1 <= x and end <= x2 else strip.crop(0, min(end, x2) - x)
