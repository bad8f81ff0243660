"""Run histories and sample results of Quanterix Simoa analysers (HD-1, HD-X, SR-X): one row a replicate and plex.

The instrument's own concentrations are the results; replicates of a well are averaged, and its means, SDs and CVs are
left aside. Flags and errors go with each replicate; one that has an error in place of a concentration is a replicate
without a result. Calibrators made the instrument's curve and are left aside. ``Plex`` names the analyte, behind the
wavelength of its bead (``700 NfL``), and ``Assay`` where there is none.

Written from public descriptions of these files and not yet held against a real one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qc.readers.lab_sheets.sample_lists import Measured, SampleList, first_header, rows_below
from qc.readers.list_reader import ListReader
from qc.readers.protocol import Claim

if TYPE_CHECKING:
    from qc.readers.text.source import Source

_NEEDED = ("sample barcode", "assay", "location", "unit")
_VALUES = ("replicate conc.", "concentration")
_SIGNALS = ("replicate aeb", "aeb")
_VESSEL = ("batch name", "carrier barcode", "location")
_CALIBRATORS = frozenset({"calibrator"})
_WITHIN = 10
"""Rows of a head that the report of sample results may have."""
_BEAD = re.compile(r"\d{3} +(?=\S)")
"""Wavelength of the dye before the name of a plex."""


def _listed(source: Source) -> SampleList | None:
    found = first_header(source.sheets, *_NEEDED, within=_WITHIN)
    if found is None:
        return None
    sheet, header, titles = found
    value = next((titles.index(title) for title in _VALUES if title in titles), None)
    if value is None or not set(_SIGNALS) & set(titles):
        return None
    rows = rows_below(sheet, header)
    place = {title: at for at, title in reversed(list(enumerate(titles)))}
    assay, plex = place["assay"], place.get("plex")
    return SampleList(
        sheet=sheet,
        header=header,
        rows=rows,
        sample=place["sample barcode"],
        values=(Measured(value, "", unit_column=place["unit"]),),
        analyte=assay if plex is None or not all(row.cell(plex) for row in rows) else plex,
        beside=assay,
        role=place.get("sample type"),
        dilution=place.get("dilution factor"),
        vessel=tuple(place[title] for title in _VESSEL if title in place),
        calibrators=_CALIBRATORS,
        times=tuple(place[title] for title in ("completion date",) if title in place),
        name_of=_without_bead,
    )


def _without_bead(name: str) -> str:
    return _BEAD.sub("", name, count=1)


READER = ListReader(
    name="simoa",
    version="1 (no real export seen yet)",
    instrument="Quanterix Simoa",
    find_list=_listed,
    surest_claim=Claim.SIGNATURE,
)
