"""Sizes that an export announces beside its readings: its rows, columns and wells are counted against them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.errors import Fault
from schemas.text_tables.sheet import Row, Sheet

_NOUNS = {"rows": "rows?", "columns": "(?:columns?|cols?)", "wells": "wells?"}
_FORMS = {
    noun: re.compile(
        rf"(?:(?:number|no\.?|n) (?:of )?{word}|{word}(?: read| measured)?)\s*[:=]?\s*(?P<behind>\d+)\Z"
        rf"|(?P<before>\d+)[ -]+{word}(?: read| measured| plate)?\.?\Z",
        re.IGNORECASE,
    )
    for noun, word in _NOUNS.items()
}


@dataclass(frozen=True, slots=True)
class Announced:
    """One size that a line announces."""

    noun: str
    """``rows``, ``columns`` or ``wells``."""
    number: int
    """How many."""
    row: Row
    """Line that says so."""


def announced(sheet: Sheet, own_lines: frozenset[int]) -> Iterator[Announced]:
    """Yield every size that a sheet announces outside of its readings.

    Parameters
    ----------
    sheet : Sheet
        Sheet that the rows stand in.
    own_lines : frozenset of int
        Lines of readings and their headers.

    Yields
    ------
    Announced
        From cells such as ``96 wells`` and ``Wells: 96``, or two cells ``Rows`` and ``8``.
    """
    for row in sheet.rows:
        if row.line in own_lines:
            continue
        cells = [cell.strip() for cell in row.cells]
        for index, cell in enumerate(cells):
            behind = next((other for other in cells[index + 1 :] if other), "")
            both = f"{cell.rstrip(':')}: {behind}"
            for noun, form in _FORMS.items():
                match = form.match(cell) or form.match(both)
                if match:
                    yield Announced(noun, int(match["behind"] or match["before"]), row)


def size_faults(sheet: Sheet, sizes: Sequence[Announced], found: dict[str, frozenset[int]]) -> list[Fault]:
    """Compare what a sheet announces with what was read.

    Parameters
    ----------
    sheet : Sheet
        Sheet that the rows stand in.
    sizes : sequence of Announced
        What the sheet says of its size.
    found : dict of str to frozenset of int
        By noun the numbers that fit: a plate of 96 wells of which 72 were read fits 96 and 72. Where a line names two
        sizes, such as those of the plate and of the one it was made from, one of them has to fit. Kaleido calls the
        8 rows of a plate its columns and the 12 columns its rows: where both fit so turned, they fit.

    Returns
    -------
    list of Fault
        One for each size that is another.
    """
    sizes = _without_turned(sizes, found)
    fitting = {(one.noun, one.row.line) for one in sizes if one.noun in found and one.number in found[one.noun]}
    return [
        Fault(
            sheet.where(one.row),
            f"The file announces {one.number} {one.noun}, but {_listed(found[one.noun])} were read.",
        )
        for one in sizes
        if one.noun in found and (one.noun, one.row.line) not in fitting
    ]


def _without_turned(sizes: Sequence[Announced], found: dict[str, frozenset[int]]) -> list[Announced]:
    """Leave out rows and columns where each is announced as the number of the other, which no plate that is made is."""
    turned = {"rows": found.get("columns", frozenset()), "columns": found.get("rows", frozenset())}
    own = [one for one in sizes if one.noun in turned]
    is_turned = {one.noun for one in own} == set(turned) and all(one.number in turned[one.noun] for one in own)
    return [one for one in sizes if not is_turned or one not in own]


def _listed(numbers: frozenset[int]) -> str:
    return " or ".join(map(str, sorted(numbers))) or "none"
