"""Soundness: the facts against the table models, row by row, in one scan a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from schemas.errors import Fault


def stored_row_faults(lab: LabFolder) -> list[Fault]:
    """Return every stored row that is not what its table model says.

    Parameters
    ----------
    lab : LabFolder
        The lab; its catalogue says what may be approved.

    Returns
    -------
    list of Fault
        Each with table, key of the row and column, without a code of a patient; empty if all rows are well formed.
    """
    from qc.assess.judge.row_findings import stored_faults
    from qc.assess.prepare.rule_set import load_rule_set

    catalogue = load_rule_set(lab).catalogue
    with lab.facts.reading() as con:
        return stored_faults(con, catalogue)
