"""The sheets that a laboratory writes: how each is called, and which table it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.tables.models import MODELS

if TYPE_CHECKING:
    from schemas.tables.column import SheetColumn
    from schemas.tables.table import Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, told by the columns of its header."""

    name: str
    """What a person calls it: ``sample sheet``."""
    table: str
    """Table that it becomes."""
    is_versioned: bool = True
    """Whether it says what holds until the next sheet: a changed row is a new version of the old one."""

    @property
    def called(self) -> str:
        """Its name with its article."""
        return f"{'an' if self.name[0] in 'aeiou' else 'a'} {self.name}"

    @property
    def model(self) -> type[Table]:
        """Its table model."""
        return MODELS[self.table]()

    @property
    def columns(self) -> tuple[SheetColumn, ...]:
        """Its columns."""
        from schemas.tables.column import sheet_columns

        return sheet_columns(self.model)

    @property
    def key(self) -> tuple[str, ...]:
        """Columns of the table that name a row."""
        return tuple(self.model.to_schema().unique or ())


SHEETS: Mapping[str, Sheet] = {
    "results": Sheet("results table", "reported", is_versioned=False),
    "samples": Sheet("sample sheet", "samples"),
    "subjects": Sheet("subject sheet", "subjects"),
    "controls": Sheet("control sheet", "controls"),
    "events": Sheet("event sheet", "events"),
    "bridgings": Sheet("bridging sheet", "bridgings"),
}
"""Sheets by the kind that a reader tells them by."""
