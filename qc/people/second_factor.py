"""A second factor: six digits that an app on a telephone makes of a shared secret and the time (TOTP, RFC 6238).

The ledger keeps the secret encrypted by the password, so that whoever reads the ledger, and does not know the password,
makes no code of it. The digits are typed right behind the password, in one line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.people.accounts import accounts, write_account
from qc.people.sessions import fitting_account
from qc.people.typed_code import parted, sealed, step_of_code
from schemas.errors import RightsError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.people.accounts import Account


@dataclass(frozen=True, slots=True)
class NewFactor:
    """A secret that is not in force yet."""

    secret: str = field(repr=False)
    """For the app, in base 32."""
    uri: str = field(repr=False)
    """The same as an address that an app takes up, ``otpauth://...``."""


def new_factor(lab: LabFolder, user: str, typed: str) -> NewFactor:
    """Return a new secret for somebody who knows the password; :func:`enter_factor` puts it into force.

    Parameters
    ----------
    typed : str
        The password; with the code behind it where there is a second factor already.

    Raises
    ------
    RightsError
        If it does not fit; the try is recorded.
    """
    import pyotp

    fitting_account(lab, user, typed)
    secret = pyotp.random_base32()
    return NewFactor(secret, pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=lab.name))


def enter_factor(lab: LabFolder, user: str, typed: str, factor: NewFactor, code: str) -> Account:
    """Put a new secret into force: an entry of the account.

    Raises
    ------
    RightsError
        If the code is not the one of now.
    """
    if step_of_code(factor.secret, code, datetime.now(UTC)) is None:
        raise RightsError("The code is not the one of now: nothing was changed. Is the clock of the telephone right?")
    account = accounts(lab.ledger)[user]
    password, _ = parted(typed, has_factor=bool(account.second_factor))
    settings = {"second_factor": sealed(factor.secret, password)}
    return write_account(lab.ledger, user, settings, actor=user, shortest_password=0)
