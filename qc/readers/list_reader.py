"""The reader of lists with one row a sample: a format says only how it finds its list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.readers.lab_sheets.sample_lists import SampleList, list_intake
from qc.readers.protocol import Claim
from schemas.errors import ReaderError

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.intake import Intake
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReader:
    """Reads lists of one instrument, text or workbook: titles that only it writes, and a row a sample."""

    name: str
    """Name of the reader, in small letters."""
    version: str
    """Version of the reader."""
    instrument: str
    """Instrument that writes the list, as its maker calls it."""
    find_list: Callable[[Source], SampleList | None]
    """Finds the list in a file; None where there is none."""
    is_plate: bool = False
    """A list needs no plate map."""
    surest_claim: Claim = Claim.STRUCTURE
    """How sure the titles make that the list is the instrument's own."""

    def claim(self, source: Source) -> Claim | None:
        """Claim a file that holds a list of the instrument.

        Parameters
        ----------
        source : Source
            File to look at.

        Returns
        -------
        Claim or None
            ``surest_claim``; None if there is no such list.
        """
        return self.surest_claim if source.form in ("text", "workbook") and self.find_list(source) else None

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read a row of ``reported`` for each value of a sample.

        Parameters
        ----------
        source : Source
            File to read.
        run_sheet : RunSheet, optional
            What the file does not say of its run.
        account : Account
            What became of each cell, to be said.

        Returns
        -------
        Intake
            Its run and the table ``reported``, the text of each value as written.

        Raises
        ------
        ReaderError
            If there is no list, or with every fault of it.
        """
        sample_list = self.find_list(source)
        if sample_list is None:
            raise ReaderError(f"'{source.path.name}' is no list of a {self.instrument}.")
        return list_intake(self.name, self.version, self.instrument, sample_list, source, run_sheet, account)
