"""What a file says against itself as a whole, or otherwise than its plate map: told, never repaired."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schemas.json_model import JsonModel


class RemarkKind(StrEnum):
    """What a remark is about."""

    INSTRUMENT = "instrument"
    """The instrument says it, of the plate or of a well without a reading."""
    END = "end"
    """The file may have been cut."""
    MAP = "map"
    """Export and plate map say two things of one well."""
    UNIT = "unit"
    """The doses of export and plate map differ by one factor, as if they were in two units."""
    CHOICE = "choice"
    """What was taken of several things that the file holds; told when it comes in, and no fault."""


@dataclass(frozen=True, slots=True)
class FileRemark(JsonModel):
    """One thing that a person should know of a file before its results count."""

    kind: RemarkKind
    """What it is about."""
    where: str
    """Place: a plate, a line; empty for the whole file."""
    sentence: str
    """Full sentence, without the code of a sample."""
