"""Who acts at the screens, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.api.lab import Lab


@dataclass(frozen=True, slots=True)
class Actor:
    """Who would act now."""

    name: str
    """Name; empty if nobody is known to act."""
    until: datetime | None
    """End of the session, in UTC; None where there is none."""
    has_accounts: bool
    """Whether the lab keeps accounts, so that one signs in."""
    is_proved: bool = True
    """Whether a signature needs no password: a session is open that a password began."""

    def words(self, now: datetime) -> str:
        """Say it in the few words of a status line.

        Returns
        -------
        str
            Such as ``anna until 14:05 UTC``; empty where a lab keeps no accounts.
        """
        if not self.has_accounts:
            return ""
        if not self.name or (self.until is not None and self.until <= now):
            return "nobody has signed in: I"
        return f"{self.name} until {self.until:%H:%M} UTC" if self.until is not None else self.name


def present_actor(lab: Lab, actor: str | None) -> Actor:
    """Say who would act now.

    Parameters
    ----------
    actor : str or None
        Named actor; None means whoever has signed in, else the operating-system user.
    """
    from qc.people.acting_person import acting_person
    from qc.people.sessions import PASSWORD, open_session
    from schemas.errors import RightsError

    try:
        person = acting_person(lab, actor)
    except RightsError:
        return Actor("", None, has_accounts=True, is_proved=False)
    session = open_session(lab)
    own = session if session is not None and session.user == person.name else None
    is_proved = own is not None and own.by == PASSWORD
    return Actor(person.name, own.until if own else None, has_accounts=person.account is not None, is_proved=is_proved)
