"""Bringing data is an act: entries of the ledger that say who brought which files, and what they added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any  # Any: JSON values

from qc.store.entry import Draft, Kind
from qc.store.frames import first_row
from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.ingest.handed_in import HandedIn
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection
    from qc.store.entry import HasEntries
    from qc.store.ledger import Ledger

OBJECT = "deliveries"
"""What an entry is about: one tells up to sixteen deliveries, which were written while the facts were open once."""


def record_deliveries(ledger: Ledger, con: Connection, source_ids: Sequence[int], handed_in: HandedIn) -> None:
    """Tell the ledger of deliveries that were just committed; nobody else can write the facts meanwhile.

    Parameters
    ----------
    source_ids : sequence of int
        Numbers of their main files; none is no act.
    """
    if source_ids:
        body = {
            "os_user": handed_in.os_user,
            "correct": handed_in.correct,
            "deliveries": list(_told(con, source_ids).values()),
        }
        ledger.append([Draft(Kind.DELIVERY, OBJECT, body, handed_in.by)], at=datetime.now(UTC))


def record_missing(lab: LabFolder, delivery_sha256: str, handed_in: HandedIn) -> None:
    """Tell the ledger of a delivery that is in the facts and was cut off before its entry; once, whoever finds it."""
    with lab.facts.writing() as con:
        found = first_row(con, _MAIN, [delivery_sha256])
        if found is not None and found[0] not in told_sources(lab.ledger):
            record_deliveries(lab.ledger, con, [found[0]], handed_in)


def told_sources(ledger: HasEntries) -> set[int]:
    """Return the numbers of the main files of all deliveries that the ledger tells."""
    return {one["source"] for entry in ledger.entries_of(Kind.DELIVERY) for one in entry.body["deliveries"]}


def delivery_faults(ledger: HasEntries, con: Connection) -> Iterator[Fault]:
    """Compare the deliveries that the ledger tells with those of the facts.

    Yields
    ------
    Fault
        One for each that is not what was brought, and for each since the first entry of which no entry tells.
    """
    told = {one["source"]: one for entry in ledger.entries_of(Kind.DELIVERY) for one in entry.body["deliveries"]}
    for source_id, now in _told(con, sorted(told)).items():
        if now != told[source_id]:
            yield Fault(
                f"facts, delivery {source_id}",
                "It is not what the ledger says was brought: it was changed and sealed anew.",
            )
    rows = con.execute(_UNTOLD, [min(told, default=1 << 62)]).fetchall()
    for source_id, name in rows:
        if source_id not in told:
            text = "No entry of the ledger tells who brought it. 'qc doctor' finishes what was cut off."
            yield Fault(f"facts, delivery {source_id} ('{name}')", text)


_MAIN = "SELECT min(source_id) FROM sources WHERE delivery_sha256 = ? AND applies IS NULL HAVING count(*) > 0"
_UNTOLD = """
    SELECT min(source_id) AS source_id, min_by(file_name, source_id) FROM sources
    WHERE applies IS NULL AND source_id >= ? GROUP BY delivery_sha256 ORDER BY 1
"""
_PARTS = """
    SELECT d.source_id, s.source_id, s.part, s.file_name, s.sha256, s.n_rows, s.kind
    FROM sources s JOIN sources d USING (delivery_sha256)
    WHERE s.applies IS NULL AND d.source_id IN (SELECT unnest(?)) ORDER BY ALL
"""
_RUNS = "SELECT source_id, run_id, run, version FROM runs WHERE source_id IN (SELECT unnest(?)) ORDER BY run_id"
_WAITING = "SELECT source_id, count(*) FROM corrections WHERE source_id IN (SELECT unnest(?)) GROUP BY source_id"
_SEALED = """
    SELECT key_column, key, table_name, n_rows, sha256 FROM seals
    WHERE key_column = 'source_id' AND key IN (SELECT unnest(?)) OR key_column = 'run_id' AND key IN (SELECT unnest(?))
    ORDER BY table_name, key
"""


def _told(con: Connection, source_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return what is told of deliveries, as the facts hold them, by the number of the main file."""
    wanted = [list(source_ids)]
    told: dict[int, dict[str, Any]] = {one: {"source": one, "n_rows": 0, "n_waiting": 0} for one in source_ids}
    delivery_of: dict[tuple[str, int], int] = {}
    for one, source_id, part, name, sha256, n_rows, kind in con.execute(_PARTS, wanted).fetchall():
        told[one] |= {"n_rows": n_rows, "kind": kind}
        told[one].setdefault("parts", []).append({"part": part, "name": name, "sha256": sha256})
        delivery_of["source_id", source_id] = one
    for one, run_id, run, version in con.execute(_RUNS, wanted).fetchall():
        told[one].setdefault("runs", []).append([run, version])
        delivery_of["run_id", run_id] = one
    for one, n_waiting in con.execute(_WAITING, wanted).fetchall():
        told[one]["n_waiting"] = n_waiting
    keys = [[key for column, key in delivery_of if column == named] for named in ("source_id", "run_id")]
    for column, key, table, n_rows, sha256 in con.execute(_SEALED, keys).fetchall():
        told[delivery_of[column, key]].setdefault("seals", []).append([table, key, n_rows, sha256])
    return told
