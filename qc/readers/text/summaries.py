"""Means, SDs and CVs that a file states, held against the cells that they were made of.

What a column summarises is not asked of its title but of its numbers: where it is the mean of a group in most groups,
it says so of all, and a group in which it is not holds a cell that is out of place or was changed. A number that most
groups do not bear out is of another kind (a mean without outliers, a CV of concentrations) and is not compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from math import fsum, sqrt
from statistics import fmean
from typing import TYPE_CHECKING

from qc.readers.text.doubts import Bearing, Doubt, all_but_one, is_borne_out, is_near, is_trusted
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from schemas.text_tables.sheet import Row

_WORDS = {"mean": r"mean|avg|average", "SD": r"sd|std dev|st ?dev|standard deviation", "CV": r"cvs?|cov"}
_STATISTICS = {name: re.compile(rf"\b({words})\b") for name, words in _WORDS.items()}
_LEAST_ALIKE = 4
"""Groups of one size beside which a longer one may hold a row of another."""
_MOST_TOLERANCE = 0.05
"""Part of a stated number beyond which rounding alone makes numbers agree; it is not compared then."""
_PRINTED = 1e-6
"""Part of a number that its digits bear out: programs print more of them than they reckon with."""
_MOST_DOUBTS = 20
_MOST_COLUMNS = 60
"""Columns beyond which a table is no list of a few measurements with their summaries."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are replicates of each other."""

    rows: tuple[Row, ...]
    """Rows, in order of the file."""
    is_long: bool = False
    """Whether it alone has more rows than the others: one may belong elsewhere, so none is taken for left out."""


@dataclass(frozen=True, slots=True)
class _Judged:
    row: Row
    stated: str
    expected: float
    bearing: Bearing
    is_alone: bool = False
    """Whether one value stands alone: its mean proves nothing, and may be proved wrong."""


def groups_of(rows: Sequence[Row], columns: Sequence[int]) -> list[Group]:
    """Put rows together that are alike in some columns."""
    by_key: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        by_key.setdefault(tuple(row.cell(column) for column in columns), []).append(row)
    return groups_of_lists(list(by_key.values()))


def groups_of_lists(groups: Sequence[Sequence[Row]]) -> list[Group]:
    """Make groups of the rows of each, and see which one is longer than all others, where these are alike."""
    sizes = Counter(map(len, groups))
    (usual, n), *_ = [*sizes.most_common(1), (0, 0)]
    is_even = n >= max(_LEAST_ALIKE, len(groups) - 1)
    return [Group(tuple(own), is_even and len(own) > usual) for own in groups]


def contradicted_summaries(
    header: Row, groups: Sequence[Group], *, names: Sequence[int] = (), mark: str = "."
) -> list[Doubt]:
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
        return []
    bases = [at for at in range(header.width) if at not in statistics and at not in names]
    doubts: list[Doubt] = []
    vouched: set[int] = set()
    # A cell that changed breaks its mean; where that holds, another spread is another formula.
    for column, name in sorted(statistics.items(), key=lambda one: one[1] != "mean"):
        judged = {base: [list(_judged(group, column, base, name, mark)) for group in groups] for base in bases}
        borne_out = _borne_out(judged)
        doubts += _misplaced(header, column, name, borne_out, bases)
        own = _doubts(header, column, name, borne_out)
        doubts += [replace(one, is_sure=one.is_sure and one.row.line not in vouched) for one in own]
        if name == "mean":
            vouched |= {one.row.line for own in borne_out.values() for one in own if _keeps(one)}
    return doubts[:_MOST_DOUBTS]


def statistic_of(title: str) -> str:
    """Return ``mean``, ``SD`` or ``CV``; empty for a title that names none."""
    words = " ".join(words_of_title(title))
    return next((name for name, form in _STATISTICS.items() if form.search(words)), "")


def words_of_title(title: str) -> list[str]:
    """Return the words of a title in small letters: ``Gnr1PercentCV`` has three."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", title)
    return re.sub(r"[^\w#]+|_", " ", apart).casefold().split()


def _borne_out(judged: Mapping[int, Sequence[Sequence[_Judged]]]) -> dict[int, list[_Judged]]:
    """Return the columns of which most groups bear out a summary, with the worst cell of each group, the best first."""
    several = {
        base: [one.bearing for own in groups for one in own if not one.is_alone] for base, groups in judged.items()
    }
    bases = [base for base, bearings in several.items() if is_borne_out(bearings)]
    return {
        base: [max(own, key=_badness) for own in judged[base] if own]
        for base in sorted(bases, key=lambda base: -several[base].count(Bearing.KEPT))
    }


def _badness(one: _Judged) -> int:
    return int(one.bearing.value)


def _doubts(header: Row, column: int, name: str, borne_out: Mapping[int, Sequence[_Judged]]) -> Iterator[Doubt]:
    """Yield what no column of which it may be a summary bears out."""
    for base, judged in list(borne_out.items())[:1]:
        others = [{id(one.row): one for one in own} for own in list(borne_out.values())[1:]]
        own = [one for one in judged if not any(_keeps(other.get(id(one.row))) for other in others)]
        words = f"the {name} of column '{header.cell(base)}'"
        is_sure = is_trusted([one.bearing for one in judged if not one.is_alone or one.bearing is Bearing.BROKEN])
        broken = [one for one in own if one.bearing is Bearing.BROKEN]
        for one in broken if is_sure else broken[:1]:
            text = (
                f"'{one.stated}' is said to be {words} here, as it is in most rows; its cells give {one.expected:.6g}"
            )
            yield Doubt(one.row, column, text, is_sure)
        for one in own:
            if one.bearing is Bearing.PARTLY:
                yield Doubt(one.row, column, f"{words} leaves out one of its cells here", is_sure=False)
            elif one.bearing is Bearing.NEAR:
                yield Doubt(one.row, column, f"{words} would be {one.expected:.6g} here", is_sure=False)


def _misplaced(
    header: Row, column: int, name: str, borne_out: Mapping[int, Sequence[_Judged]], bases: Sequence[int]
) -> Iterator[Doubt]:
    """Yield a mean that its title says is of one column and that is of another: two titles changed places."""
    of = [word for word in words_of_title(header.cell(column)) if not statistic_of(word)]
    named = [base for base in bases if of and words_of_title(header.cell(base))[-len(of) :] == of]
    if name == "mean" and borne_out and len(named) == 1 and named[0] not in borne_out:
        base = next(iter(borne_out))
        text = (
            f"'{header.cell(column)}' is the mean of column '{header.cell(base)}' and not of '{header.cell(named[0])}'"
        )
        yield Doubt(borne_out[base][0].row, column, text, is_sure=True)


def _keeps(judged: _Judged | None) -> bool:
    return judged is not None and judged.bearing is Bearing.KEPT


def _judged(group: Group, column: int, base: int, name: str, mark: str) -> Iterator[_Judged]:
    texts = [text for row in group.rows if (text := row.cell(base).strip())]
    numbers = [number for text in texts if (number := number_of(text, mark)) is not None]
    is_alone = len(numbers) == 1 and name == "mean"
    # What a word hides (``Masked``) may be part of the mean.
    if len(numbers) < len(texts) or (len(set(numbers)) < 2 and not is_alone):
        return
    step = max(step_of(text, mark) for text in texts)
    expected = _summaries(numbers, name)
    for row in group.rows if expected else ():
        stated = row.cell(column)
        number = number_of(stated, mark)
        if number is None:
            continue
        error = step if name != "CV" else (200 + 2 * abs(number)) * step / abs(fmean(numbers))
        tolerance = 0.51 * step_of(stated, mark) + error + _PRINTED * abs(number)
        if tolerance <= max(_MOST_TOLERANCE * abs(number), 10 * step):
            without = [] if group.is_long else [one for part in all_but_one(numbers) for one in _summaries(part, name)]
            yield _Judged(row, stated, expected[0], _bearing(number, expected, without, tolerance), is_alone)


def _bearing(number: float, expected: Sequence[float], without: Sequence[float], tolerance: float) -> Bearing:
    if any(abs(number - one) <= tolerance for one in expected):
        return Bearing.KEPT
    if any(abs(number - one) <= tolerance for one in without):
        return Bearing.PARTLY
    return Bearing.NEAR if is_near(number, expected) else Bearing.BROKEN


def _summaries(numbers: Sequence[float], name: str) -> list[float]:
    """Return what a summary of numbers may be: a spread of a sample or of all, a CV in percent or as a part."""
    mean = fmean(numbers)
    squares = fsum((number - mean) ** 2 for number in numbers)
    spreads = [sqrt(squares / n) for n in (len(numbers) - 1, len(numbers)) if len(numbers) > 1]
    if name == "mean":
        return [mean]
    return (
        spreads if name == "SD" else [factor * spread / abs(mean) for factor in (100, 1) for spread in spreads if mean]
    )


def step_of(text: str, mark: str) -> float:
    """Return what the last digit of a number counts: 0.01 for ``3.25``."""
    try:
        plain = text.strip().lstrip("<>=~*").replace("." if mark == "," else ",", "").replace(",", ".")
        exponent = Decimal(plain).as_tuple().exponent
    except InvalidOperation:
        return 0.0
    return 10.0 ** int(exponent) if isinstance(exponent, int) else 0.0
