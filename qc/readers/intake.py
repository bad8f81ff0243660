"""What a reader hands over: runs and tables with fixed columns, nothing judged yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qc.readers.closed_account import ClosedAccount
from schemas.file_remark import FileRemark
from schemas.file_seal import FileSeal
from schemas.run import Run

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Intake:
    """One file, read whole; a file with a single fault never becomes one."""

    kind: str
    """``results``, ``plate``, ``samples``, ``subjects``, ``controls``, ``events`` or ``bridgings``."""
    reader: str
    """Name of the reader: ``tidy``, ``softmax``, or one of another package."""
    reader_version: str
    """Version of the reader; raised when it reads the same bytes otherwise."""
    instrument: str
    """Name of the instrument or its software, as far as the file tells; else empty."""
    runs: tuple[Run, ...]
    """Runs of the file; empty for sheets."""
    tables: Mapping[str, pl.DataFrame]
    """Each table with the columns of its table model."""
    runs_without_study: frozenset[str] = frozenset()
    """Runs that name no study: they carry the default of qc.toml until the sample sheets are asked."""
    seals: tuple[FileSeal, ...] = ()
    """What the file carries to prove itself, recomputed; the door fills it in."""
    accounts: Mapping[str, ClosedAccount] = field(default_factory=dict)
    """Account of each part of the delivery, ``main`` and ``plate_map``; put in by the door."""
    remarks: tuple[FileRemark, ...] = ()
    """What the file says against itself, or otherwise than its plate map."""
