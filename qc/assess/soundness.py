"""Soundness: the facts against the table models, row by row, in one scan a table; and rules that broke."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from schemas.errors import Fault

_BROKEN = """
    SELECT f.rule, string_agg(DISTINCT s.run, ', ' ORDER BY s.run)
    FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE f.verdict = 'broken' AND NOT s.is_superseded GROUP BY f.rule ORDER BY f.rule
"""


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


def broken_rule_faults(lab: LabFolder) -> list[Fault]:
    """Return every rule that broke when a run was last judged: its results wait for the program, not for a person.

    Parameters
    ----------
    lab : LabFolder
        The lab.

    Returns
    -------
    list of Fault
        One for each rule, with the runs that it holds; empty if all rules were computed.
    """
    from schemas.errors import Fault

    with lab.facts.reading() as con:
        rows = con.execute(_BROKEN).fetchall()
    text = "It could not be computed on {}: a fault of the program, not of the samples. Report it with the night's log"
    return [
        Fault(f"rule '{rule}'", f"{text.format(runs)}; 'qc assess --all' asks it again once it is mended.")
        for rule, runs in rows
    ]
