"""Lists of ProteinSimple Simple Plex (Ella): one row a sample and analyte, the mean of three glass nanoreactors.

``CalculatedConcentration`` is the result; what lies beyond the curve (``NonlimitedCalculatedConcentration``), the
single reactors and fluorescences are left aside. Such a list names no unit: the run sheet says it once a file. A row
without a concentration is a result without a number, and says so.

Written from public descriptions of these files and not yet held against a real one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.readers.lab_sheets.sample_lists import Measured, SampleList, first_header, list_intake, rows_below
from qc.readers.protocol import Claim
from schemas.errors import ReaderError

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.intake import Intake
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source

_NEEDED = ("analytename", "calculatedconcentration", "gnr1rfu")
_SAMPLE = ("samplename", "sample")
_DILUTION = ("dilutionfactor", "dilution")


class EllaReader:
    """Read lists of Simple Plex."""

    name = "ella"
    version = "1 (no real export seen yet)"
    is_plate = False
    surest_claim = Claim.SIGNATURE

    def claim(self, source: Source) -> Claim | None:
        """Claim a file whose header names analyte, concentration and glass nanoreactors."""
        return Claim.SIGNATURE if source.form in ("text", "workbook") and _listed(source) else None

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read a row of ``reported`` for each sample and analyte."""
        listed = _listed(source)
        if listed is None:
            raise ReaderError(f"'{source.path.name}' is no list of Simple Plex.")
        return list_intake(self.name, self.version, "Simple Plex", listed, source, run_sheet, account)


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


READER = EllaReader()
