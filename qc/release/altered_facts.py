"""What a release refuses to rest on: facts that are not what was written, sealed and entered when they were judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qc.release.recount import recounted
from qc.store.entry import Kind
from qc.store.facts_heads import head_faults, head_of, newest_seal
from qc.store.seals import broken_seals
from schemas.errors import Fault, GateError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

MOST_FAULTS = 20  # more than these help nobody to find what was changed
_RUNS = "SELECT run_id FROM runs WHERE study = ?"
_ASSESSMENTS = """
    SELECT max(assessment_id) FROM assessments WHERE run_id IN (SELECT run_id FROM runs WHERE study = ?) GROUP BY run_id
"""


def refuse_altered_facts(lab: LabFolder, study: str) -> None:
    """Fold all seals again, hash again and count again what a release of a study would rest on.

    Raises
    ------
    GateError
        If anything differs; each difference is named.
    """
    enter_what_is_late(lab)
    with lab.facts.reading() as con:
        faults = list(altered_facts(lab, con, study))
    if faults:
        more = f" ({len(faults)} in all)" if len(faults) > MOST_FAULTS else ""
        text = f"The facts of study '{study}' are not what was judged{more}; 'qc audit verify' looks at all of them."
        raise GateError(text, faults[:MOST_FAULTS])


def altered_facts(lab: LabFolder, con: Connection, study: str) -> Iterator[Fault]:
    """Yield every difference between the facts of a study and what was entered, sealed, and follows from it."""
    runs = [run_id for (run_id,) in con.execute(_RUNS, [study]).fetchall()]
    assessments = [number for (number,) in con.execute(_ASSESSMENTS, [study]).fetchall()]
    yield from head_faults(con, lab.ledger.entries_of(Kind.FACTS))
    yield from broken_seals(con, {"run_id": runs, "assessment_id": assessments})
    yield from recounted(con, study)


def enter_what_is_late(lab: LabFolder) -> int:
    """Enter the head of rows whose writer was cut off before it could, and return how many groups of rows they are."""
    last = lab.heads.newest()
    with lab.facts.reading() as con:
        n_late = newest_seal(con) - (head_of(last.body).n_seals if last else 0)
    if n_late > 0:
        with lab.facts.writing():
            pass
    return max(0, n_late)
