"""One delivery into the facts: one transaction, with the record of every file it came from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from qc.ingest.correction_rows import CorrectionRow, requested_before, write_corrections
from qc.ingest.delivery import Delivery
from qc.ingest.delivery_words import changed_words_sentence
from qc.ingest.missing_rows import missing_sentence, vanishing_sentence
from qc.ingest.run_differences import is_same, run_differences
from qc.ingest.stored_accounts import ACCOUNT_TABLES, take_accounts
from qc.ingest.stored_runs import newest_versions, take_runs
from qc.ingest.stored_sheets import frame_of_rows, take_sheet, write_versions
from qc.ingest.study_of_sheet import with_studies_of_sheets
from qc.store.facts import insert, next_id, transaction
from qc.store.frames import first_row, query
from qc.store.seals import seal
from qc.store.tables import MEASURED_TABLES, SHEET_TABLES

if TYPE_CHECKING:
    import polars as pl

    from qc.ingest.handed_in import HandedIn
    from qc.readers.closed_account import ClosedAccount
    from qc.readers.intake import Intake
    from qc.store.connection import Connection


def is_known(con: Connection, delivery: Delivery) -> bool:
    """Tell whether a delivery is already in the facts.

    Parameters
    ----------
    delivery : Delivery
        What to look for, by its hash.

    Returns
    -------
    bool
        True if every byte of it came in before.
    """
    sql = "SELECT 1 FROM sources WHERE delivery_sha256 = ? LIMIT 1"
    return first_row(con, sql, [delivery.sha256]) is not None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the rows of a delivery."""

    source_id: int
    """Number of its main file; names its correction, where rows wait."""
    n_rows: int
    """Rows that were written."""
    n_waiting: int
    """Rows that wait for a person."""
    stands_in: tuple[int, ...]
    """Deliveries in which changes of this one wait or were refused already."""
    notes: tuple[str, ...] = ()
    """Sentences on rows that came in before and are not in this one."""


def take_in(con: Connection, delivery: Delivery, intake: Intake, *, now: datetime, handed_in: HandedIn) -> Taken:
    """Write one delivery, wholly or not at all; rows that change what results mean are written as what waits.

    Parameters
    ----------
    handed_in : HandedIn
        By whom, and whether as a correction.
    """
    intake = with_studies_of_sheets(con, intake)
    missing = [missing_sentence(con, name, frame) for name, frame in intake.tables.items() if name in SHEET_TABLES]
    words_note = changed_words_sentence(con, delivery)
    with transaction(con):
        source_id = next_id(con, "sources")
        n_rows, changes = _take_tables(con, intake, source_id, handed_in)
        waiting, stands_in = _waiting(con, changes, handed_in)
        write_corrections(con, waiting, source_id=source_id)
        told = _write_told(con, intake, source_id)
        take_accounts(con, _accounts(delivery, intake, source_id))
        sources = _sources(delivery, intake, source_id, n_rows, now, handed_in)
        # A table without a new row has nothing to be sealed: each that is looked at costs two milliseconds.
        written = {*told, *(["corrections"] if waiting else []), *(ACCOUNT_TABLES if intake.accounts else [])}
        _seal(con, sources, {*written, *intake.tables})
    notes = tuple(note for note in (*missing, words_note, vanishing_sentence(waiting)) if note)
    return Taken(source_id, n_rows, len(waiting), tuple(stands_in), notes)


def _waiting(
    con: Connection, changes: list[CorrectionRow], handed_in: HandedIn
) -> tuple[list[CorrectionRow], list[int]]:
    if handed_in.recorded is not None:
        return [row for row in changes if (row.table, row.key) in handed_in.recorded.waited], []
    return (changes, []) if handed_in.correct else requested_before(con, changes)


def take_accepted(
    con: Connection,
    rows: Sequence[CorrectionRow],
    intake: Intake | None,
    *,
    now: datetime,
    by: str,
    applies: int,
) -> int:
    """Take what waited into force, wholly or not at all: a source of its own, which names the delivery.

    Parameters
    ----------
    rows : sequence of CorrectionRow
        What waited.
    intake : Intake or None
        The delivery, read again, where it holds runs.
    by : str
        Who accepted it.
    applies : int
        Number of the delivery.

    Returns
    -------
    int
        Rows that were written.
    """
    with transaction(con):
        source_id = next_id(con, "sources")
        n_rows = 0
        sheets = list(dict.fromkeys(row.table for row in rows if row.table in SHEET_TABLES))
        for sheet in sheets:
            own = frame_of_rows(sheet, [row for row in rows if row.table == sheet])
            n_rows += write_versions(con, sheet, own, source_id=source_id)
        if intake is not None:
            older = newest_versions(con, intake.runs)
            n_rows += take_runs(con, intake.runs, _measured(intake), source_id=source_id, older=older)
        told = _write_told(con, intake, source_id) if intake is not None else ()
        again = {"first": source_id, "now": now.replace(tzinfo=None), "n_rows": n_rows, "by": by, "applies": applies}
        sources = query(con, _SOURCES_AGAIN, again)
        _seal(con, sources, {*told, *sheets, *(intake.tables if intake is not None else ())})
    return n_rows


_SOURCES_AGAIN = """
    SELECT s.* REPLACE (
        $first + row_number() OVER (ORDER BY s.source_id) - 1 AS source_id, $now AS ingested_at, $n_rows AS n_rows,
        $by AS delivered_by, $applies AS applies)
    FROM sources s JOIN sources d ON d.source_id = $applies AND d.delivery_sha256 = s.delivery_sha256
    WHERE s.applies IS NULL
"""


def _take_tables(
    con: Connection, intake: Intake, source_id: int, handed_in: HandedIn
) -> tuple[int, list[CorrectionRow]]:
    n_rows = 0
    waiting: list[CorrectionRow] = []
    for name, frame in intake.tables.items():
        if name in SHEET_TABLES:
            n_written, rows = take_sheet(con, name, frame, source_id=source_id, handed_in=handed_in)
            n_rows, waiting = n_rows + n_written, [*waiting, *rows]
    older = newest_versions(con, intake.runs) if intake.runs else {}
    if intake.runs and (_came_in(handed_in) or not older):
        n_rows += take_runs(con, intake.runs, _measured(intake), source_id=source_id, older=older)
    elif intake.runs:
        waiting += _differences(con, intake, handed_in)
    return n_rows, waiting


def _came_in(handed_in: HandedIn) -> bool:
    recorded = handed_in.recorded
    return recorded is not None and not any(table == "runs" for table, _ in recorded.waited)


def _differences(con: Connection, intake: Intake, handed_in: HandedIn) -> list[CorrectionRow]:
    # Whoever says that it is a correction gets a new version, even where nothing that is read has changed.
    rows = run_differences(con, intake.runs, _measured(intake))
    return [] if is_same(rows) and not handed_in.correct and handed_in.recorded is None else rows


def _measured(intake: Intake) -> dict[str, pl.DataFrame]:
    return {name: frame for name, frame in intake.tables.items() if name in MEASURED_TABLES}


def _seal(con: Connection, sources: pl.DataFrame, tables: Collection[str]) -> None:
    insert(con, "sources", sources)
    source_ids = sources["source_id"].to_list()
    run_ids = [row[0] for row in con.execute(_RUNS, [source_ids]).fetchall()]
    seal(con, {"source_id": source_ids, "run_id": run_ids}, tables={"sources", "runs", *tables})


_RUNS = "SELECT run_id FROM runs WHERE source_id IN (SELECT unnest(?))"


def _sources(
    delivery: Delivery, intake: Intake, source_id: int, n_rows: int, now: datetime, handed_in: HandedIn
) -> pl.DataFrame:
    import polars as pl

    from qc.version import __version__

    software = handed_in.recorded.software if handed_in.recorded else f"assaygate {__version__}"
    rows = [
        {
            "source_id": source_id + offset,
            "sha256": part.sha256,
            "delivery_sha256": delivery.sha256,
            "part": part.part,
            "file_name": part.name,
            "n_bytes": len(part.content),
            "kind": intake.kind,
            "reader": intake.reader,
            "reader_version": intake.reader_version,
            "software": software,
            "ingested_at": now.replace(tzinfo=None),
            "n_rows": n_rows,
            "delivered_by": handed_in.by,
        }
        for offset, part in enumerate(delivery.archived_parts)
    ]
    return pl.DataFrame(rows)


def _accounts(delivery: Delivery, intake: Intake, source_id: int) -> dict[int, ClosedAccount]:
    """Return the account of each part by the number of its source; a run sheet has no cells."""
    parts = {part.part: source_id + offset for offset, part in enumerate(delivery.parts)}
    return {parts[name]: account for name, account in intake.accounts.items()}


def _write_told(con: Connection, intake: Intake, source_id: int) -> tuple[str, ...]:
    """Write what the files say of themselves; return the tables that have new rows."""
    frames = {"file_seals": _file_seals(intake, source_id), "file_remarks": _file_remarks(intake, source_id)}
    filled = {table: frame for table, frame in frames.items() if frame.height}
    for table, frame in filled.items():
        insert(con, table, frame)
    return tuple(filled)


def _file_seals(intake: Intake, source_id: int) -> pl.DataFrame:
    rows = [(seal.kind, seal.state.value, seal.sentence) for seal in intake.seals]
    return _of_source(source_id, ("kind", "state", "sentence"), rows)


def _file_remarks(intake: Intake, source_id: int) -> pl.DataFrame:
    rows = [(remark.kind.value, remark.where, remark.sentence) for remark in dict.fromkeys(intake.remarks)]
    return _of_source(source_id, ("kind", "place", "sentence"), rows)


def _of_source(source_id: int, names: Sequence[str], rows: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    import polars as pl

    texts = dict.fromkeys(names, pl.String)
    return pl.DataFrame([(source_id, *row) for row in rows], {"source_id": pl.Int64, **texts}, orient="row")
