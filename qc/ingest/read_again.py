"""A delivery taken in once more from the archive, as it was taken in the first time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qc.ingest.correction_rows import corrections_of
from qc.ingest.delivery import Delivery, Part
from qc.ingest.delivery_read import read_intake
from qc.ingest.delivery_write import take_accepted, take_in
from qc.ingest.handed_in import HandedIn, Recorded
from qc.store.tables import SHEET_TABLES

if TYPE_CHECKING:
    from qc.ingest.delivery_journal import DeliveryRecord
    from qc.store.connection import Connection


def take_again(con: Connection, archive: Path, record: DeliveryRecord, *, default_study: str) -> None:
    """Write the rows of a delivery again; those before it must be in.

    Parameters
    ----------
    con : Connection
        Facts that hold every delivery before it, and nothing else.
    default_study : str
        Study of rows that say none.

    Raises
    ------
    QcError
        If a file of it cannot be read any more.
    KeyError
        If its main file is not among its parts.
    """
    parts = {part: Part(part, name, _content(archive / sha256)) for part, name, sha256 in record.parts}
    delivery = Delivery.of(parts)
    intake = read_intake(delivery, default_study=record.study or default_study)
    if intake.runs and not record.has_runs:
        sheets = {name: rows for name, rows in intake.tables.items() if name in SHEET_TABLES}
        intake = replace(intake, runs=(), tables=sheets)  # every row of it was in already
    now, by = record.moment, record.delivered_by
    if record.applies is not None:
        rows = corrections_of(con, [record.applies]).get(record.applies, [])
        take_accepted(con, rows, intake if intake.runs else None, now=now, by=by, applies=record.applies)
        return
    recorded = Recorded(set(record.written), set(record.waited), record.software)
    take_in(con, delivery, intake, now=now, handed_in=HandedIn(by=by, recorded=recorded))


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
