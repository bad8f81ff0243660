"""What the columns of one row state of each other: a mean of three parts beside them, a ratio beside its two parts.

As with summaries of several rows, a relation counts where most rows keep it; a row that does not is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from qc.readers.text.summaries import statistic_of, step_of, words_of_title
from schemas.file_remark import FileRemark, RemarkKind
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from schemas.text_tables.sheet import Row, Sheet

_RATIO = re.compile(r"\D?(\d+)\s*/\s*\D?(\d+)\Z")
_LEAST_KEEPING = 3
_SHARE_KEEPING = 0.6
_MOST_COLUMNS = 60
Parts = tuple[int, ...]
Expected = Callable[[Sequence[float]], float | None]


def broken_relations(sheet: Sheet, header: Row, rows: Sequence[Row], *, mark: str = ".") -> tuple[FileRemark, ...]:
    """Name the rows that do not keep what most rows keep.

    Parameters
    ----------
    header : Row
        Titles of the columns.
    rows : sequence of Row
        Rows below it.
    mark : str
        Decimal mark of the file.
    """
    if header.width > _MOST_COLUMNS:
        return ()
    remarks = []
    for column, parts, words, expected in (*_means(header), *_ratios(header)):
        judged = [(row, kept) for row in rows if (kept := _keeps(row, column, parts, expected, mark)) is not None]
        n_keeping = sum(kept for _, kept in judged)
        if n_keeping >= max(_LEAST_KEEPING, _SHARE_KEEPING * len(judged)):
            remarks += [_remark(sheet, header, row, column, words) for row, kept in judged if not kept]
    return tuple(remarks)


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


def _ratios(header: Row) -> Iterator[tuple[int, Parts, str, Expected]]:
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


def _keeps(row: Row, column: int, parts: Parts, expected: Expected, mark: str) -> bool | None:
    texts = [row.cell(part) for part in parts]
    numbers = [number for text in texts if (number := number_of(text, mark)) is not None]
    stated = number_of(row.cell(column), mark)
    if stated is None or len(numbers) < len(parts):
        return None
    value = expected(numbers)
    if value is None:
        return None
    # The parts are rounded too: by half of their last digit, in which a ratio is as uncertain as they are.
    rounding = (
        max(step_of(text, mark) / abs(number) for text, number in zip(texts, numbers, strict=True) if number)
        if any(numbers)
        else 0.0
    )
    return abs(stated - value) <= 0.51 * step_of(row.cell(column), mark) + rounding * abs(value)


def _remark(sheet: Sheet, header: Row, row: Row, column: int, words: str) -> FileRemark:
    title = header.cell(column)
    text = f"'{row.cell(column)}' is not {words}, as in the other rows."
    where = sheet.where(row, column, title)
    return FileRemark(RemarkKind.INSTRUMENT, where, f"{text} A cell is out of place or was changed: export it again.")
