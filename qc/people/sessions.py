"""Sessions: who has signed in on this terminal, and until when.

A session belongs to one login session of the operating system (one terminal, one ssh connection), ends after a while
without an act, and is authenticated with the lab's secret, so that a copied or edited file is no session.
"""

from __future__ import annotations

import hmac
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qc.lab.actor import actor_or_user
from qc.lab.blinding import read_secret
from qc.people.accounts import accounts
from qc.people.passwords import fits
from qc.store.entry import Draft, Kind
from schemas.canonical import canonical_json, utc_text
from schemas.errors import RightsError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

PASSWORD, PROXY = "password", "proxy"
"""How a person was known when a session began."""
FREE_TRIES = 3
"""Wrong passwords in a row that cost no waiting."""
_UNKNOWN = "(unknown)"  # what the ledger calls a name that is no account: a typed name may be a password
FIRST_WAIT_S = 5.0
"""What the next wrong password costs, in seconds; it doubles with every further one."""
LONGEST_WAIT_S = 900.0
"""Longest time that a wrong password costs, in seconds."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has signed in."""

    user: str
    """Name of the account."""
    until: datetime
    """When it ends, in UTC."""
    by: str = PASSWORD
    """How the person was known: :data:`PASSWORD`, or :data:`PROXY`, which proves nothing to a signature."""


def sign_in(lab: LabFolder, user: str, password: str) -> Session:
    """Open a session on this terminal.

    Raises
    ------
    RightsError
        If the account or the password is wrong, or too many were wrong shortly before; every try is in the ledger.
    """
    check_password(lab, user, password)
    return keep_open(lab, user)


def check_password(lab: LabFolder, user: str, password: str) -> None:
    """Compare a password, and tell the ledger how it went.

    Raises
    ------
    RightsError
        If it does not fit. The sentence is the same for a wrong name and a wrong password.
    """
    now = datetime.now(UTC)
    account = accounts(lab.ledger).get(user)
    _refuse_too_soon(lab, user, now)
    # An unknown name costs as much time as a wrong password, so that names cannot be found out by the clock.
    does_fit = fits(account.password_hash if account and account.password_hash else _NOBODY, password)
    is_good = does_fit and account is not None and account.is_active
    body = {"outcome": "signed in" if is_good else "refused", "terminal": _terminal()}
    who = user if is_good else actor_or_user(None)
    lab.ledger.append([Draft(Kind.SIGN_IN, user if account else _UNKNOWN, body, who)], at=datetime.now(UTC))
    if not is_good:
        raise RightsError("Name and password do not fit, or the account is not active. The try was recorded.")


def _refuse_too_soon(lab: LabFolder, user: str, now: datetime) -> None:
    named = user if user in accounts(lab.ledger) else _UNKNOWN
    tries = [entry for entry in lab.ledger.entries_of(Kind.SIGN_IN) if entry.object == named]
    n_wrong = 0
    for entry in reversed(tries):
        if entry.body["outcome"] == "signed in":
            break
        n_wrong += 1
    if n_wrong < FREE_TRIES:
        return
    wait_s = min(FIRST_WAIT_S * 2 ** (n_wrong - FREE_TRIES), LONGEST_WAIT_S)
    left_s = wait_s - (now - tries[-1].at).total_seconds()
    if left_s > 0:
        raise RightsError(f"{n_wrong} wrong passwords in a row: try again in {left_s:.0f} s.")


def keep_open(lab: LabFolder, user: str, by: str = PASSWORD) -> Session:
    """Begin a session on this terminal, or prolong it.

    Parameters
    ----------
    user : str
        Name of the account, whose password was checked or whose session is open.
    """
    until = datetime.now(UTC) + timedelta(minutes=lab.settings.people.session_minutes)
    session = {"user": user, "until": utc_text(until), "terminal": _terminal(), "by": by}
    path = _path(lab)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(session | {"proof": _proof(lab, session)}))
    draft.replace(path)
    return Session(user, until, by)


def open_session(lab: LabFolder) -> Session | None:
    """Return who has signed in on this terminal.

    Returns
    -------
    Session or None
        None if nobody has, the session has ended, or its file is not what was written here.
    """
    try:
        session = json.loads(_path(lab).read_text(encoding="utf-8"))
        said = {key: str(session[key]) for key in ("user", "until", "terminal", "by")}
        is_own = hmac.compare_digest(str(session["proof"]), _proof(lab, said)) and said["terminal"] == _terminal()
        until = datetime.fromisoformat(said["until"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Session(said["user"], until, said["by"]) if is_own and until > datetime.now(UTC) else None


def sign_out(lab: LabFolder) -> None:
    """End the session on this terminal; none is no fault."""
    _path(lab).unlink(missing_ok=True)


def _path(lab: LabFolder) -> Path:
    return lab.paths.root / ".sessions" / f"{_terminal()}.json"


def _terminal() -> str:
    # A login session is named by its leader and by when the leader began: process numbers are used again.
    leader = os.getsid(0)
    try:
        began = Path(f"/proc/{leader}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        began = "0"
    return f"{os.getuid()}-{leader}-{began}"


def _proof(lab: LabFolder, session: dict[str, str]) -> str:
    said = canonical_json(["session", session["user"], session["until"], session["terminal"], session["by"]])
    return hmac.new(read_secret(lab.paths.blind_secret), said.encode(), "sha256").hexdigest()


_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$aSu4mCUqyVlHRDdbpxIA2dCKGZQHGSwKULOcBFOBWOg"
"""Hash of no password, of the same cost as a real one."""
