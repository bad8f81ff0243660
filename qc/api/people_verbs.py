"""Who acts and what they sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.lab.folder import LabFolder

if TYPE_CHECKING:
    from qc.people.acting_person import Person
    from qc.people.sessions import Session
    from qc.people.signatures import Signature


class PeopleVerbs(LabFolder):
    """Who acts and what they sign."""

    def person(self, actor: str | None = None) -> Person:
        """Return who acts: a name and roles.

        Parameters
        ----------
        actor : str, optional
            Named actor; None means whoever has signed in on this terminal, else the operating-system user.

        Returns
        -------
        Person
            Who acts.

        Raises
        ------
        RightsError
            If the lab keeps accounts and nobody has signed in.
        """
        from qc.people.acting_person import acting_person

        return acting_person(self, actor)

    def sign_in(self, user: str, password: str) -> Session:
        """Open a session on this terminal; a failed try is recorded, and many of them are slowed.

        Parameters
        ----------
        user : str
            Name of an account.
        password : str
            Its password.

        Returns
        -------
        Session
            Who has signed in, and until when.
        """
        from qc.people.sessions import sign_in

        return sign_in(self, user, password)

    def sign(self, about: str, meaning: str, *, password: str | None = None, actor: str | None = None) -> Signature:
        """Sign an item with the decision on it, a release, or a locked plan.

        Parameters
        ----------
        about : str
            ``R12.5``, ``ALS-1-R1`` or ``plan:ALS-1``.
        meaning : str
            ``review``, ``approval``, ``responsibility`` or ``authorship``.
        password : str, optional
            Password; not needed within a session.
        actor : str, optional
            Who signs; None means whoever has signed in.

        Returns
        -------
        Signature
            The signature.
        """
        from qc.audit.sign import sign

        return sign(self, about, meaning, password=password, actor=actor)

    def signatures(self, about: str | None = None) -> list[Signature]:
        """Return signatures, oldest first.

        Parameters
        ----------
        about : str, optional
            Only those on this; None means all.

        Returns
        -------
        list of Signature
            Signatures.
        """
        from qc.people.signatures import signatures

        return signatures(self.ledger, about)
