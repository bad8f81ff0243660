"""Lists of Qubit fluorometers (4, Flex): one row a tube, with assay, concentration of the sample and its fluorescence.

The concentration of the original sample is the result, under the name of the assay, and the fluorescence stands beside
it; that of the tube, from which the first was calculated, is left aside.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qc.readers.lab_sheets.sample_lists import Measured, SampleList, first_header, rows_below
from qc.readers.list_reader import ListReader
from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.readers.text.source import Source

_ASSAY, _SAMPLE = "assay name", ("test name", "sample name", "sample id")
_CONC = re.compile(r"(original )?sample conc(\.|entration)?\Z")
_SIGNAL = re.compile(r"(green|far red) rfu\Z")
_TUBE = re.compile(r"tube conc\.?\Z")
_UNIT, _TIME = "units", ("test date", "date and time")


def _sample_list(source: Source) -> SampleList | None:
    found = first_header(source.sheets, _ASSAY)
    if found is None:
        return None
    sheet, header, titles = found
    conc = next((place for place, title in enumerate(titles) if _CONC.match(title)), None)
    sample = next((titles.index(word) for word in _SAMPLE if word in titles), None)
    if conc is None or sample is None:
        return None
    # The unit stands behind its concentration, and two columns are called so.
    unit = conc + 1 if titles[conc + 1 : conc + 2] and titles[conc + 1].rstrip("0123456789 ") == _UNIT else None
    text = "Units do not stand behind each concentration, that of the tube and this one: which unit is whose?"
    has_unit = unit is not None or not any(title.startswith(_UNIT) for title in titles)
    is_moved = bool(_TUBE.search(titles[conc - 1])) or not has_unit
    faults = (Fault(sheet.where(header, conc, header.cell(conc)), text),) if is_moved else ()
    signals = [Measured(place, title, "RFU") for place, title in enumerate(titles) if _SIGNAL.match(title)]
    return SampleList(
        sheet=sheet,
        header=header,
        rows=rows_below(sheet, header),
        sample=sample,
        values=(Measured(conc, "", "", unit), *signals),
        analyte=titles.index(_ASSAY),
        times=tuple(titles.index(word) for word in _TIME if word in titles)[:1],
        faults=faults,
    )


READER = ListReader(name="qubit", version="1", instrument="Qubit", find_list=_sample_list)
