"""Lists of the Nova BioProfile FLEX2 whose second row gives the units; a list without them names no unit, and waits.

One row a sample, a column a test. ``Chemistry Dilution Ratio``, flow times and settings of the vessel are left aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.readers.lab_sheets.sample_lists import Measured, SampleList, first_header, rows_below
from qc.readers.list_reader import ListReader
from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.readers.text.source import Source

_NEEDED = ("date & time", "sample id", "sample type")
_TESTS = ("gln", "glu", "gluc", "lac", "nh4+", "na+", "k+", "ca++", "ph", "po2", "pco2", "osm", "total density",
          "viable density", "viability", "o2 saturation", "co2 saturation", "hco3", "avg. live diameter",
          "total live count", "total cell count")  # fmt: skip
_ORDER = ("date & time", "sample id", "sample type", "gln", "glu", "gluc", "lac", "nh4+", "na+", "k+", "ca++", "ph",
          "po2", "pco2", "osm", "total density", "viable density", "viability", "avg. live diameter",
          "total live count", "total cell count", "live cell std. deviation", "cell inspection type",
          "o2 saturation", "co2 saturation", "hco3")  # fmt: skip
"""Titles as the analyser writes them from left to right, whichever of them a file has."""
_FIXED_UNITS = {"ph": "-", "viability": "%", "o2 saturation": "%", "co2 saturation": "%", "hco3": "mmol/L",
                "avg. live diameter": "um", "total live count": "cells", "total cell count": "cells"}  # fmt: skip
"""Units that the analyser does not let anybody choose, from the manual's list of results."""

_UNITS = {
    ("ph",): {"-"},
    ("po2", "pco2"): {"mmhg", "kpa"},
    ("osm",): {"mosm/kg"},
    ("total density", "viable density"): {"x10^6cells/ml", "x10^5cells/ml", "cells/ml"},
    ("gln", "glu", "gluc", "lac", "nh4+"): {"mmol/l", "g/l", "mg/dl", "mg/l"},
    ("na+", "k+", "ca++"): {"mmol/l", "meq/l"},
}
"""Units by tests, from the manual's list of results."""


def _sample_list(source: Source) -> SampleList | None:
    found = first_header(source.sheets, *_NEEDED, within=5)
    if found is None:
        return None
    sheet, header, titles = found
    rows = rows_below(sheet, header)
    units = rows[0] if rows and not any(rows[0].cell(titles.index(word)) for word in _NEEDED) else None
    if units is None:
        return None
    values = [
        Measured(place, header.cell(place), units.cell(place).replace(" / ", "/") or _FIXED_UNITS.get(title, ""))
        for place, title in enumerate(titles)
        if title in _TESTS
    ]
    text = "'{}' is no unit that the analyser gives '{}' in: are cells of the row of units swapped?"
    odd = [place for place, title in enumerate(titles) if title in _TESTS and not _is_unit_of(title, units.cell(place))]
    faults = [
        Fault(sheet.where(units, at, header.cell(at)), text.format(units.cell(at), header.cell(at))) for at in odd
    ]
    return SampleList(
        sheet=sheet,
        header=header,
        rows=rows[1:],
        sample=titles.index("sample id"),
        values=tuple(values),
        times=(titles.index("date & time"),),
        order=_ORDER,
        faults=tuple(faults),
        more=(units,),
    )


def _is_unit_of(title: str, written: str) -> bool:
    """Tell whether a unit may be that of a test; one of a kind that is not known may."""
    unit = "".join(written.split()).casefold()
    kind = next((tests for tests in _UNITS if unit in _UNITS[tests]), None)
    own = next((tests for tests in _UNITS if title in tests), None)
    return not unit or kind is None or own is None or unit in _UNITS[own]


READER = ListReader(name="flex2", version="1", instrument="BioProfile FLEX2", find_list=_sample_list)
