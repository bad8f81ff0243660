"""Titles of a value and of its mean that changed places: what is called the mean varies, and the value is its mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from qc.readers.text.doubts import Doubt
from qc.readers.text.summaries import Group, statistic_of, step_of, words_of_title
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from schemas.text_tables.sheet import Row

_LEAST_TWINS = 2
"""Groups of several rows, and different numbers of a group, that show it."""
_PRINTED = 1e-6


def exchanged_means(header: Row, groups: Sequence[Group], *, names: Sequence[int], mark: str) -> Iterator[Doubt]:
    """Yield each mean whose own cells have another column for their mean in every group.

    Parameters
    ----------
    header : Row
        Titles of the columns.
    groups : sequence of Group
        Replicates, which share their summaries.
    names : sequence of int
        Columns that name a group or its unit, and are no numbers.
    mark : str
        Decimal mark of the file.
    """
    several = [group.rows for group in groups if len(group.rows) > 1]
    means = [at for at, title in enumerate(header.cells) if statistic_of(title) == "mean"]
    bases = [at for at, title in enumerate(header.cells) if at not in names and not statistic_of(title)]
    for column in means if len(several) >= _LEAST_TWINS else ():
        of = [word for word in words_of_title(header.cell(column)) if not statistic_of(word)]
        named = [base for base in bases if not of or words_of_title(header.cell(base))[-len(of) :] == of]
        base = next((base for base in named if all(_is_mean_of(rows, base, column, mark) for rows in several)), None)
        if base is not None:
            text = f"'{header.cell(base)}' is the mean of '{header.cell(column)}' in each group"
            yield Doubt(several[0][0], column, f"{text}, so their titles changed places", is_sure=True)


def _is_mean_of(rows: Sequence[Row], base: int, column: int, mark: str) -> bool:
    """Tell whether a column has one number in all rows, the mean of another one that differs among them."""
    wholes = {row.cell(base) for row in rows}
    whole = number_of(next(iter(wholes)), mark) if len(wholes) == 1 else None
    numbers = [number_of(row.cell(column), mark) for row in rows]
    parts = [number for number in numbers if number is not None]
    if whole is None or len(parts) < len(numbers) or len(set(parts)) < _LEAST_TWINS:
        return False
    step = max(step_of(row.cell(at), mark) for row in rows for at in (base, column))
    return abs(fmean(parts) - whole) <= step + _PRINTED * abs(whole)
