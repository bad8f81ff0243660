"""Hand files in as corrections, and with a reason accept them in the same act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qc.decide.decide_correction import decide_corrections
from qc.decide.request import DecisionRequest
from qc.ingest.corrections.correction import open_corrections
from qc.ingest.ingest import ingest
from qc.ingest.outcome import Ingested
from qc.items.decisions import Act, newest_decisions
from qc.people.acting_person import allowed_person
from qc.people.rights import Right

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


def correct(
    lab: LabFolder,
    paths: Iterable[Path],
    *,
    settings: Mapping[str, str] | None = None,
    reason: str = "",
    note: str = "",
    actor: str | None = None,
    progress: Callable[[Ingested], None] | None = None,
) -> list[Ingested]:
    """Hand files in as corrections: every changed row waits, and with a reason is accepted at once.

    Parameters
    ----------
    settings : mapping of str to str, optional
        Settings of the run sheet from the command line.
    reason : str
        Code of ``reasons.toml``; empty leaves the decision to whoever comes.
    actor : str, optional
        Who acts; None means whoever has signed in, else the operating-system user.

    Returns
    -------
    list of Ingested
        One for each delivery, in order; those that were accepted are in.

    Raises
    ------
    RightsError
        If there is a reason and the person may not decide on corrections; nothing is taken in then.
    """
    if not reason:
        return ingest(lab, paths, correct=True, settings=settings, actor=actor, progress=progress)
    person = allowed_person(lab, actor, Right.CORRECT)
    outcomes = [_known(lab, one) for one in ingest(lab, paths, correct=True, settings=settings, actor=person.name)]
    waiting = list(dict.fromkeys(one.correction for one in outcomes if one.correction))
    if waiting:
        request = DecisionRequest(act=Act.APPROVE, reason=reason, note=note)
        decide_corrections(lab, waiting, request, actor=person.name)
    accepted = [_accepted(one) for one in outcomes]
    for one in accepted:
        if progress:
            progress(one)
    return accepted


def _known(lab: LabFolder, outcome: Ingested) -> Ingested:
    # The same bytes wait already, or were refused: they are what is meant now.
    if outcome.outcome != "known":
        return outcome
    with lab.facts.reading() as con:
        found = open_corrections(con, newest_decisions(lab.ledger))
    same = next((one for one in found if one.sha256 == outcome.sha256 and one.state != "approved"), None)
    if same is None or same.state == "in force":
        return outcome
    return replace(outcome, correction=same.name, n_waiting=len(same.rows), kind=same.kind)


def _accepted(outcome: Ingested) -> Ingested:
    if not outcome.correction:
        return outcome
    said = f"Accepted as '{outcome.correction}'."
    n_rows = outcome.n_rows + outcome.n_waiting
    return replace(outcome, outcome="in", n_rows=n_rows, message=said, correction="", n_waiting=0)
