"""Means, SDs and CVs that a file states, held against the cells that they were made of.

What a column summarises is not asked of its title but of its numbers: where it is the mean of a group in most groups,
it says so of all, and a group in which it is not holds a cell that is out of place or was changed. A number that most
groups do not bear out is of another kind (a mean without outliers, a CV of concentrations) and is not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from statistics import fmean, pstdev, stdev
from typing import TYPE_CHECKING

from schemas.file_remark import FileRemark, RemarkKind
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from schemas.text_tables.sheet import Row, Sheet

_WORDS = {"mean": r"mean|avg|average", "SD": r"sd|std dev|st ?dev|standard deviation", "CV": r"cvs?|cov"}
_STATISTICS = {name: re.compile(rf"\b({words})\b") for name, words in _WORDS.items()}
_LEAST_AGREEING = 2
"""Groups that must agree before a column is taken for a summary."""
_SHARE_AGREEING = 0.5
"""Part of the groups that must agree."""
_MOST_TOLERANCE = 0.05
"""Part of a stated number beyond which rounding alone makes numbers agree; it is not compared then."""
_PRINTED = 1e-6
"""Part of a number that its digits bear out: programs print more of them than they reckon with."""
_MOST_REMARKS = 20
_MOST_COLUMNS = 60
"""Columns beyond which a table is no list of a few measurements with their summaries."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are replicates of each other."""

    rows: tuple[Row, ...]
    """Rows, in order of the file."""


@dataclass(frozen=True, slots=True)
class _Judged:
    row: Row
    stated: str
    expected: float
    agrees: bool
    is_alone: bool = False
    """Whether one value stands alone: its mean proves nothing, and may be proved wrong."""


def groups_of(rows: Sequence[Row], columns: Sequence[int]) -> list[Group]:
    """Put rows together that are alike in some columns."""
    by_key: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        by_key.setdefault(tuple(row.cell(column) for column in columns), []).append(row)
    return [Group(tuple(own)) for own in by_key.values()]


def contradicted_summaries(
    sheet: Sheet, header: Row, groups: Sequence[Group], *, names: Sequence[int] = (), mark: str = "."
) -> tuple[FileRemark, ...]:
    """Name the means, SDs and CVs that the cells of their group contradict.

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
    statistics = {at: name for at, title in enumerate(header.cells) if (name := statistic_of(title))}
    if not statistics or header.width > _MOST_COLUMNS:
        return ()
    bases = [at for at in range(header.width) if at not in statistics and at not in names]
    remarks = [
        _remark(sheet, header, column, f"the {name} of column '{header.cell(base)}'", one)
        for column, name in statistics.items()
        for base, judged in _borne_out({base: list(_judged(groups, column, base, name, mark)) for base in bases})
        for one in judged
    ]
    return tuple(remarks[:_MOST_REMARKS])


def statistic_of(title: str) -> str:
    """Return ``mean``, ``SD`` or ``CV``; empty for a title that names none."""
    words = " ".join(words_of_title(title))
    return next((name for name, form in _STATISTICS.items() if form.search(words)), "")


def words_of_title(title: str) -> list[str]:
    """Return the words of a title in small letters: ``Gnr1PercentCV`` has three."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", title)
    return re.sub(r"[^\w#]+|_", " ", apart).casefold().split()


def _borne_out(judged_by_base: Mapping[int, Sequence[_Judged]]) -> Iterator[tuple[int, list[_Judged]]]:
    """Yield the column that a summary is of, by its numbers, with the groups that contradict it."""
    shares = {}
    for base, judged in judged_by_base.items():
        several = [one.agrees for one in judged if not one.is_alone]
        if sum(several) >= _LEAST_AGREEING:
            shares[base] = sum(several) / len(several)
    best = max(shares, key=lambda base: shares[base], default=None)
    if best is not None and shares[best] >= _SHARE_AGREEING:
        yield best, [one for one in judged_by_base[best] if not one.agrees]


def _judged(groups: Sequence[Group], column: int, base: int, name: str, mark: str) -> Iterator[_Judged]:
    for group in groups:
        texts = [text for row in group.rows if (text := row.cell(base).strip())]
        numbers = [number for text in texts if (number := number_of(text, mark)) is not None]
        is_alone = len(numbers) == 1 and name == "mean"
        # What a word hides (``Masked``) may be part of the mean.
        if len(numbers) < len(texts) or (len(set(numbers)) < 2 and not is_alone):
            continue
        step = max(step_of(text, mark) for text in texts)
        for row in group.rows:
            one = judge(row, row.cell(column), numbers, step, name, mark)
            if one is not None:
                yield replace(one, is_alone=is_alone)


def judge(row: Row, stated: str, numbers: Sequence[float], step: float, name: str, mark: str) -> _Judged | None:
    """Compare a stated summary with its numbers, of which the last digit counts ``step``; None if it states none."""
    number = number_of(stated, mark)
    if number is None:
        return None
    mean = fmean(numbers)
    spreads = [stdev(numbers), pstdev(numbers)] if len(numbers) > 1 else []
    expected = {"mean": [mean], "SD": spreads}.get(name)
    if expected is None:
        expected = [factor * spread / abs(mean) for factor in (100, 1) for spread in spreads if mean]
    error = step if name != "CV" else (200 + 2 * abs(number)) * step / abs(mean) if mean else 0.0
    tolerance = 0.51 * step_of(stated, mark) + error + _PRINTED * abs(number)
    if not expected or tolerance > max(_MOST_TOLERANCE * abs(number), 10 * step):
        return None
    return _Judged(row, stated, expected[0], any(abs(number - one) <= tolerance for one in expected))


def step_of(text: str, mark: str) -> float:
    """Return what the last digit of a number counts: 0.01 for ``3.25``."""
    try:
        plain = text.strip().lstrip("<>=~*").replace("." if mark == "," else ",", "").replace(",", ".")
        exponent = Decimal(plain).as_tuple().exponent
    except InvalidOperation:
        return 0.0
    return 10.0 ** int(exponent) if isinstance(exponent, int) else 0.0


def _remark(sheet: Sheet, header: Row, column: int, words: str, one: _Judged) -> FileRemark:
    title = header.cell(column)
    text = f"'{one.stated}' is said to be {words} here, as it is in most rows; its cells give {one.expected:.6g}."
    where = sheet.where(one.row, column, title)
    return FileRemark(RemarkKind.INSTRUMENT, where, f"{text} A cell is out of place or was changed: export it again.")
