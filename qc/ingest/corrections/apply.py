"""Take accepted corrections into force: the entry of the ledger is the commit, and whoever comes next makes it good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.ingest.corrections.correction import Correction, open_corrections
from qc.ingest.delivery import Delivery, Part
from qc.ingest.delivery_journal import journal_deliveries
from qc.ingest.delivery_read import read_intake
from qc.ingest.delivery_write import take_accepted
from qc.ingest.run_differences import delivered_rows
from qc.items.decisions import newest_decisions
from schemas.errors import ReaderError, StoreError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.readers.intake import Intake
    from qc.store.connection import Connection


def apply_accepted(lab: LabFolder) -> list[str]:
    """Take into force what was accepted and is not in force yet.

    Returns
    -------
    list of str
        Names of the corrections, in the order in which they were accepted.

    Raises
    ------
    StoreError
        If the archive does not give what was accepted.
    """
    with lab.facts.reading() as con:
        if not _accepted(lab, con):
            return []
    with lab.facts.writing() as con:
        accepted = _accepted(lab, con)
        for one in accepted:
            _apply(lab, con, one)
        journal_deliveries(lab.paths.archive, con)
        return [one.name for one in accepted]


def _accepted(lab: LabFolder, con: Connection) -> list[Correction]:
    found = open_corrections(con, newest_decisions(lab.ledger))
    accepted = [one for one in found if one.state == "approved"]
    return sorted(accepted, key=lambda one: one.decision.seq if one.decision else 0)


def _apply(lab: LabFolder, con: Connection, accepted: Correction) -> None:
    intake = _read_again(lab, con, accepted) if accepted.is_run else None
    by = accepted.decision.actor if accepted.decision else ""
    take_accepted(con, accepted.rows, intake, now=datetime.now(UTC), by=by, applies=accepted.number)


_PARTS = "SELECT part, file_name, sha256 FROM sources WHERE delivery_sha256 = ? AND applies IS NULL ORDER BY source_id"


def _read_again(lab: LabFolder, con: Connection, accepted: Correction) -> Intake:
    parts = {
        part: Part(part, name, (lab.paths.archive / sha256).read_bytes())
        for part, name, sha256 in con.execute(_PARTS, [accepted.sha256]).fetchall()
        if (lab.paths.archive / sha256).is_file()
    }
    study = next(row.study for row in accepted.rows if row.table == "runs")
    try:
        delivery = Delivery.of(parts)
        intake = read_intake(delivery, default_study=study)
    except (KeyError, ReaderError) as error:
        raise StoreError(f"'{accepted.name}' was accepted, and the archive does not give it any more.") from error
    _refuse_otherwise(accepted, intake)
    return intake


def _refuse_otherwise(accepted: Correction, intake: Intake) -> None:
    # What is read now must say what was shown to whoever accepted it.
    read = {(row.table, row.key, row.after) for row in delivered_rows(intake.runs, intake.tables)}
    if not {(row.table, row.key, row.after) for row in accepted.rows if row.after != "null"} <= read:
        raise StoreError(f"'{accepted.name}' was accepted as another reader read it: hand it in again.")
