"""Tables of one workbook: what each sheet gives, and what one says against another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any  # Any: cells of every type

from schemas.errors import Fault
from schemas.file_remark import FileRemark
from schemas.headers.header import Header
from schemas.run import Run
from schemas.tables.sheets import SHEETS


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One table that was read."""

    header: Header
    """Its header."""
    rows: Sequence[dict[str, Any]]
    """Rows with the columns of its model; Any: cells of every type."""
    runs: tuple[Run, ...]
    """Runs that it names; none for a sheet of samples and the like."""
    remarks: tuple[FileRemark, ...]
    """What it says against itself."""
    faults: tuple[Fault, ...]
    """Why it cannot be taken in."""

    @property
    def kind(self) -> str:
        """Kind of the table."""
        return self.header.kind


def faults_between(tables: Sequence[SheetTable]) -> Iterator[Fault]:
    """Name what the sheets of a workbook leave open together.

    Yields
    ------
    Fault
        A row of a sheet of samples and the like that stands on another sheet too; controls on a sheet of their own
        beside several sheets of results, of which nobody can tell to which run they belong.
    """
    first: dict[tuple[str, ...], str] = {}
    for table in tables:
        for row in table.rows if SHEETS[table.kind].is_versioned else ():
            key = (table.kind, *(str(row[column]) for column in SHEETS[table.kind].key))
            name = table.header.sheet.name
            if first.setdefault(key, name) != name:
                text = f"This row stands on sheet '{first[key]}' too; each may stand once."
                yield Fault(f"sheet '{name}', row {row['line']}", text)
    results = [table for table in tables if table.kind == "results" and "run" not in table.header.columns]
    if len(results) > 1:
        for table in results:
            if all(row["role"] == "control" for row in table.rows):
                text = "The sheet holds controls alone, and several others hold results: of which run are they?"
                yield Fault(f"sheet '{table.header.sheet.name}'", f"{text} Name the run of each row in a column 'run'.")
