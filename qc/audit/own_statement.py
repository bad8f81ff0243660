"""A person's own statement on the facts: it reads, and can neither write, load, nor reach another file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.people.acting_person import allowed_person
from qc.people.rights import Right
from qc.people.unblinding import tell_look
from qc.store.shut_reading import shut_query
from schemas.errors import ConfigError

if TYPE_CHECKING:
    import polars as pl

    from qc.lab.folder import LabFolder


def own_statement(lab: LabFolder, statement: str, *, reason: str, actor: str | None = None) -> pl.DataFrame:
    """Run one statement on the facts, opened read-only through the one door, and return its rows.

    Parameters
    ----------
    statement : str
        In DuckDB's SQL, as the person wrote it.
    reason : str
        Why; not empty: the facts name subjects and visits, so the look is in the ledger first.
    actor : str, optional
        Who looks; None means whoever has signed in, else the operating-system user.

    Raises
    ------
    ConfigError
        If there is no reason, or the statement cannot be run.
    RightsError
        If the person may not unblind.
    """
    person = allowed_person(lab, actor, Right.UNBLIND)
    if not reason.strip():
        raise ConfigError(
            "A reason is needed: the facts name subjects and visits, and who looked stands in the ledger."
        )
    tell_look(lab, ["sql"], {"reason": reason, "statement": statement}, person.name)
    with lab.facts.reading_apart() as con:
        return shut_query(con, statement)
