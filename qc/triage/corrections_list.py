"""Corrections that wait, each as a row that is decided on like any other and with old and new side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.decide.correction_view import RULE, CorrectionShown, correction_shown
from qc.decide.decide_correction import seen_of
from qc.ingest.corrections.correction import waiting_corrections
from qc.ingest.corrections.touched import touched_of
from qc.items.decisions import newest_decisions
from qc.triage.queue import QueueRow
from schemas.finding import Verdict
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class CorrectionLine(JsonModel):
    """One correction that waits."""

    json_keys = "item judged_sha256 as_of *correction"

    row: QueueRow
    """Row, as a decision takes it."""
    correction: CorrectionShown
    """Old and new side by side."""

    @property
    def item(self) -> str:
        """Return its name."""
        return self.row.item

    @property
    def judged_sha256(self) -> str:
        """Return the hash of what is decided on."""
        return self.row.seen.judged_sha256

    @property
    def as_of(self) -> int:
        """Return the number of the newest ledger entry when it was looked at."""
        return self.row.seen.as_of


def correction_lines(lab: LabFolder, con: Connection) -> list[CorrectionLine]:
    """Return the corrections that wait, oldest first."""
    as_of = lab.ledger.head()[0]
    lines = []
    for one in waiting_corrections(con, newest_decisions(lab.ledger)):
        touched = touched_of(con, one)
        row = QueueRow(
            item=one.name,
            verdict=Verdict.WARN,
            rules=(RULE,),
            run="",
            analyte="",
            matrix="",
            code="",
            value="",
            wells="",
            assessed_at=one.delivered_at,
            has_lapsed=False,
            state=one.state,
            seen=seen_of(one, touched, as_of),
        )
        lines.append(CorrectionLine(row, correction_shown(lab, one, touched)))
    return lines
