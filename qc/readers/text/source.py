"""A file as it came: its bytes, and what they are as text or as sheets."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from qc.readers.account import Account
from schemas.errors import ReaderError
from schemas.file_mapping import Fits
from schemas.headers.header_rows import header_at, with_header
from schemas.lab_words import LabWords
from schemas.messages.message import is_message, message_sheet
from schemas.text_tables.decoding import decode
from schemas.text_tables.delimited import cut
from schemas.text_tables.sheet import Sheet
from schemas.text_tables.xml_elements import XmlElement, is_xml, xml_elements

MAX_BYTES = 100_000_000
"""Size above which a file is refused."""
_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFUSED = {
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a": "a RAR archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x02\x1emtrsl|": "a VIDAS message in a form of its own",
    b"SQLite format 3\x00": "a database",
    b"HEADER RECORD*******": "a SAS transport file",
}


@dataclass(frozen=True)
class Source:
    """One file to read. Text and sheets are made on first use and kept."""

    path: Path
    """Name of the file; it is never opened from here."""
    data: bytes
    """Every byte of it."""
    words: LabWords = field(default_factory=LabWords)
    """What the laboratory calls columns and analytes."""
    fits: Fits | None = None
    """Header of the table, where a mapping of the laboratory fits the file."""

    @property
    def stem(self) -> str:
        """Name without its last suffix."""
        return self.path.stem

    @cached_property
    def form(self) -> str:
        """``text``, ``workbook``, ``parquet``, ``message`` or ``xml``, told by the first bytes and never by the name.

        Raises
        ------
        ReaderError
            If it is empty, too large, or of a kind that no reader takes.
        """
        if len(self.data) > MAX_BYTES:
            raise ReaderError(f"'{self.path.name}' has {len(self.data)} bytes; at most {MAX_BYTES} are read. Split it.")
        if not self.data.strip():
            raise ReaderError(f"'{self.path.name}' is empty: it has no header and no rows.")
        for magic, words in _REFUSED.items():
            if self.data.startswith(magic):
                raise ReaderError(f"'{self.path.name}' is {words}; give the table itself as text, XLSX or Parquet.")
        if self.data.startswith((b"PK\x03\x04", b"PK\x05\x06", _XLS)):
            return "workbook"
        if is_message(self.data):
            return "message"
        if is_xml(self.data):
            return "xml"
        return "parquet" if self.data.startswith(b"PAR1") else "text"

    @cached_property
    def text(self) -> str:
        """Decoded text; empty for a workbook, a Parquet file or a message."""
        return decode(self.data)[0] if self.form in ("text", "xml") else ""

    @property
    def root(self) -> XmlElement:
        """Outermost element of XML.

        Raises
        ------
        ReaderError
            If it is no XML, or XML that breaks off or carries a document type definition.
        """
        return self._xml[0]

    @cached_property
    def _xml(self) -> tuple[XmlElement, Sheet]:
        return xml_elements(self.data, self.path.name)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """Sheets of a workbook, or the text cut at each delimiter that it holds; none for a message.

        Where a mapping says where the header stands, it is that of the sheet, in one row.
        """
        if self.fits is None:
            return self._written_sheets
        found = [_with_header(sheet, self.fits) for sheet in self._written_sheets]
        return tuple(one for one in found if one.header_line or one.name)

    @cached_property
    def _written_sheets(self) -> tuple[Sheet, ...]:
        if self.form == "workbook":
            from schemas.text_tables.workbook import workbook_sheets

            return workbook_sheets(self.data, self.path.name)
        if self.form == "message":
            return ()
        if self.form == "xml":
            return (self._xml[1],)
        if self.form == "parquet":
            from schemas.text_tables.parquet import parquet_sheet

            return (parquet_sheet(self.data, self.path.name),)
        if not self.text.strip():
            raise ReaderError(f"'{self.path.name}' is empty: it has no header and no rows.")
        return cut(self.text)

    @cached_property
    def cells(self) -> tuple[Sheet, ...]:
        """All cells that an account is kept of: the sheets, or the segments or records of a message by their fields."""
        return (message_sheet(self.data),) if self.form == "message" else self.sheets

    def new_account(self) -> Account:
        """Return an account over all cells, in which nothing is said yet."""
        lines = self.text.splitlines(keepends=True)
        is_open = len(lines) > 1 and not lines[-1].endswith(("\n", "\r"))
        return Account(self.path.name, self.cells, len(lines) if is_open else 0)


def _with_header(sheet: Sheet, fits: Fits) -> Sheet:
    at = header_at(sheet, fits.titles, fits.header_rows)
    return sheet if at is None else with_header(sheet, at, fits.header_rows)
