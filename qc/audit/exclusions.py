"""Whether the visits of the plan lose subjects alike: for the unblinded, as an act that the ledger keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qc.people.acting_person import allowed_person
from qc.people.rights import Right
from qc.people.unblinding import tell_look
from qc.plan.plan_lock import newest_lock
from qc.release.release_contents import contents
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


def exclusions_by_visit(lab: LabFolder, study: str | None, *, reason: str, actor: str | None = None) -> dict[str, Any]:
    """Compare the exclusions of both visits by an exact test; the look is in the ledger before anything is told.

    Parameters
    ----------
    study : str or None
        Study; None means the default of qc.toml.
    reason : str
        Why; not empty.
    actor : str, optional
        Who looks; None means whoever has signed in, else the operating-system user.

    Returns
    -------
    dict
        What :func:`qc.release.release_account.imbalance` returns.

    Raises
    ------
    ConfigError
        If there is no reason, or no plan says which visits are compared.
    RightsError
        If the person may not unblind.
    """
    named = study or lab.settings.lab.default_study
    person = allowed_person(lab, actor, Right.UNBLIND)
    if not reason.strip():
        raise ConfigError("A reason is needed: it is what an auditor reads.")
    newest_lock(lab, named)
    tell_look(lab, [f"exclusions:{named}"], {"reason": reason}, person.name)
    imbalance = contents(lab, named).imbalance
    return imbalance if imbalance is not None else {}
