"""Lists of ProteinSimple Simple Plex (Ella): one row a sample and analyte, the mean of three glass nanoreactors.

``CalculatedConcentration`` is the result; what lies beyond the curve (``NonlimitedCalculatedConcentration``), the
single reactors and fluorescences are left aside. Such a list names no unit: the run sheet says it once a file. A row
without a concentration is a result without a number, and says so.

Written from public descriptions of these files and not yet held against a real one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.readers.lab_sheets.sample_lists import Measured, SampleList, first_header, rows_below
from qc.readers.list_reader import ListReader
from qc.readers.protocol import Claim

if TYPE_CHECKING:
    from qc.readers.text.source import Source

_NEEDED = ("analytename", "calculatedconcentration", "gnr1rfu")
_SAMPLE = ("samplename", "sample")
_DILUTION = ("dilutionfactor", "dilution")


def _listed(source: Source) -> SampleList | None:
    found = first_header(source.sheets, *_NEEDED, within=2)
    if found is None:
        return None
    sheet, header, titles = found
    sample = next((titles.index(title) for title in _SAMPLE if title in titles), None)
    if sample is None:
        return None
    return SampleList(
        sheet=sheet,
        header=header,
        rows=rows_below(sheet, header),
        sample=sample,
        values=(Measured(titles.index("calculatedconcentration"), ""),),
        analyte=titles.index("analytename"),
        dilution=next((titles.index(title) for title in _DILUTION if title in titles), None),
        tells_blanks=True,
    )


READER = ListReader(
    name="ella",
    version="1 (no real export seen yet)",
    instrument="Simple Plex",
    find_list=_listed,
    surest_claim=Claim.SIGNATURE,
)
