"""Sections of a SoftMax Pro export, each with its end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qc.readers.plates.documents import Document
from schemas.errors import Fault
from schemas.text_tables.sheet import Row, Sheet

_KINDS = {"Plate:": "plate", "Group:": "group", "Note:": "note"}
_BLOCKS = re.compile(r"##BLOCKS=\s*(\d*)")


@dataclass(slots=True)
class Section:
    """One section: its first row and what stands below it, up to ``~End`` or the next section."""

    kind: str
    """``plate``, ``group`` or ``note``."""
    head: Row
    """First row."""
    rows: list[Row] = field(default_factory=list)
    """Rows below, blank ones too."""
    is_ended: bool = False
    """Whether a line ``~End`` closes it."""

    @property
    def title(self) -> str:
        """What the section is called, for a person."""
        return f"'{self.head.cell(0)} {self.head.cell(1)}'".replace(" '", "'")


def sections_of(sheet: Sheet) -> list[Section]:
    """Cut an export into sections.

    Returns
    -------
    list of Section
        Sections in order of the file; rows outside any section are left out.
    """
    sections: list[Section] = []
    is_open = False
    for row in sheet.rows:
        first = row.cell(0)
        kind = _KINDS.get(first.partition(" ")[0], "")
        if kind:
            sections.append(Section(kind, row))
            is_open = True
        elif first.startswith("~End"):
            is_open = False
            if sections:
                sections[-1].is_ended = True
        elif is_open:
            sections[-1].rows.append(row)
    return sections


def documents_of(sheet: Sheet) -> list[Document]:
    """Return the exports that a file holds: each begins with the number of its sections."""
    begun = [row for row in sheet.rows if _BLOCKS.match(row.cell(0))]
    last = max((row.line for row in sheet.rows if not row.is_blank), default=1)
    ends = [*(row.line - 1 for row in begun[1:]), last][: len(begun)]
    heads = [section.head for section in sections_of(sheet) if section.kind == "plate"]
    documents = []
    for row, end in zip(begun, ends, strict=True):
        plates = [f"'{head.cell(1)}'" for head in heads if row.line < head.line <= end]
        documents.append(Document(f"the export of plate {' and '.join(plates) or '(none)'}", row.line, end))
    return documents


def section_faults(sheet: Sheet, sections: Sequence[Section]) -> list[Fault]:
    """Name sections without an end, cells behind one, and a number of sections other than the file announces."""
    text = "Section {} does not end with '~End': the file is cut, or a line was deleted."
    faults = [
        Fault(sheet.where(section.head), text.format(section.title)) for section in sections if not section.is_ended
    ]
    for row in sheet.rows:
        match = _BLOCKS.match(row.cell(0))
        if match and match[1] and int(match[1]) != len(sections):
            words = f"The file announces {match[1]} sections and holds {len(sections)}: some are lacking or came twice."
            faults.append(Fault(sheet.where(row), words))
        if row.cell(0).startswith("~End") and any(cell.strip() for cell in row.cells[1:]):
            faults.append(Fault(sheet.where(row), "Cells stand behind '~End', which ends a section: was one shifted?"))
    return faults
