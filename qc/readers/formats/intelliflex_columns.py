"""The columns of an INTELLIFLEX export: what was measured, what the instrument says of a well, what sits in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qc.readers.text.remark_columns import is_remark, says_something
from schemas.errors import Fault
from schemas.text_tables.sheet import Row, Sheet

WELL, SAMPLE, PLATE, ROLE = "WELL LOCATION", "SAMPLE ID", "PLATE NAME", "WELL TYPE"
KNOWN = frozenset({WELL, SAMPLE, PLATE, ROLE})
"""Titles of columns that are read beside those of regions."""
_WORDS = (
    "ACQUISITION BARCODE BATCH BEAD COLUMN DATE DESCRIPTION DEVICE DURATION END EVENTS FIRMWARE GATE GROUP ID "
    "INSTRUMENT KIT LOCATION LOT MODE NAME NUMBER OPERATOR ORDER PANEL PLATE PROTOCOL REPLICATE REPORTER ROW RUN "
    "SAMPLE SERIAL SOFTWARE START STOP TEMPERATURE TIME TIMEOUT TOTAL TYPE USER VERSION VOLUME WELL"
)
_OWN_WORDS = frozenset(_WORDS.split())
"""Words that the software makes its titles of, all in capitals."""
_OWN = "a column of INTELLIFLEX, which is not read"
COUNT = "COUNT"
_MEASURED = re.compile(r"(?P<region>[^:]+):\s*(?P<kind>RP\d+ \S.*)\Z")
_LEAST_ALIKE = 2
"""Regions with one order of titles, beside which another order is one out of place."""
_MOST_STRAY = 2
"""Titles out of place that a swap of two makes; where more stand apart, the export is ordered otherwise."""
_NOTHING = "nan"  # what a well that was read as dry holds in place of every name and number
_ANALYTE, _NUMBER = "ANALYTE NAME", "REGION"
_DILUTION = re.compile(r"dilution( factor)?\Z", re.IGNORECASE)
_ROLES = {"U": "sample", "S": "calibrator", "C": "control", "B": "blank"}


@dataclass(slots=True)
class IntelliflexColumns:
    """Columns below one header."""

    header: Row
    """The header."""
    measured: Mapping[int, tuple[str, str]]
    """Measurement (``RP1 MEDIAN``) and region (``R25``) by column, of the columns of numbers."""
    names: Mapping[int, tuple[str, str]]
    """Reporter (``RP1``) and region by column, of the columns that name an analyte."""
    places: Mapping[str, int]
    """Column by title, of all others."""
    analytes: dict[tuple[str, str], str] = field(default_factory=dict)
    """Analyte by reporter and region, where the rows name one."""

    @property
    def own(self) -> dict[str, str]:
        """Why titles of the maker are left aside: they are no misspelt ones of those that are read."""
        titles = [title for title in self.places if title not in KNOWN and set(title.split()) <= _OWN_WORDS]
        return dict.fromkeys(titles, _OWN)

    @property
    def last(self) -> int:
        """The last column that a row must reach."""
        return max(self.measured)

    @property
    def used(self) -> set[int]:
        """Columns that are read."""
        own = {place for title, place in self.places.items() if title in KNOWN or _DILUTION.match(title)}
        return {*own, *self.measured, *self.names, *(place for title, place in self.places.items() if is_remark(title))}

    def text_of(self, row: Row, title: str) -> str:
        """Return the text of a column; empty if the header lacks it."""
        return row.cell(self.places[title]) if title in self.places else ""

    def role(self, row: Row) -> str:
        """Return the role that a row gives its well; empty if it gives none that is known."""
        word = self.text_of(row, ROLE).upper()
        return _ROLES.get(word[:1], "") if re.match(r"[A-Z]\d*\Z", word) else ""

    @property
    def dilution(self) -> int | None:
        """Column of the dilution factor; None if there is none."""
        return next((place for title, place in self.places.items() if _DILUTION.match(title)), None)

    def remarks(self, row: Row) -> Iterator[tuple[str, str]]:
        """Yield what the instrument says of a well, with the region that it speaks of; empty for the whole well.

        Yields
        ------
        tuple of str and str
            Region, and the words with their title: ``well status: Warning``.
        """
        titles = {place: title for title, place in self.places.items()}
        for place in self.remarked(row):
            region, _, rest = titles[place].rpartition(":")
            yield region.strip(), f"{(rest if region else titles[place]).strip().lower()}: {row.cell(place)}"

    def remarked(self, row: Row) -> list[int]:
        """Return the columns in which the instrument says something of a well."""
        own = [place for title, place in self.places.items() if is_remark(title)]
        return [place for place in own if says_something(row.cell(place))]


def columns_of(row: Row) -> IntelliflexColumns | None:
    """Return the columns of a row if it is a header with at least one signal."""
    titles = {place: cell.strip() for place, cell in enumerate(row.cells)}
    if WELL not in titles.values():
        return None
    measured, names, places = dict[int, tuple[str, str]](), dict[int, tuple[str, str]](), dict[str, int]()
    for place, title in titles.items():
        match = _MEASURED.match(title)
        kind, region = (match["kind"].strip(), match["region"].strip()) if match else ("", "")
        reporter, _, what = kind.partition(" ")
        if what == _ANALYTE:
            names[place] = reporter, region
        elif match and what != _NUMBER and not is_remark(what):
            measured[place] = kind, region
        elif title and what != _NUMBER:
            places.setdefault(title, place)
    return (
        IntelliflexColumns(row, measured, names, places) if any(COUNT not in k for k, _ in measured.values()) else None
    )


def _is_dry(row: Row, place: int, key: tuple[str, str], columns: IntelliflexColumns) -> bool:
    """Tell whether a well was read as dry: its analyte, and all that was measured of the region, is ``NaN``."""
    own = [at for at, (kind, region) in columns.measured.items() if region == key[1] and kind.startswith(key[0])]
    return all(row.cell(at).casefold() == _NOTHING for at in (place, *own))


def name_analytes(sheet: Sheet, columns: IntelliflexColumns, rows: Sequence[Row], faults: list[Fault]) -> None:
    """Take the analyte of each region from the rows, which all name the same one.

    Parameters
    ----------
    faults : list of Fault
        A region that two rows name otherwise, and an analyte of two regions, are added to it.
    """
    for place, key in columns.names.items():
        words = {row.cell(place): row for row in rows if row.cell(place) and not _is_dry(row, place, key, columns)}
        if len(words) > 1:
            text = f"Region '{key[1]}' is called {' and '.join(repr(word) for word in words)}; expected one analyte."
            faults.append(Fault(sheet.where(list(words.values())[1], place, columns.header.cell(place)), text))
        if words:
            columns.analytes[key] = next(iter(words))
    faults += _order_faults(sheet, columns.header)
    of_reporter = [(reporter, analyte.casefold()) for (reporter, _), analyte in columns.analytes.items()]
    faults += [
        Fault(sheet.where(columns.header), f"Two regions are both called '{analyte}'; nobody can tell them apart.")
        for (reporter, _), analyte in columns.analytes.items()
        if of_reporter.count((reporter, analyte.casefold())) > 1
    ]


def _order_faults(sheet: Sheet, header: Row) -> Iterator[Fault]:
    """Name the region whose titles stand in another order than those of nearly all others, which have the same."""
    kinds: dict[str, list[str]] = {}
    first: dict[str, int] = {}
    for place, cell in enumerate(header.cells):
        if match := _MEASURED.match(cell.strip()):
            first.setdefault(match["region"].strip(), place)
            kinds.setdefault(match["region"].strip(), []).append(match["kind"].strip())
    orders = Counter(map(tuple, kinds.values()))
    (usual, n), *_ = [*orders.most_common(1), ((), 0)]
    for region, own in kinds.items():
        if n >= max(_LEAST_ALIKE, orders.total() - 2) and tuple(own) != usual and sorted(own) == sorted(usual):
            text = f"The titles of region '{region}' stand in another order than those of all others: are two swapped?"
            yield Fault(sheet.where(header, first[region], header.cell(first[region])), text)
    yield from _strays(sheet, header)


def _strays(sheet: Sheet, header: Row) -> Iterator[Fault]:
    """Name a title that stands among those of another region, where those of nearly all regions stand together."""
    titled = [(place, match["region"]) for place, cell in enumerate(header.cells) if (match := _MEASURED.match(cell))]
    begun = [
        (place, region) for (place, region), (_, before) in zip(titled[1:], titled, strict=False) if region != before
    ]
    regions = {region for _, region in titled}
    n_stray = len(begun) + 1 - len(regions)
    if 0 < n_stray <= _MOST_STRAY < len(regions):
        seen, last = {titled[0][1]}, titled[0][1]
        for place, region in begun:
            if region in seen and region != last:
                text = (
                    f"The title '{header.cell(place)}' stands apart from those of region '{region}': are two swapped?"
                )
                yield Fault(sheet.where(header, place, header.cell(place)), text)
            seen.add(region)
            last = region
