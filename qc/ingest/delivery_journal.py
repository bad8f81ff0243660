"""The journal of the archive: names, pairings and order of all that came in, so that the facts can be made again.

One line a delivery, in the order of their numbers, written while nobody else can write the facts. It says nothing that
the facts do not say, and outlives them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any  # Any: a row of the sources

from qc.ingest.correction_rows import corrections_of
from qc.ingest.stored_sheets import written_rows
from schemas.canonical import canonical_json

if TYPE_CHECKING:
    from qc.store.connection import Connection

JOURNAL = "deliveries.jsonl"
"""File of the archive."""
_TAIL_BYTES = 65536
_SOURCES = """
    SELECT source_id, sha256, delivery_sha256, part, file_name, applies, ingested_at, delivered_by, software
    FROM sources WHERE source_id > ? ORDER BY source_id
"""
_STUDIES = """
    SELECT source_id, study FROM (
        SELECT source_id, study FROM runs UNION SELECT source_id, study FROM samples
        UNION SELECT source_id, study FROM subjects UNION SELECT source_id, study FROM corrections WHERE study <> ''
    ) WHERE source_id > ? ORDER BY 1, 2
"""
_WITH_RUNS = """
    SELECT source_id FROM runs WHERE source_id > ?1
    UNION SELECT source_id FROM corrections WHERE table_name = 'runs' AND source_id > ?1
"""


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One delivery as it came in."""

    source_id: int
    """Number of its first part; the others follow."""
    parts: Sequence[tuple[str, str, str]]
    """What each part is, its name, and its SHA-256."""
    applies: int | None
    """Number of the delivery that it takes into force; None for a delivery of its own."""
    study: str
    """Study of its rows; empty where they belong to none."""
    has_runs: bool
    """Whether it brought runs, in force or waiting."""
    written: Sequence[tuple[str, str]]
    """Rows of sheets that were written at once, by table and key."""
    waited: Sequence[tuple[str, str]]
    """Rows that waited, by table and key."""
    ingested_at: str
    """When, in UTC."""
    delivered_by: str
    """By whom."""
    software: str
    """Version that took it in."""

    @property
    def moment(self) -> datetime:
        """Return when it came in."""
        return datetime.fromisoformat(self.ingested_at)

    @property
    def last_id(self) -> int:
        """Return the number of its last part."""
        return self.source_id + len(self.parts) - 1

    @property
    def line(self) -> str:
        """Return it as the journal tells it."""
        return f"{canonical_json(asdict(self))}\n"


def delivery_records(con: Connection, after: int = 0) -> Iterator[DeliveryRecord]:
    """Return what came in, from the facts.

    Parameters
    ----------
    after : int
        Only deliveries whose sources have a higher number.
    """
    deliveries = _deliveries(con.execute(_SOURCES, [after]).fetchall())
    studies = {row[0]: row[1] for row in con.execute(_STUDIES, [after]).fetchall()}
    with_runs = {row[0] for row in con.execute(_WITH_RUNS, [after]).fetchall()}
    ids = [parts[0][0] for parts in deliveries]
    written, waiting = written_rows(con, ids), corrections_of(con, ids)
    for parts in deliveries:
        source_id, _, _, _, _, applies, at, by, software = parts[0]
        yield DeliveryRecord(
            source_id,
            tuple((part, name, sha256) for _, sha256, _, part, name, *_ in parts),
            applies,
            studies.get(source_id, ""),
            source_id in with_runs,
            tuple(sorted(written.get(source_id, ()))),
            tuple((row.table, row.key) for row in waiting.get(source_id, ())),
            at.isoformat(),
            by,
            software,
        )


def _deliveries(rows: Sequence[tuple[Any, ...]]) -> list[list[tuple[Any, ...]]]:
    found: dict[tuple[str, int | None], list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault((row[2], row[5]), []).append(row)
    return list(found.values())


def journal_deliveries(archive: Path, con: Connection) -> None:
    """Write down what came in since the last line; what a kill cut off is written by whoever comes next.

    Parameters
    ----------
    con : Connection
        Facts that nobody else can write meanwhile.
    """
    path = archive / JOURNAL
    place, after = _end_of(path)
    lines = "".join(record.line for record in delivery_records(con, after))
    if lines:
        _append(path, place, lines.encode())


def _end_of(path: Path) -> tuple[int, int]:
    """Return where the last whole line ends, in bytes, and the number of the last part that it names."""
    if not path.is_file():
        return 0, 0
    n_bytes = _TAIL_BYTES
    size = path.stat().st_size
    while True:
        with path.open("rb") as file:
            file.seek(max(0, size - n_bytes))
            tail = file.read()
        end = tail.rfind(b"\n")
        begin = tail.rfind(b"\n", 0, max(0, end)) + 1
        if begin or n_bytes >= size:
            break
        n_bytes *= 16
    if end < 0:
        return 0, 0  # nothing, or half a line that a power cut left
    return size - len(tail) + end + 1, _record(json.loads(tail[begin : end + 1])).last_id


def _append(path: Path, place: int, content: bytes) -> None:
    with path.open("r+b" if path.is_file() else "wb") as file:
        file.seek(place)
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def read_journal(path: Path) -> list[DeliveryRecord]:
    """Return every whole line of a journal; empty if there is none.

    Raises
    ------
    ValueError
        If a line is not what was written.
    """
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    return [_record(json.loads(line)) for line in lines]


def _record(written: Mapping[str, Any]) -> DeliveryRecord:
    try:
        pairs = {name: tuple(map(tuple, written[name])) for name in ("parts", "written", "waited")}
        return DeliveryRecord(**{**written, **pairs})
    except (KeyError, TypeError) as error:
        raise ValueError("This is no line of the journal.") from error
