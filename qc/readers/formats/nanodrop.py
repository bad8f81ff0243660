"""Lists of NanoDrop spectrophotometers: One, Eight, 2000, 8000, as text cut at commas or tabs, or as a workbook.

Concentration, absorbances and the ratios of purity are results of the sample. What was measured is named by the type of
nucleic acid where the list names one; else it is the nucleic acid, or what the run sheet names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qc.readers.lab_sheets.sample_lists import Measured, SampleList, list_intake, rows_below, titles_of
from qc.readers.protocol import Claim
from schemas.errors import ReaderError

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.intake import Intake
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source

_CONC = re.compile(r"(?P<what>nucleic acid|protein|conc\.|concentration)\s*(\((?P<unit>[^)]+)\))?\Z", re.IGNORECASE)
_SAMPLE, _TYPE = ("sample name", "sample id"), ("na type", "sample type", "na-type")
_UNIT = ("unit", "units", "nucleic acid unit")
_ABSORBANCE = re.compile(r"a ?(260|280)( \(?10 ?mm\)?)?( \(abs\))?\Z")
_RATIO = re.compile(r"a?(260)/a?(280|230)\Z")
_TIMES = ("date", "time", "date and time", "timestamp")
_OTHER = frozenset({"user id", "baseline absorbance", "cursor pos.", "cursor abs.", "nucleic acid factor", "factor"})
"""Titles one of which only a NanoDrop writes beside a sample and its concentration."""


class NanodropReader:
    """Read lists of NanoDrop spectrophotometers."""

    name = "nanodrop"
    version = "1"
    is_plate = False
    surest_claim = Claim.STRUCTURE

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where a header names sample, concentration and what only a NanoDrop writes."""
        return Claim.STRUCTURE if source.form in ("text", "workbook") and _listed(source) else None

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read a row of ``reported`` for each concentration, absorbance and ratio of a sample."""
        listed = _listed(source)
        if listed is None:
            raise ReaderError(f"'{source.path.name}' is no list of a NanoDrop.")
        return list_intake(self.name, self.version, "NanoDrop", listed, source, run_sheet, account)


def _listed(source: Source) -> SampleList | None:
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


READER = NanodropReader()
