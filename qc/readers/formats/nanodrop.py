"""Lists of NanoDrop spectrophotometers: One, Eight, 2000, 8000, as text cut at commas or tabs, or as a workbook.

Concentration, absorbances and the ratios of purity are results of the sample. What was measured is named by the type of
nucleic acid where the list names one; else it is the nucleic acid, or what the run sheet names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qc.readers.lab_sheets.sample_lists import Measured, SampleList, rows_below, titles_of
from qc.readers.list_reader import ListReader

if TYPE_CHECKING:
    from qc.readers.text.source import Source

_CONC = re.compile(r"(?P<what>nucleic acid|protein|conc\.|concentration)\s*(\((?P<unit>[^)]+)\))?\Z", re.IGNORECASE)
_SAMPLE, _TYPE = ("sample name", "sample id"), ("na type", "sample type", "na-type")
_UNIT = ("unit", "units", "nucleic acid unit")
_ABSORBANCE = re.compile(r"a ?(260|280)( \(?10 ?mm\)?)?( \(abs\))?\Z")
_RATIO = re.compile(r"a?(260)/a?(280|230)\Z")
_TIMES = ("date", "time", "date and time", "timestamp")
_OTHER = frozenset({"user id", "baseline absorbance", "cursor pos.", "cursor abs.", "nucleic acid factor", "factor"})
"""Titles one of which only a NanoDrop writes beside a sample and its concentration."""


def _sample_list(source: Source) -> SampleList | None:
    for sheet in source.sheets:
        for header in sheet.rows[:30]:
            titles = titles_of(header)
            conc = next((place for place, title in enumerate(titles) if _CONC.match(title)), None)
            sample = next((titles.index(word) for word in _SAMPLE if word in titles), None)
            if conc is None or sample is None or not (_OTHER & set(titles)):
                continue
            return SampleList(
                sheet=sheet,
                header=header,
                rows=rows_below(sheet, header),
                sample=sample,
                values=tuple(_values(titles, conc, header.cell(conc))),
                analyte=next((titles.index(word) for word in _TYPE if word in titles), None),
                times=tuple(titles.index(word) for word in _TIMES if word in titles),
            )
    return None


def _values(titles: list[str], conc: int, written: str) -> list[Measured]:
    match = _CONC.match(written)
    what, unit = (match["what"].casefold(), match["unit"] or "") if match else ("", "")
    has_type = any(word in titles for word in _TYPE)
    analyte = what if what in ("nucleic acid", "protein") else "" if has_type else "nucleic acid"
    unit_column = next((titles.index(word) for word in _UNIT if word in titles), None)
    values = [Measured(conc, analyte, unit, None if unit else unit_column)]
    for place, title in enumerate(titles):
        absorbance, ratio = _ABSORBANCE.match(title), _RATIO.match(title)
        if absorbance:
            values.append(Measured(place, f"A{absorbance[1]}", "AU"))
        elif ratio:
            values.append(Measured(place, f"A{ratio[1]}/A{ratio[2]}", "ratio"))
    return values


READER = ListReader(name="nanodrop", version="1", instrument="NanoDrop", find_list=_sample_list)
