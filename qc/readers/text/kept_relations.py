"""What the columns of one row state of each other: a mean of three parts beside them, a ratio beside its two parts.

As with summaries of several rows, a relation counts where nearly all rows keep it; a row that does not is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from statistics import fmean
from typing import TYPE_CHECKING

from qc.readers.text.doubts import Bearing, Doubt, all_but_one, is_borne_out, is_near, is_trusted
from qc.readers.text.summaries import statistic_of, step_of, words_of_title
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from schemas.text_tables.sheet import Row

_RATIO = re.compile(r"\D?(\d+)\s*[/:]\s*\D?(\d+)\Z")
_LEAST_ROWS = 2
"""Rows none of which keeps what its title says, from which the titles are in doubt."""
_MOST_COLUMNS = 60
Parts = tuple[int, ...]
Expected = Callable[[Sequence[float]], float | None]


def broken_relations(header: Row, rows: Sequence[Row], *, mark: str = ".") -> list[Doubt]:
    """Name the rows that do not keep what nearly all rows keep.

    Parameters
    ----------
    header : Row
        Titles of the columns.
    rows : sequence of Row
        Rows below it.
    mark : str
        Decimal mark of the file.
    """
    doubts: list[Doubt] = []
    for column, parts, words, expected in (*_means(header), *ratios(header)) if header.width <= _MOST_COLUMNS else ():
        bearings = [(row, one) for row in rows if (one := _bearing(row, column, parts, expected, mark)) is not None]
        if expected is not fmean and len(bearings) >= _LEAST_ROWS and all(one is Bearing.BROKEN for _, one in bearings):
            text = f"in no row is '{header.cell(column)}' {words}, so titles or columns changed places"
            doubts += [Doubt(bearings[0][0], column, text, is_sure=True)]
        if (
            expected is fmean
            and len(bearings) >= _LEAST_ROWS
            and (whole := _true_mean(header, rows, (column, *parts), mark)) != column
        ):
            text = f"'{header.cell(whole)}' is the mean of the others, and '{header.cell(column)}' should be it"
            doubts += [Doubt(bearings[0][0], column, text, is_sure=True)]
        if not is_borne_out([one for _, one in bearings]):
            continue
        is_sure = is_trusted([one for _, one in bearings])
        broken = [row for row, one in bearings if one is Bearing.BROKEN]
        for row in broken if is_sure else broken[:1]:
            doubts += [Doubt(row, column, f"'{row.cell(column)}' is not {words}, as in the other rows", is_sure)]
        partly = [row for row, one in bearings if one is Bearing.PARTLY]
        doubts += [Doubt(row, column, f"{words} leaves out one of them here", is_sure=False) for row in partly]
    return doubts


def _means(header: Row) -> Iterator[tuple[int, Parts, str, Expected]]:
    """Yield the columns that are called like a family of numbered ones: ``Gnr1Conc``, ``Gnr2Conc`` and ``Conc``."""
    families: dict[str, list[int]] = {}
    titles = [words_of_title(cell) for cell in header.cells]
    for at, words in enumerate(titles):
        rest = [word for word in words if not any(map(str.isdigit, word))]
        if rest and len(rest) == len(words) - 1:
            families.setdefault(" ".join(rest), []).append(at)
    for name, parts in families.items():
        whole = next((at for at, words in enumerate(titles) if " ".join(words) == name), None)
        if whole is not None and len(parts) > 1 and not statistic_of(header.cell(whole)):
            shown = " and ".join(f"'{header.cell(part)}'" for part in parts)
            yield whole, tuple(parts), f"the mean of {shown}", fmean


def ratios(header: Row) -> Iterator[tuple[int, Parts, str, Expected]]:
    """Yield the columns that are called a ratio of two others: place, places of the two, words and what it should be.

    Parameters
    ----------
    header : Row
        Titles of the columns: ``260/280`` beside ``A260`` and ``A280``.
    """
    titles = ["".join(cell.split()).casefold() for cell in header.cells]
    for at, title in enumerate(titles):
        match = _RATIO.match(title)
        parts = (
            [next((n for n, one in enumerate(titles) if one == f"a{number}"), -1) for number in match.groups()]
            if match
            else []
        )
        if parts and min(parts) >= 0:
            words = f"'{header.cell(parts[0])}' divided by '{header.cell(parts[1])}'"
            yield at, tuple(parts), words, lambda numbers: numbers[0] / numbers[1] if numbers[1] else None


def _true_mean(header: Row, rows: Sequence[Row], family: Parts, mark: str) -> int:
    """Return the column that is the mean of the others of its family in every row; the first where none is plainly.

    A spread that is called after the family may be the one, where two titles changed places.
    """
    kept = []
    spreads = [at for at, title in enumerate(header.cells) if statistic_of(title)]
    for whole in (*family, *spreads):
        others = tuple(part for part in family if part != whole) if whole in family else family[1:]
        bearings = [_bearing(row, whole, others, fmean, mark) for row in rows]
        told = [one for one in bearings if one is not None]
        kept += [whole] if len(told) >= _LEAST_ROWS and all(one is Bearing.KEPT for one in told) else []
    return kept[0] if len(kept) == 1 else family[0]


def _bearing(row: Row, column: int, parts: Parts, expected: Expected, mark: str) -> Bearing | None:
    texts = [row.cell(part) for part in parts]
    numbers = [number for text in texts if (number := number_of(text, mark)) is not None]
    stated = number_of(row.cell(column), mark)
    if stated is None or len(numbers) < len(parts):
        return None
    # The parts are rounded too: each may have been half of its last digit more or less.
    halves = [step_of(text, mark) / 2 for text in texts]
    corners = product(*((one - half, one + half) for one, half in zip(numbers, halves, strict=True)))
    values = [value for corner in corners if (value := expected(corner)) is not None]
    own = 0.51 * step_of(row.cell(column), mark)
    if len(values) < 2 ** len(parts) or (expected is not fmean and abs(numbers[-1]) <= halves[-1]):
        return None
    if min(values) - own <= stated <= max(values) + own:
        return Bearing.KEPT
    if expected is fmean and any(abs(fmean(some) - stated) <= own + max(halves) for some in all_but_one(numbers)):
        return Bearing.PARTLY
    return Bearing.NEAR if is_near(stated, values) else Bearing.BROKEN
