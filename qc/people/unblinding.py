"""Looks behind the blind are told to the ledger before anything is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.store.entry import Draft, Kind
from qc.store.read_only import is_read_only

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

NOT_RECORDED = "This copy cannot be written: the look stands in no ledger."
"""What is said where nothing could be told."""


def tell_look(lab: LabFolder, names: Sequence[str], body: Mapping[str, str], who: str) -> list[int]:
    """Tell the ledger that somebody looks behind the blind, and return the numbers of the entries; 0 for a mere copy.

    A copy that nobody here can write is read as it is: what is looked at in it is no act in the lab.
    """
    if is_read_only(lab.paths.ledger):
        return [0 for _ in names]
    drafts = [Draft(Kind.UNBLINDING, name, dict(body), who) for name in names]
    return [entry.seq for entry in lab.ledger.append(drafts, at=datetime.now(UTC))]
