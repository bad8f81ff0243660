"""Read a file of pairs: subject, before, after; a cell may be censored or empty."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from checks.arithmetic.censoring.censored_pairs import CensoredValues
from checks.trials.csv_table import read_csv_table
from schemas.errors import Fault, ReaderError

COLUMNS = ("subject", "before", "after")
TOO_LONG = "The line has more cells than the header; a decimal comma needs semicolons between the cells."
"""What is said of a line of pairs, visits or p-values that is too long."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_MISSING = frozenset({"", "na", "n/a", "nan"})


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


def read_pairs(text: str) -> PairFile:
    """Read pairs from the text of a CSV file.

    Parameters
    ----------
    text : str
        Header ``subject,before,after`` and one line a subject; semicolons and tabs separate too, and then a decimal
        comma is read. An empty cell or ``NA`` is a missing partner; ``<0.5`` and ``>1000`` are limits.

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
    faults = table.faults
    cells: dict[str, tuple[Cell | None, Cell | None]] = {}
    for line, row in zip(table.lines, table.rows, strict=True):
        where = f"line {line}"
        subject = _subject(row["subject"], cells, where, faults)
        before, after = (
            read_cell(row.get(name, ""), f"{where}, column '{name}'", table.delimiter, faults) for name in COLUMNS[1:]
        )
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


def read_cell(text: str, where: str, delimiter: str, faults: list[Fault]) -> Cell | None:
    """Read one value: a number, ``<limit``, ``>limit`` or nothing.

    Parameters
    ----------
    text : str
        Text of the cell; empty or ``NA`` is missing.
    where : str
        Where it stands, for a fault.
    delimiter : str
        What separates the cells; with anything but a comma, a comma is a decimal one.
    faults : list of Fault
        Takes what is wrong.

    Returns
    -------
    Cell or None
        The value; None where it is missing or no number.
    """
    if text.lower() in _MISSING:
        return None
    censor = text[0] if text[0] in "<>" else ""
    digits = text.removeprefix(censor).strip()
    if delimiter != ",":
        digits = digits.replace(",", ".")
    if not _NUMBER.fullmatch(digits) or not math.isfinite(float(digits)):
        faults.append(Fault(where, f"'{text}' is not a number; a number, '<limit', '>limit' or nothing is expected."))
        return None
    return Cell(float(digits), censor)


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
