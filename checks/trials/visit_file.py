"""Read a file of several visits: subject, time, value; a cell may be censored or empty."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.trials.csv_table import read_csv_table, unstated
from checks.trials.pair_file import TOO_LONG, Cell, read_cell
from schemas.errors import Fault, ReaderError
from schemas.value_words import SHIPPED, ValueWords

COLUMNS = ("subject", "time", "value")
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class VisitTable:
    """Values by subject and visit."""

    subjects: tuple[str, ...]
    """Subjects, in the order of the file."""
    times: tuple[str, ...]
    """Visits: by size where all are numbers, else in the order of the file."""
    number: Floats
    """Value or limit, shape (n_subjects, n_visits); NaN is missing."""
    is_below: Flags
    """True where the value is only known as below its number."""
    is_above: Flags
    """True where it is only known as above."""

    @property
    def has_censored(self) -> bool:
        """Return whether any value is only a limit."""
        return bool(self.is_below.any() or self.is_above.any())

    @property
    def n_complete(self) -> int:
        """Return the number of subjects with a value at every visit."""
        return int(np.isfinite(self.number).all(axis=1).sum())


def read_visits(text: str, words: ValueWords = SHIPPED, bounds: Mapping[str, float | None] | None = None) -> VisitTable:
    """Read values of several visits from the text of a CSV file.

    Parameters
    ----------
    text : str
        Header ``subject,time,value`` and one line a value; semicolons and tabs separate too, and then a decimal comma
        is read. An empty value or ``NA`` is a missing visit; ``<0.5``, ``>1000`` and words such as
        ``BLQ`` are limits.
    words : ValueWords
        What words mean that stand in place of a number.
    bounds : mapping of str to (float or None), optional
        Limits of such words where no column states them: ``lloq``, ``lod``, ``uloq``.

    Returns
    -------
    VisitTable
        Every subject and visit that is named.

    Raises
    ------
    ReaderError
        If a column is missing, a subject or time is empty, a subject has two values at one time, or a cell is no
        number: all faults at once.
    """
    table = read_csv_table(text, COLUMNS, too_long=TOO_LONG, may_be_empty=True)
    table.words, table.stated = words, bounds or {}
    faults = table.faults
    cells: dict[tuple[str, str], Cell | None] = {}
    for place, row in enumerate(table.rows):
        where = f"line {table.lines[place]}"
        subject, time = row["subject"], row.get("time", "")
        if not subject or not time:
            faults.append(Fault(where, "The subject or the time is empty: every value needs both."))
        elif (subject, time) in cells:
            faults.append(Fault(where, f"Subject '{subject}' has two values at time '{time}': one is expected."))
        cells[subject, time] = cell = read_cell(table, place, "value")
        if cell is not None and math.isnan(cell.number):
            faults.append(Fault(where, unstated(row.get("value", ""), "value")))
    if faults:
        raise ReaderError("The file of visits cannot be judged.", faults)
    return _table(cells)


def _table(cells: dict[tuple[str, str], Cell | None]) -> VisitTable:
    subjects = tuple(dict.fromkeys(subject for subject, _ in cells))
    times = _ordered(tuple(dict.fromkeys(time for _, time in cells)))
    shape = (len(subjects), len(times))
    number, is_below, is_above = np.full(shape, np.nan), np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    for (subject, time), cell in cells.items():
        if cell is not None:
            place = subjects.index(subject), times.index(time)
            number[place] = cell.number
            is_below[place], is_above[place] = cell.censor == "<", cell.censor == ">"
    return VisitTable(subjects, times, number, is_below, is_above)


def _ordered(times: tuple[str, ...]) -> tuple[str, ...]:
    try:
        numbers = [float(time.replace(",", ".")) for time in times]
    except ValueError:
        return times
    if not all(math.isfinite(number) for number in numbers):
        return times
    return tuple(time for _, time in sorted(zip(numbers, times, strict=True)))
