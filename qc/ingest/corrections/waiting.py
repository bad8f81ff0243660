"""Corrections that wait for a person, as faults that are told until somebody decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.ingest.corrections.correction import waiting_corrections
from qc.ingest.corrections.sentences import advice_of, sentence_of
from qc.ingest.corrections.touched import touched_of
from qc.items.decisions import newest_decisions
from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


def correction_faults(lab: LabFolder) -> list[Fault]:
    """Return each correction that waits, oldest first."""
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        return [
            Fault(one.name, f"{sentence_of(one, touched_of(con, one))} {advice_of(one)}")
            for one in waiting_corrections(con, decisions)
        ]
