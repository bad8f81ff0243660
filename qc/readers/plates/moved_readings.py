"""Readings of a plate that stand in another well or block than they should: told by what all other wells have.

A reading beside or below its place leaves a gap where other rows have a reading, and fills one where they have none.
One that is written with the decimals of another block stands in the wrong block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from qc.readers.text.decimals import exchanged, written_decimals
from schemas.plates.plate import Block, Plate, place_of, row_letter

_LEAST_ALIKE = 3
"""Other rows with readings in the same columns, which a row would have if one of its readings were moved by a cell."""
_LEAST_TWICE = 2
"""The same for two neighbouring rows that both would."""
_MOST_BLOCKS = 12
"""Blocks of a plate that are held against each other."""
_SO = "does it stand in the wrong cell?"


def with_moved_readings(plate: Plate) -> Plate:
    """Return a plate with a note for each reading that seems to stand in another well or block.

    Parameters
    ----------
    plate : Plate
        Plate as its reader found it.
    """
    blocks = [block for block in plate.blocks if block.readings][:_MOST_BLOCKS]
    notes = [note for block in blocks for note in _moved(block)]
    notes += [note for pair in combinations(blocks, 2) for note in _between(*pair)]
    return replace(plate, words=replace(plate.words, notes=(*plate.words.notes, *notes))) if notes else plate


def _moved(block: Block) -> Iterator[str]:
    rows: dict[int, set[int]] = {}
    for well in block.readings:
        row, column = place_of(well)
        rows.setdefault(row, set()).add(column)
    counts = Counter(map(frozenset, rows.values()))
    if len(counts) < 2:
        return
    for row, columns in rows.items():
        if counts[frozenset(columns)] == 1:
            for column in sorted(columns):
                beside = [at for at in (column - 1, column + 1) if at not in columns]
                if any(counts[frozenset(columns ^ {column, at})] >= _LEAST_ALIKE for at in beside):
                    yield _sentence(block, row, column, "beside a gap where other rows have one")
            below = rows.get(row + 1, set())
            if counts[frozenset(below)] == 1:
                yield from _exchanged_rows(block, row, columns, below, counts)


def _exchanged_rows(
    block: Block, row: int, columns: set[int], below: set[int], counts: Counter[frozenset[int]]
) -> Iterator[str]:
    for column in sorted(columns ^ below):
        both = (frozenset(columns ^ {column}), frozenset(below ^ {column}))
        if all(counts[one] >= _LEAST_TWICE for one in both):
            at = row if column in columns else row + 1
            yield _sentence(block, at, column, "above or below a gap where other rows have one")


def _sentence(block: Block, row: int, column: int, where: str) -> str:
    well = f"{row_letter(row)}{column + 1}"
    return f"line {block.readings[well].line}: The reading of {well} in '{block.name}' stands {where}: {_SO}"


def _between(one: Block, other: Block) -> Iterator[str]:
    wells = [well for well in one.readings if well in other.readings]
    decimals = ([written_decimals(block.readings[well].text) for well in wells] for block in (one, other))
    for at in exchanged(*decimals):
        line = one.readings[wells[at]].line
        text = f"The readings of {wells[at]} in '{one.name}' and '{other.name}' have the decimals of each other's block"
        yield f"line {line}: {text}: are they swapped?"
