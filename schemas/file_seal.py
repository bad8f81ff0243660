"""The seal of a file: what it carries to prove that it is as its instrument wrote it, and whether that holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schemas.json_model import JsonModel


class SealState(StrEnum):
    """Whether a seal holds."""

    INTACT = "intact"
    """What the file says of itself and what was recomputed agree."""
    BROKEN = "broken"
    """They differ: the file has changed since the instrument wrote it."""
    UNREADABLE = "unreadable"
    """The file carries a seal that cannot be read, or its end, with which the format closes, is missing."""
    ABSENT = "absent"
    """The format knows such a seal, and the file carries none."""


@dataclass(frozen=True, slots=True)
class FileSeal(JsonModel):
    """One proof that a file carries of itself, recomputed."""

    kind: str
    """What it is: ``ASTM checksums``, ``CRC-32``, ``number of messages``."""
    state: SealState
    """Whether it holds."""
    sentence: str
    """Full sentence: what was compared; where it is broken, the place, what the file says and what its bytes give.
    Nothing of a patient."""


NO_SEAL = FileSeal(
    "no seal",
    SealState.ABSENT,
    "The file carries no seal or proof of its own: what it does not state twice cannot be checked from it alone.",
)
"""What is recorded of a file of a format that knows no seal."""
