"""What a reader is: the protocol that shipped readers and those of other packages keep.

A reader is one file with an object ``READER``. It looks at a :class:`~qc.readers.text.source.Source` and says how sure
it is that the file is of its format; the surest one reads it.

Whatever it reads it says in the :class:`~qc.readers.account.Account` that it is handed: every cell of the file is used,
flagged, or left aside with a reason. What it does not name is left aside by name where it looks like a title, a remark
or a column that is not known, and refuses the file where it looks like data.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Protocol, TypeGuard

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.intake import Intake
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source
    from schemas.file_seal import FileSeal
    from schemas.plates.map_well import MapWell
    from schemas.plates.plate import Plate
    from schemas.run import Run


class Claim(IntEnum):
    """How sure a reader is that a file is of its format; the highest claim wins, two that are equal are refused."""

    TABLE = 1
    """The file has a layout that many programs write: a table with known columns, a list of wells, a grid."""
    STRUCTURE = 2
    """The file is built as only files of this format are: columns or a preamble that nothing else has."""
    SIGNATURE = 3
    """The maker has signed the file: a line, a word or first bytes that name the format."""


class Reader(Protocol):
    """What every reader offers."""

    @property
    def name(self) -> str:
        """Name of the reader, in small letters, never used for another: ``softmax``."""

    @property
    def version(self) -> str:
        """Version of the reader; raised when it reads the same bytes otherwise."""

    @property
    def is_plate(self) -> bool:
        """Whether it reads plate exports, as a :class:`PlateReader`; else it is a :class:`TableReader`."""

    def claim(self, source: Source) -> Claim | None:
        """Say how sure the reader is that a file is of its format.

        Parameters
        ----------
        source : Source
            File to look at: by its content, never by its name.

        Returns
        -------
        Claim or None
            How sure it is; None if the file is not of its format.

        Raises
        ------
        ReaderError
            If the file is empty, an archive or no text.
        """


class TableReader(Reader, Protocol):
    """A reader whose files need nothing but perhaps a run sheet."""

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read the file, whole or not at all.

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
            Its runs and tables. The text of a value is kept as written, missing and censored ones too.

        Raises
        ------
        ReaderError
            With every fault of the file.
        """


class PlateReader(Reader, Protocol):
    """A reader of plate exports, which need a plate map."""

    @property
    def instrument(self) -> str:
        """Software or instrument that writes the format; empty for many."""

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read every plate of the file.

        Parameters
        ----------
        source : Source
            File to read.
        account : Account
            What became of each cell, to be said.

        Returns
        -------
        tuple of Plate
            Plates in order of the file, each with a name of its own; a block for each measurement. The text of a
            reading is kept as written; a well that was not measured is absent.

        Raises
        ------
        ReaderError
            With every fault of the file.
        """


class SelfMappedReader(PlateReader, Protocol):
    """A reader of plate exports that say themselves what sits in which well; a plate map that is given wins."""

    def own_map(self, source: Source, account: Account) -> tuple[MapWell, ...]:
        """Read what the export says of its wells.

        Parameters
        ----------
        source : Source
            File to read.
        account : Account
            What became of each cell, to be said.

        Returns
        -------
        tuple of MapWell
            One entry for each well, or for each well and analyte.

        Raises
        ------
        ReaderError
            With every fault of the file.
        """

    def own_run(self, source: Source, run: Run, account: Account) -> Run:
        """Fill in what the export says of its run.

        Parameters
        ----------
        source : Source
            File to read.
        run : Run
            What the run sheet says; it wins.
        account : Account
            What became of each cell, to be said.

        Returns
        -------
        Run
            The run; the same where the export says nothing of it.
        """


class SealedReader(Reader, Protocol):
    """A reader of a format whose files carry a proof of themselves: a checksum, a count, a hash."""

    def seals(self, source: Source) -> tuple[FileSeal, ...]:
        """Recompute what the file says of itself.

        Parameters
        ----------
        source : Source
            File to look at; it may be damaged.

        Returns
        -------
        tuple of FileSeal
            One for each kind of proof that the format knows; ``absent`` where the file carries none.

        Raises
        ------
        ReaderError
            If the file is empty, an archive or no text.
        """


def surest_claim(reader: Reader) -> Claim:
    """Return the surest claim that a reader can make, so that it is not asked where another has claimed more.

    Parameters
    ----------
    reader : Reader
        Reader.

    Returns
    -------
    Claim
        Its ``surest_claim``, which a reader may leave out; then it may claim anything.
    """
    claim: Claim = getattr(reader, "surest_claim", Claim.SIGNATURE)
    return claim


def is_plate_reader(reader: Reader) -> TypeGuard[PlateReader]:
    """Tell whether a reader gives plates.

    Parameters
    ----------
    reader : Reader
        Reader of a file.

    Returns
    -------
    bool
        True if so; else it gives tables.
    """
    return reader.is_plate


def is_table_reader(reader: Reader) -> TypeGuard[TableReader]:
    """Tell whether a reader gives tables.

    Parameters
    ----------
    reader : Reader
        Reader of a file.

    Returns
    -------
    bool
        True if so; else it gives plates.
    """
    return not reader.is_plate


def is_self_mapped(reader: Reader) -> TypeGuard[SelfMappedReader]:
    """Tell whether a reader gives the plate map as well.

    Parameters
    ----------
    reader : Reader
        Reader of a file.

    Returns
    -------
    bool
        True if so.
    """
    return hasattr(reader, "own_map")


def is_sealed(reader: Reader) -> TypeGuard[SealedReader]:
    """Tell whether files of a reader carry a proof of themselves.

    Parameters
    ----------
    reader : Reader
        Reader of a file.

    Returns
    -------
    bool
        True if so.
    """
    return hasattr(reader, "seals")
