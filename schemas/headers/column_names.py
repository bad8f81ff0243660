"""Column names: what a file calls a column, and what we call it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from schemas.errors import Fault, ReaderError
from schemas.names import did_you_mean
from schemas.tables.sheets import SHEETS
from schemas.text_tables.sheet import Row, Sheet
from schemas.ucum import UnitState, parse_unit

if TYPE_CHECKING:
    from schemas.lab_words import LabWords
    from schemas.tables.column import SheetColumn

_IGNORED = re.compile(r"[\s_\-.]+")
_NUMBER_SIGN = re.compile(r"\A\s*n[\u00b0\u00ba]\s*(de\s+|d['\u2019])?")
_SIGNALS = frozenset({"signal", "od", "absorbance", "abs", "mfi", "fi", "rfu", "rlu", "ecl", "counts"})
_WITH_UNIT = frozenset({"value", "lloq", "lod", "uloq", "target", "sd", "conc"})
"""Columns in whose header a unit may stand."""
_TITLE_WITH_UNIT = re.compile(r"(.*?)(?:\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]|[\s,;_]+(\S+))\s*\Z")
_BEFORE_UNIT = re.compile(r"(?<=\s)(in|en)\s*\Z", re.IGNORECASE)
_SPELT_UNIT = re.compile(r"(?<=[\s_])([^\s_]+)(?:_|\s+per\s+|_per_)([mdu\u00b5]?l)\Z", re.IGNORECASE)
"""``conc_pg_ml``, ``Conc ng per mL``: a unit in a title that can hold no stroke."""
_NUMBER = re.compile(r"[+\-]?[0-9][0-9.,]*\Z")


def bare(title: str) -> str:
    """Return a column title without what does not count: case, accents, spaces, underscores, hyphens, dots, ``N°``.

    Parameters
    ----------
    title : str
        Title of a column as the file writes it.

    Examples
    --------
    >>> bare("Sample_ID ")
    'sampleid'
    """
    folded = title.casefold()
    if not folded.isascii():
        letters = normalize("NFD", folded.replace("\u03bc", "\u00b5"))
        folded = _NUMBER_SIGN.sub("", "".join(letter for letter in letters if not combining(letter)))
    return _IGNORED.sub("", folded)


@cache
def known_titles(family: str) -> Mapping[str, str]:
    """Return the known titles of a family of tables.

    Parameters
    ----------
    family : str
        ``tidy`` for every sheet of ``schemas.tables.sheets``, the kind of one of them, or ``map`` for the plate map.

    Returns
    -------
    mapping of str to str
        Our title by bare title.
    """
    return {bare(word): one.title for one in _columns(family) for word in (one.title, *one.synonyms)}


def titles_for(family: str, words: LabWords) -> Mapping[str, str]:
    """Return the known titles of a family of tables with those of a laboratory.

    Parameters
    ----------
    family : str
        ``tidy`` for every sheet, the kind of one of them, or ``map`` for the plate map.
    words : LabWords
        What the laboratory calls columns.

    Returns
    -------
    mapping of str to str
        Our title by bare title; the laboratory's own word wins over a shipped one.

    Raises
    ------
    ReaderError
        If a word of the laboratory stands for a column that no table has; all are named.
    """
    known = known_titles(family)
    if not words.columns:
        return known
    every = {**known_titles("map"), **known_titles("tidy")}
    strange = {theirs: ours for theirs, ours in words.columns.items() if bare(ours) not in every}
    if strange:
        ours = sorted(set(every.values()))
        faults = [
            Fault("[columns]", f"'{word}' stands for column '{name}', which no table has.{did_you_mean(name, ours)}")
            for word, name in strange.items()
        ]
        raise ReaderError("The words of the laboratory have faults.", faults)
    own = {bare(theirs): known[bare(name)] for theirs, name in words.columns.items() if bare(name) in known}
    return {**known, **own}


def parted_unit(title: str) -> tuple[str, str]:
    """Part a header into its title and the unit that stands in it.

    Parameters
    ----------
    title : str
        Title of a column as the file writes it.

    Returns
    -------
    tuple of str and str
        Title and unit; the title as it is and no unit where it holds none that is known.

    Examples
    --------
    >>> parted_unit("Result (ng/mL)"), parted_unit("FERR[ug/L]"), parted_unit("Conc, pg/mL"), parted_unit("S/C")
    (('Result', 'ng/mL'), ('FERR', 'ug/L'), ('Conc', 'pg/mL'), ('S/C', ''))
    >>> parted_unit("Wert in ug/L"), parted_unit("conc_pg_ml")
    (('Wert', 'ug/L'), ('conc', 'pg/ml'))
    """
    found = _TITLE_WITH_UNIT.match(_SPELT_UNIT.sub(r"\1/\2", title.strip()))
    unit = (found[2] or found[3] or "") if found else ""
    is_unit = any(letter.isalpha() or letter == "%" for letter in unit) and parse_unit(unit).state is UnitState.OK
    return (_BEFORE_UNIT.sub("", found[1]).strip(" ,;:_-"), unit.strip()) if found and is_unit else (title, "")


def units_of(row: Row, columns: Mapping[str, int]) -> dict[str, str]:
    """Return the unit that stands in the header of each of our columns, where one does.

    Parameters
    ----------
    row : Row
        Header row.
    columns : mapping of str to int
        Index by our column name.
    """
    units = {ours: parted_unit(row.cell(index))[1] for ours, index in columns.items()}
    return {ours: unit for ours, unit in units.items() if unit}


def _columns(family: str) -> list[SheetColumn]:
    from schemas.tables.column import sheet_columns
    from schemas.tables.run_columns import RunColumns
    from schemas.tables.wells import PlateMap

    if family == "map":
        return list(sheet_columns(PlateMap))
    return [*(one for sheet in SHEETS.values() for one in sheet.columns), *sheet_columns(RunColumns)]


def positions(row: Row, titles: Mapping[str, str]) -> dict[str, int]:
    """Find our columns in a header row.

    Parameters
    ----------
    row : Row
        Row that may be a header.
    titles : mapping of str to str
        Our column by bare title.

    Returns
    -------
    dict of str to int
        Index by our column; a title of our own wins over another word for it, else the first one counts.
    """
    found: dict[str, int] = {}
    exact: set[str] = set()
    for index, cell in enumerate(row.cells):
        ours = titles.get(bare(cell)) or _ours_with_unit(cell, titles)
        if ours and (ours not in found or (ours not in exact and bare(cell) == bare(ours))):
            found[ours] = index
            if bare(cell) == bare(ours):
                exact.add(ours)
    return found


def _ours_with_unit(title: str, titles: Mapping[str, str]) -> str:
    name, unit = parted_unit(title)
    ours = titles.get(bare(name), "") if unit else ""
    return ours if ours in _WITH_UNIT else ""


def header_faults(sheet: Sheet, row: Row) -> list[Fault]:
    """Name every title that stands more than once in a header row.

    Parameters
    ----------
    sheet : Sheet
        Sheet that the rows stand in.
    row : Row
        Header row.
    """
    counts = Counter(bare(cell) for cell in row.cells if cell.strip())
    first = {bare(cell): cell.strip() for cell in reversed(row.cells)}
    return [
        Fault(sheet.where(row), f"Column '{first[title]}' stands {n} times in the header; each name may stand once.")
        for title, n in counts.items()
        if n > 1
    ]


def doubtful_columns(row: Row, titles: Mapping[str, str]) -> list[Fault]:
    """Name columns that could each be one and the same of ours, none of them by its name.

    Parameters
    ----------
    row : Row
        Header row.
    titles : mapping of str to str
        Our column by bare title.

    Returns
    -------
    list of Fault
        One for each column of ours that several stand for; the value of a result has a rule of its own.
    """
    words: dict[str, list[str]] = {}
    for cell in row.cells:
        if ours := titles.get(bare(cell)):
            words.setdefault(ours, []).append(cell.strip())
    faults = []
    for ours, found in words.items():
        if len(found) > 1 and ours != "value" and bare(ours) not in map(bare, found):
            quoted = " and ".join(f"'{title}'" for title in found)
            text = f"Columns {quoted} could each be the {ours}; call the one that is '{ours}'."
            faults.append(Fault("header", text))
    return faults


def doubtful_value(row: Row) -> list[Fault]:
    """Name the columns of a table of results that could both be the result, or a nominal concentration.

    Parameters
    ----------
    row : Row
        Header row.

    Returns
    -------
    list of Fault
        A fault if several columns go by a word for ``value`` and none by that name, or if a column that goes by a
        word for a concentration stands beside a signal: it may be what a standard was said to hold.
    """
    words = {word for word, ours in known_titles("tidy").items() if ours == "value"}
    titles = {bare(cell): cell.strip() for cell in row.cells}
    found = [cell.strip() for cell in row.cells if bare(parted_unit(cell)[0]) in words]
    if "value" in titles or not found:
        return []
    quoted = " and ".join(f"'{title}'" for title in found)
    if len(found) > 1:
        return [Fault("header", f"Columns {quoted} could each be the result; call the one that is 'value'.")]
    signals = [title for word, title in titles.items() if word in _SIGNALS]
    if bare(parted_unit(found[0])[0]) in ("conc", "concentration") and signals:
        text = f"Column {quoted} stands beside the signal '{signals[0]}' and may be a nominal concentration"
        return [Fault("header", f"{text}; call it 'value' if it is the result, or give a plate map.")]
    return []


def ragged_faults(sheet: Sheet, header: Row, rows: Sequence[Row]) -> list[Fault]:
    """Name every row with more or fewer cells than the header.

    Parameters
    ----------
    sheet : Sheet
        Sheet that the rows stand in.
    header : Row
        Header row of the table.
    rows : sequence of Row
        Rows below it, none blank.

    Returns
    -------
    list of Fault
        One for each such row; blank cells at the end do not count as too many, nor do they lack.
    """
    faults = []
    for row in rows:
        if row.width > max(header.width, len(header.cells) if sheet.name == "" else header.width):
            text = f"The row has {row.width} cells, the header has {header.width}; is a value unquoted or cut in two?"
            faults.append(Fault(sheet.where(row), text))
        elif not sheet.name and len(row.cells) < header.width:
            text = f"The row has {len(row.cells)} cells, the header has {header.width}; the rest is missing."
            faults.append(Fault(sheet.where(row), text))
    return faults


def looks_like_data(row: Row) -> bool:
    """Tell whether a row holds a number in every cell that is filled.

    Parameters
    ----------
    row : Row
        Any row.

    Returns
    -------
    bool
        True for numbers only.
    """
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    return bool(filled) and all(_NUMBER.match(cell) for cell in filled)
