"""What a grid of readings holds: a block for each label behind its rows, or one named by its title."""

from __future__ import annotations

from schemas.plates.grid import Grid
from schemas.plates.plate import Block, Reading, row_letter
from schemas.text_tables.numerals import decimal_mark


def grid_blocks(grid: Grid) -> list[Block]:
    """Return the blocks of a grid; a block without a reading is none."""
    readings: dict[str, dict[str, Reading]] = {}
    for index, row in grid.rows:
        label = grid.label_of(row) or grid.title or "signal"
        of_label = readings.setdefault(label, {})
        for column in range(grid.n_columns):
            if row.cell(grid.start + column):
                of_label[f"{row_letter(index)}{column + 1}"] = Reading(row.cell(grid.start + column), row.line)
    return [
        Block(label, of_label, decimal_mark(reading.text for reading in of_label.values()))
        for label, of_label in readings.items()
        if of_label
    ]
