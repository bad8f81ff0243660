"""Column names: what a file calls a column, and what we call it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files

from qc.readers.sheet import Row, Sheet
from schemas.errors import Fault

_IGNORED = re.compile(r"[\s_\-.]+")
_NUMBER = re.compile(r"[+\-]?[0-9][0-9.,]*\Z")


def bare(title: str) -> str:
    """Return a column title without what does not count: case, spaces, underscores, hyphens, dots.

    Parameters
    ----------
    title : str
        Title as written.

    Returns
    -------
    str
        Title for comparison.

    Examples
    --------
    >>> bare("Sample_ID ")
    'sampleid'
    """
    return _IGNORED.sub("", title.casefold().replace("\u03bc", "\u00b5"))


def known_titles(family: str) -> dict[str, str]:
    """Load the known titles of a family of tables.

    Parameters
    ----------
    family : str
        ``tidy`` or ``map``: a table of columns.toml.

    Returns
    -------
    dict of str to str
        Our column by bare title.
    """
    tree = tomllib.loads(files("qc.readers").joinpath("columns.toml").read_text(encoding="utf-8"))
    return {bare(word): ours for ours, words in tree[family].items() for word in [ours, *words]}


def positions(row: Row, titles: Mapping[str, str]) -> dict[str, int]:
    """Find our columns in a header row.

    Parameters
    ----------
    row : Row
        Header row.
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
        ours = titles.get(bare(cell))
        if ours and (ours not in found or (ours not in exact and bare(cell) == bare(ours))):
            found[ours] = index
            if bare(cell) == bare(ours):
                exact.add(ours)
    return found


def header_faults(sheet: Sheet, row: Row) -> list[Fault]:
    """Name every title that stands more than once in a header row.

    Parameters
    ----------
    sheet : Sheet
        Sheet of the row.
    row : Row
        Header row.

    Returns
    -------
    list of Fault
        One for each such title.
    """
    counts = Counter(bare(cell) for cell in row.cells if cell.strip())
    first = {bare(cell): cell.strip() for cell in reversed(row.cells)}
    return [
        Fault(sheet.where(row), f"Column '{first[title]}' stands {n} times in the header; each name may stand once.")
        for title, n in counts.items()
        if n > 1
    ]


def ragged_faults(sheet: Sheet, header: Row, rows: Sequence[Row]) -> list[Fault]:
    """Name every row with more or fewer cells than the header.

    Parameters
    ----------
    sheet : Sheet
        Sheet of the rows.
    header : Row
        Header row.
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
        Row that stands where a header is expected.

    Returns
    -------
    bool
        True for numbers only.
    """
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    return bool(filled) and all(_NUMBER.match(cell) for cell in filled)
