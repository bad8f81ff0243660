"""Long tables of Olink NPX and NULISAseq NPQ: one row a sample and assay, on a log2 scale without absolute unit.

The unit is ``NPX`` or ``NPQ``, which no unit of mass converts to. Warnings of sample and assay go with each value; rows
of the maker's own controls are controls. Text cut at commas, semicolons or tabs, workbook or Parquet.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qc.readers.lab_sheets.sample_lists import Measured, SampleList, first_header, list_intake, rows_below
from qc.readers.protocol import Claim
from schemas.errors import ReaderError

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.intake import Intake
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source

_OLINK = ("sampleid", "olinkid", "assay", "npx")
_NULISA = ("samplename", "target", "npq")
_CONTROLS = ("sample_type", "sampletype")
_LOD = "lod"


class OlinkReader:
    """Read long tables of NPX and NPQ."""

    name = "olink"
    version = "1"
    is_plate = False
    surest_claim = Claim.SIGNATURE

    def claim(self, source: Source) -> Claim | None:
        """Claim a file whose header names sample, assay and NPX or NPQ."""
        return Claim.SIGNATURE if source.form != "message" and _listed(source) else None

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read a row of ``reported`` for each value."""
        found = _listed(source)
        if found is None:
            raise ReaderError(f"'{source.path.name}' is no long table of NPX or NPQ.")
        instrument, listed = found
        return list_intake(self.name, self.version, instrument, listed, source, run_sheet, account)


def _listed(source: Source) -> tuple[str, SampleList] | None:
    for instrument, needed, unit in (("Olink", _OLINK, "NPX"), ("NULISAseq", _NULISA, "NPQ")):
        found = first_header(source.sheets, *needed, within=5)
        if found is not None:
            sheet, header, titles = found
            listed = SampleList(
                sheet=sheet,
                header=header,
                rows=rows_below(sheet, header),
                sample=titles.index(needed[0]),
                values=(Measured(titles.index(needed[-1]), "", unit),),
                analyte=titles.index(needed[-2]),
            )
            kinds = next((titles.index(word) for word in _CONTROLS if word in titles), None)
            lod = titles.index(_LOD) if _LOD in titles else None
            return instrument, replace(listed, role=kinds, lod=lod)
    return None


READER = OlinkReader()
