from __future__ import annotations

import random

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from tui.terminal.painting import Painted

STYLES = [None, Style(color="red"), Style(bgcolor="#203040"), Style(bold=True, color="#ffffff", bgcolor="blue")]
LETTERS = "ab1 ●▲━│µ漢字⣿"


def _line(chance: random.Random, width: int) -> list[Segment]:
    from rich.cells import cell_len, set_cell_size

    segments: list[Segment] = []
    while (room := width - sum(cell_len(one.text) for one in segments)) > 0:
        text = "".join(chance.choice(LETTERS) for _ in range(chance.randint(1, 9)))
        segments.append(Segment(set_cell_size(text, min(room, cell_len(text))), chance.choice(STYLES)))
    return segments


@pytest.mark.parametrize("seed", range(8))
def test_what_is_sent_in_parts_shows_what_was_painted(seed, is_long, shown_screen):
    chance = random.Random(seed)
    painted, screen = Painted(), shown_screen()

    for _ in range(400 if is_long else 40):
        y, x = chance.randint(0, 5), chance.randint(0, 20)
        cells = painted.cells_of(_line(chance, chance.randint(2, 40)), ColorSystem.TRUECOLOR)
        screen.take(painted.changes([(y, x, cells)]))
        # A wide letter that was cut in half by what stands over it is the terminal's affair.
        assert {place: screen.cells[place] for place in ((y, x + at) for at in range(len(cells)))} == {
            (y, x + at): (letter, code.removeprefix("\x1b[").removesuffix("m"))
            for at, (letter, code) in enumerate(cells)
        }


def test_what_is_shown_already_is_not_sent_again_until_it_is_forgotten():
    painted = Painted()
    parts = [(0, 0, painted.cells_of([Segment("R12.5 waiting", STYLES[1])], ColorSystem.TRUECOLOR))]

    first, again = painted.changes(parts), painted.changes(parts)
    painted.forget()

    assert "R12.5 waiting" in first
    assert again == ""
    assert painted.changes(parts) == first


def test_one_changed_letter_costs_a_few_bytes():
    painted = Painted()
    for text in ("a line of eighty letters " * 3, "a line of eighty letters " * 2 + "a line of eighty LETTERS "):
        sent = painted.changes([(4, 0, painted.cells_of([Segment(text, STYLES[3])], ColorSystem.TRUECOLOR))])

    assert "LETTERS" in sent
    assert len(sent) < 70
