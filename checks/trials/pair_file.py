"""Read a file of pairs: subject, before, after; a cell may be censored or empty."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from checks.arithmetic.censoring.censored_pairs import CensoredValues
from checks.trials.csv_table import NOT_MEASURED, CsvTable, read_csv_table
from schemas.errors import Fault, ReaderError
from schemas.value import ValueState
from schemas.value_words import SHIPPED, ValueWords
from schemas.written_number import two_ways

COLUMNS = ("subject", "before", "after")
TOO_LONG = "The line has more cells than the header; a decimal comma needs semicolons between the cells."
"""What is said of a line of pairs, visits or p-values that is too long."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as written: a number, or a limit with its sign."""

    number: float
    """Value, or the limit."""
    censor: str
    """Empty, ``<`` or ``>``."""


@dataclass(frozen=True, slots=True)
class PairFile:
    """Complete pairs of a file."""

    subjects: tuple[str, ...]
    """Subject of each complete pair, in the order of the file."""
    before: CensoredValues
    """First values."""
    after: CensoredValues
    """Second values."""
    n_missing: int
    """Subjects without one value or without both."""
    n_before_only: int
    """Subjects of whom only the first value is there."""
    n_after_only: int
    """Subjects of whom only the second is."""


def read_pairs(text: str, words: ValueWords = SHIPPED, bounds: Mapping[str, float | None] | None = None) -> PairFile:
    """Read pairs from the text of a CSV file.

    Parameters
    ----------
    text : str
        Header ``subject,before,after`` and one line a subject; semicolons and tabs separate too, and then a decimal
        comma is read. An empty cell or a word such as ``NA`` is a missing partner; ``<0.5``, ``>1000`` and words
        such as ``BLQ`` are limits.
    words : ValueWords
        What words mean that stand in place of a number.
    bounds : mapping of str to (float or None), optional
        Limits of such words where no column states them: ``lloq``, ``lod``, ``uloq``.

    Returns
    -------
    PairFile
        Complete pairs and the count of the others.

    Raises
    ------
    ReaderError
        If a column is missing, a subject is empty or named twice, or a cell is no number: all faults at once.
    """
    table = read_csv_table(text, COLUMNS, too_long=TOO_LONG, may_be_empty=True)
    table.words, table.stated = words, bounds or {}
    faults = table.faults
    cells: dict[str, tuple[Cell | None, Cell | None]] = {}
    for place, row in enumerate(table.rows):
        subject = _subject(row["subject"], cells, f"line {table.lines[place]}", faults)
        before, after = (read_cell(table, place, name) for name in COLUMNS[1:])
        cells[subject] = (before, after)
    if faults:
        raise ReaderError("The file of pairs cannot be judged.", faults)
    return _complete(cells)


def _subject(subject: str, known: dict[str, tuple[Cell | None, Cell | None]], where: str, faults: list[Fault]) -> str:
    if not subject:
        faults.append(Fault(where, "The subject is empty: every pair needs one."))
    elif subject in known:
        faults.append(Fault(where, f"Subject '{subject}' is named twice: one line a subject is expected."))
    return subject


def read_cell(table: CsvTable, place: int, column: str) -> Cell | None:
    """Read one value: a number, ``<limit``, ``>limit``, a word such as ``BLQ``, or nothing.

    Parameters
    ----------
    table : CsvTable
        Table; takes what is wrong.
    place : int
        Index of the row, from 0.
    column : str
        Name of the column.

    Returns
    -------
    Cell or None
        The value; its number is NaN where a word lies beyond a limit that nobody states. None where it is missing or no
        number.
    """
    value = table.cell(place, column)
    if value.state in NOT_MEASURED:
        return None
    if value.censor:
        return Cell(math.nan if value.limit is None else value.limit, value.censor)
    if value.state is ValueState.NUMBER and value.number is not None:
        return Cell(value.number, "")
    where, expected = f"line {table.lines[place]}, column '{column}'", "a number, '<limit', '>limit' or nothing"
    hint = two_ways(value.text) or "A word of your own stands in words.toml of the lab."
    table.faults.append(Fault(where, f"'{value.text}' is not a number; {expected} is expected. {hint}"))
    return None


def _complete(cells: dict[str, tuple[Cell | None, Cell | None]]) -> PairFile:
    pairs = [(subject, first, second) for subject, (first, second) in cells.items() if first and second]
    return PairFile(
        subjects=tuple(subject for subject, _, _ in pairs),
        before=as_values([first for _, first, _ in pairs]),
        after=as_values([second for _, _, second in pairs]),
        n_missing=len(cells) - len(pairs),
        n_before_only=sum(bool(first) and not second for first, second in cells.values()),
        n_after_only=sum(bool(second) and not first for first, second in cells.values()),
    )


def as_values(cells: list[Cell]) -> CensoredValues:
    """Turn cells into the values of one visit.

    Parameters
    ----------
    cells : list of Cell
        Values as written.

    Returns
    -------
    CensoredValues
        Numbers and limits.
    """
    return CensoredValues(
        number=np.array([cell.number for cell in cells], dtype=np.float64),
        is_below=np.array([cell.censor == "<" for cell in cells], dtype=np.bool_),
        is_above=np.array([cell.censor == ">" for cell in cells], dtype=np.bool_),
    )
