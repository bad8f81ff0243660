"""Unblind: look behind the pseudonym of one result, with a reason, as an act that the ledger keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.items.blinded_item import FindingShown, findings_by_item
from qc.items.names import Item, item_of_result, parse_target
from qc.items.seen_item import sample_of_code
from qc.people.acting_person import allowed_person
from qc.people.rights import Right
from qc.people.unblinding import tell_look
from qc.store.frames import first_row
from schemas.errors import ConfigError, Fault
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class OtherResult(JsonModel):
    """A result of the same subject, analyte and matrix."""

    item: str
    """Name of the result."""
    visit: str
    """Visit of its sample."""
    value: float | None
    """Value; None where there is no number."""
    censor: str
    """Side of a censored value."""
    unit: str
    """Unit."""


@dataclass(frozen=True, slots=True)
class Unblinded(JsonModel):
    """One result or sample without its blind."""

    json_keys = "item study sample subject visit matrix seq others findings"

    item: str
    """Name that was asked for."""
    study: str
    """Study."""
    sample: str
    """Sample code."""
    subject: str
    """Subject; empty if the sample sheet names none."""
    visit: str
    """Visit; empty if the sample sheet names none."""
    matrix: str
    """Matrix."""
    others: tuple[OtherResult, ...]
    """Results of the same subject, analyte and matrix, by visit; all analytes for a sample."""
    findings: tuple[FindingShown, ...]
    """Findings on the result in full."""
    seq: int
    """Number of the ledger entry that tells of the look; 0 in a copy that cannot be written."""


_SAMPLE = "SELECT subject, visit, matrix FROM latest_samples WHERE study = ? AND sample = ?"
_RESULT = "SELECT study, sample, analyte FROM latest_results WHERE result_id = ?"
_OTHERS = """
    SELECT r.result_id, s.visit, r.value, r.censor, r.unit
    FROM latest_results r JOIN latest_samples s ON r.study = s.study AND r.sample = s.sample
    WHERE s.study = ? AND s.subject = ? AND s.matrix = ? AND (? = '' OR r.analyte = ?) AND s.subject <> ''
    ORDER BY s.visit, r.result_id
"""


def unblind(lab: LabFolder, names: Sequence[str], *, reason: str, actor: str | None = None) -> list[Unblinded]:
    """Look behind the blind; the look is in the ledger before anything is told.

    Parameters
    ----------
    names : sequence of str
        Names of results (``R12.5``) or samples (``S-7K3QX``).
    reason : str
        Why; not empty.
    actor : str, optional
        Who looks; None means whoever has signed in, else the operating-system user.

    Returns
    -------
    list of Unblinded
        What stands behind each name. The ledger keeps names, person and reason, and nothing of this.

    Raises
    ------
    ConfigError
        If there is no such result or sample, or no reason.
    RightsError
        If the person may not unblind.
    """
    person = allowed_person(lab, actor, Right.UNBLIND)
    wanted = list(dict.fromkeys(str(parse_target(name)) for name in names))
    with lab.facts.reading() as con:
        sample_keys = {name: _sample_key(lab, con, name) for name in wanted}
        faults = [
            Fault(name, "There is no such result or sample.") for name, place in sample_keys.items() if not place[1]
        ]
        if not reason.strip():
            faults.append(Fault("reason", "A reason is needed: it is what an auditor reads."))
        if faults:
            raise ConfigError("Nothing was unblinded.", faults)
        seqs = tell_look(lab, wanted, {"reason": reason}, person.name)
        return [_unblinded(con, name, sample_keys[name], seq) for name, seq in zip(wanted, seqs, strict=True)]


def _sample_key(lab: LabFolder, con: Connection, name: str) -> tuple[str, str, str]:
    target = parse_target(name)
    if not isinstance(target, Item):
        return (*sample_of_code(lab, con, target.code), target.analyte)
    row = first_row(con, _RESULT, [target.result_id]) if target.result_id is not None else None
    return (row[0], row[1], row[2]) if row else ("", "", "")


def _unblinded(con: Connection, name: str, place: tuple[str, str, str], seq: int) -> Unblinded:
    study, sample, analyte = place
    subject, visit, matrix = first_row(con, _SAMPLE, [study, sample]) or ("", "", "")
    rows = con.execute(_OTHERS, [study, subject, matrix, analyte, analyte]).fetchall()
    others = tuple(OtherResult(str(item_of_result(row[0])), *row[1:]) for row in rows)
    findings = tuple(findings_by_item(con, [name], is_blinded=False)[name])
    return Unblinded(name, study, sample, subject, visit, matrix, others, findings, seq)
