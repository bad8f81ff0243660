"""Plates as a reader finds them: named blocks of well signals, before a map says what sits where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from schemas.plates.plate_words import PlateWords
from schemas.value import ValueState, parse_value

_WELL = re.compile(r"([A-Za-z]{1,2})0*([1-9][0-9]?)\Z")
FORMATS = ((2, 3), (4, 6), (6, 8), (8, 12), (16, 24), (32, 48))
"""Rows and columns of the plates that are made: 6, 24, 48, 96, 384 and 1536 wells."""
SIZES = {rows * columns: (rows, columns) for rows, columns in FORMATS}
"""Rows and columns by number of wells."""
_MASKED = re.compile(r"\*[+\-]?[0-9][0-9.,]*\*\Z")
"""Gen5 sets the number of a masked well between asterisks."""
_FULL_FIELD = re.compile(r"\*{4,}\Z")  # a number that did not fit its field
_FLAGS = {
    ValueState.EMPTY: "not_measured",
    ValueState.MASKED: "masked",
    ValueState.OOR_HIGH: "overflow",
    ValueState.ABOVE: "overflow",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in one well of one block."""

    text: str
    """Text as written."""
    line: int
    """Line of the file, or row of the sheet."""


@dataclass(frozen=True, slots=True)
class Block:
    """One measurement of a plate."""

    name: str
    """Wavelength such as ``450``, label of the measurement, or title of the column."""
    readings: Mapping[str, Reading]
    """Reading by well; a well that was not measured is absent."""
    mark: str = "."
    """Decimal mark of its numbers."""
    analyte: str = ""
    """Analyte that it measures, where the file says so; empty where one plate measures one analyte."""
    region: str = ""
    """Bead region or spot that carries the analyte, where the file names both."""


@dataclass(frozen=True, slots=True)
class Plate:
    """One plate of an export."""

    name: str
    """Name in the file where it gives one and only one such, else from the file's stem."""
    blocks: tuple[Block, ...]
    """Its measurements, in order of the file."""
    n_rows: int
    """Rows of the plate."""
    n_columns: int
    """Columns of the plate."""
    masked: frozenset[str] = field(default_factory=frozenset)
    """Wells that the analyst masked."""
    is_named: bool = False
    """Whether the file itself gives the name."""
    samples: Mapping[str, str] = field(default_factory=dict)
    """What the file calls the sample of each well; shown, and never taken for the plate map."""
    words: PlateWords = field(default_factory=PlateWords)
    """What stands beside the signals: counts, remarks, what sits in the wells."""


def well_of(text: str) -> str:
    """Return the well as ``A1``, or empty text if it is none.

    Parameters
    ----------
    text : str
        Well as written: ``a01``, ``A1``.

    Examples
    --------
    >>> well_of("a01"), well_of("A0")
    ('A1', '')
    """
    match = _WELL.match(text.strip())
    return f"{match[1].upper()}{int(match[2])}" if match and row_index(match[1]) is not None else ""


def row_index(letter: str) -> int | None:
    """Return the index of a plate row, counted from 0.

    Parameters
    ----------
    letter : str
        ``A`` to ``Z``, ``AA`` to ``AF``.

    Returns
    -------
    int or None
        Index; None for anything else.
    """
    word = letter.strip().upper()
    if len(word) == 1 and "A" <= word <= "Z":
        return ord(word) - ord("A")
    if len(word) == 2 and word[0] == "A" and "A" <= word[1] <= "F":
        return 26 + ord(word[1]) - ord("A")
    return None


def row_letter(index: int) -> str:
    """Return the letter of a plate row.

    Parameters
    ----------
    index : int
        Index, counted from 0, below 32.

    Returns
    -------
    str
        ``A`` to ``AF``.
    """
    return chr(ord("A") + index) if index < 26 else "A" + chr(ord("A") + index - 26)


def place_of(well: str) -> tuple[int, int]:
    """Return row and column of a well, both counted from 0.

    Parameters
    ----------
    well : str
        Well as ``well_of`` gives it.
    """
    head = well.rstrip("0123456789")
    return row_index(head) or 0, int(well[len(head) :]) - 1


def format_for(wells: Sequence[str]) -> tuple[int, int]:
    """Return the smallest plate of 96 wells or more that holds every well.

    Parameters
    ----------
    wells : sequence of str
        Names of wells: ``A1``.
    """
    positions = [place_of(well) for well in wells]
    n_rows = max((row for row, _ in positions), default=0) + 1
    n_columns = max((column for _, column in positions), default=0) + 1
    return next((f for f in FORMATS[3:] if f[0] >= n_rows and f[1] >= n_columns), FORMATS[-1])


def flag_of(text: str) -> str:
    """Tell why a reading is no number.

    Parameters
    ----------
    text : str
        Reading as written, not a number.

    Returns
    -------
    str
        ``not_measured``, ``masked``, ``overflow`` or ``not_a_number``.
    """
    word = text.strip()
    if _MASKED.match(word):
        return "masked"
    return "overflow" if _FULL_FIELD.match(word) else _FLAGS.get(parse_value(word).state, "not_a_number")


def named(plates: Sequence[Plate], stem: str, masked: Mapping[int, frozenset[str]] | None = None) -> tuple[Plate, ...]:
    """Give every plate a name of its own.

    Parameters
    ----------
    plates : sequence of Plate
        Plates as the file names them; empty for no name.
    stem : str
        Stem of the file: names the plates where the file gives no names, or the same one twice.
    masked : mapping of int to frozenset of str, optional
        Masked wells by index of the plate.
    """
    names = [plate.name for plate in plates]
    is_named = all(names) and len({name.casefold() for name in names}) == len(names)
    if not is_named:
        names = [stem if index == 0 else f"{stem}-{index + 1}" for index in range(len(plates))]
    return tuple(
        replace(plate, name=name, masked=(masked or {}).get(index, frozenset()), is_named=is_named)
        for index, (name, plate) in enumerate(zip(names, plates, strict=True))
    )
