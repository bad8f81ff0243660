from __future__ import annotations

import re

import pytest

from qc.triage.control_chart_view import ControlPoint, ControlSeries
from qc.triage.plate_view import Plate, Well
from tui.drawing.axes import decades, round_ticks, short
from tui.drawing.colours import DARK
from tui.drawing.grid import Grid
from tui.drawing.levey_jennings import LeveyJennings
from tui.drawing.plate import PlatePicture
from tui.text.sparkline import spark
from tui.widgets.columns import HIDDEN_NUMBER, Column, fitting, written


def _point(z, rules=(), run="R", *, events=(), own=False):
    return ControlPoint(
        run=run, at=None, value=None if z is None else 100 + 5 * z, z=z, target=100.0, sd=5.0, rules=tuple(rules),
        events=tuple(events), is_own=own,
    )  # fmt: skip


def _drawn(picture, width=90, height=24, cursor=None):
    grid = Grid(width, height)
    picture.draw(grid, DARK, picture.first_point if cursor is None else cursor)
    grid.flush()
    return grid.lines()


@pytest.mark.parametrize("width", range(1, 12))
def test_a_number_is_written_whole_or_not_at_all(width):
    cell = written("1234.5", width, is_number=True)

    assert len(cell) == width
    assert cell.strip() in ("1234.5", HIDDEN_NUMBER)


def test_columns_of_a_higher_rank_go_first_where_there_is_no_space():
    columns = [Column("item", 8), Column("sample", 8, rank=2), Column("rule", 8, rank=1, weight=1)]

    assert [at for at, _ in fitting(columns, 40)] == [0, 1, 2]
    assert [at for at, _ in fitting(columns, 20)] == [0, 2]
    assert [at for at, _ in fitting(columns, 9)] == [0]


def test_words_give_way_to_numbers_where_there_is_no_space():
    columns = [Column("control", 15), Column("z now", 6, is_number=True)]

    assert fitting(columns, 18) == [(0, 10), (1, 6)]
    assert fitting(columns, 5) == [(0, 4), (1, 6)]


def test_each_rule_has_a_shape_of_its_own_on_the_chart():
    points = [_point(0.2), _point(3.4, ["1-3s"]), _point(2.2, ["2-2s"]), _point(1.1, ["4-1s"]), _point(2.1, ["1-2s"])]
    series = ControlSeries(material="M", level="L1", unit="ng/mL", points=tuple(points))

    text = "\n".join(_drawn(LeveyJennings([series], "ferritin"), cursor=0))

    assert all(shape in text for shape in "●▲■▣△")
    assert "mean" in text
    assert "+3SD" in text


def test_a_new_lot_is_marked_and_told_at_its_point():
    points = [_point(0.1), _point(0.3, events=["reagent lot B"], own=True)]
    series = ControlSeries(material="M", level="L1", unit="ng/mL", points=tuple(points))

    lines = _drawn(LeveyJennings([series], "ferritin"))

    assert any("▾" in line for line in lines)
    assert "reagent lot B" in lines[-1]


def test_a_control_that_was_not_measured_leaves_a_gap():
    points = [_point(0.5), _point(None), _point(-0.5, own=True)]
    series = ControlSeries(material="M", level="L1", unit="ng/mL", points=tuple(points))

    lines = _drawn(LeveyJennings([series], "ferritin"), cursor=1)

    assert sum(line.count("●") for line in lines) == 2
    assert "no z" in lines[-1]


@pytest.mark.parametrize(("width", "height"), [(40, 14), (64, 20), (90, 24), (120, 40)])
def test_a_plate_shows_whole_numbers_or_none(width, height):
    wells = tuple(
        Well(
            name=f"{'ABCDEFGH'[row]}{column + 1}", row=row, column=column, role="sample", label="S-1", signal=1.0,
            conc=1000.0 + row * 12 + column, censor="", nominal=None, flag="", is_flagged=False, is_own=False,
        )
        for row in range(8)
        for column in range(12)
    )  # fmt: skip
    picture = PlatePicture(Plate(plate="P", n_rows=8, n_columns=12, unit="ng/mL", wells=wells))

    lines = _drawn(picture, width, height, cursor=0)

    layout = picture.layout(width, height)
    shown = lines[layout.top : layout.top + layout.lines(8)]
    numbers = [float(word) for line in shown for word in re.findall(r"\d+", line)]
    assert bool(numbers) == (width >= 64)
    assert all(1000 <= number <= 1095 for number in numbers)


def test_axes_are_round_and_decades_are_marked():
    assert round_ticks(0, 3.4, 5) == [0, 1, 2, 3]
    assert [value for value, is_whole in decades(0.5, 200) if is_whole] == [1, 10, 100]


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0.0, "0"), (1.264, "1.26"), (12.5, "12.5"), (100.0, "100"), (0.0305, "0.0305")]
)
def test_short_numbers_keep_three_digits(value, text):
    assert short(value) == text


def test_a_sparkline_has_one_letter_a_point_and_marks_what_is_out():
    assert spark([0.0, None, 3.5, -2.9]) == "▄ !▁"


def test_words_that_do_not_fit_end_after_a_whole_word():
    grid = Grid(20, 1)

    grid.text(0, 0, "signal 2.44 and 1287.5 pg/mL")

    assert grid.lines()[0].rstrip() == "signal 2.44 and…"


@pytest.mark.parametrize(("width", "height"), [(52, 21), (75, 22), (100, 40), (180, 50), (230, 60)])
def test_a_plate_of_384_wells_shows_whole_numbers_or_none(width, height):
    values = {(row, column): 1000.0 + row * 24 + column for row in range(16) for column in range(24)}
    wells = tuple(
        Well(
            name=f"{chr(65 + row)}{column + 1}", row=row, column=column, role="sample", label="S-1", signal=1.0,
            conc=conc, censor="", nominal=None, flag="", is_flagged=(row, column) == (15, 23), is_own=False,
        )
        for (row, column), conc in values.items()
    )  # fmt: skip
    plate = Plate(plate="P", n_rows=16, n_columns=24, unit="ng/mL", wells=wells)
    picture = PlatePicture(plate)

    lines = _drawn(picture, width, height)

    tall, top = picture.layout(width, height).height, picture.layout(width, height).top
    rows = lines[top : top + 16 * tall]
    shown = [word for line in rows for word in re.findall(r"\d+(?:\.\d+)?", line)]
    assert set(shown) <= {short(value) for value in values.values()}
    assert bool(shown) == (width >= 180)
    assert [line.split()[0] for line in rows[::tall]] == [chr(65 + row) for row in range(16)]
    words = next(line for line in lines if "P24" in line)
    assert short(values[15, 23]) in words
    assert "✗" in rows[15 * tall]
