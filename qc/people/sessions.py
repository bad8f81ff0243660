"""Sessions: who has signed in on this terminal, and until when.

A session belongs to one login session of the operating system (one terminal, one ssh connection), ends after a while
without an act, and is a token of which the ledger keeps the hash, signed with a key made of the person's password:
whoever can import this module, or write the ledger, opens no session of somebody else.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qc.lab.actor import actor_or_user
from qc.lab.blinding import read_secret
from qc.people.accounts import accounts
from qc.people.passwords import fits
from qc.people.signing_keys import is_signed, signed
from qc.people.typed_code import parted, step_of
from qc.store.entry import Draft, Kind
from schemas.canonical import canonical_json, sha256_text, utc_text
from schemas.errors import RightsError, SignInError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.people.accounts import Account

PASSWORD, PROXY = "password", "proxy"
"""How a person was known when a session began."""
SIGNED_IN = "signed in"
"""Outcome of a password that fits."""
_OUTCOMES = {PASSWORD: SIGNED_IN, PROXY: "named by a proxy"}
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
    token: str = field(default="", repr=False)
    """Secret of the session; the ledger knows its hash."""


def sign_in(lab: LabFolder, user: str, password: str) -> Session:
    """Open a session on this terminal.

    Raises
    ------
    RightsError
        If the account or the password is wrong, or too many were wrong shortly before; every try is in the ledger.
    """
    return check_password(lab, user, password)


def check_password(lab: LabFolder, user: str, password: str) -> Session:
    """Compare a password, tell the ledger how it went, and open a session on this terminal if it fits.

    Raises
    ------
    RightsError
        If it does not fit. The sentence is the same for a wrong name and a wrong password.
    """
    from filelock import FileLock

    # One at a time: tries side by side would else all be made before the first of them is told.
    with FileLock(_room(lab) / ".sign-in.lock", mode=0o660):
        return _checked(lab, user, password)


def _checked(lab: LabFolder, user: str, typed: str) -> Session:
    account, step = _fitting(lab, user, typed)
    if lab.settings.people.second_factor and not account.second_factor:
        how = f"'qc users second-factor {user}' makes one."
        raise SignInError(f"A password alone opens no session here ([people] second_factor): {how}")
    password, _ = parted(typed, has_factor=bool(account.second_factor))
    token = secrets.token_hex(32)
    said = _said(user, _terminal(), token)
    proof = signed(account.sign_key, password, said) if account.sign_key else ""
    told = {"outcome": SIGNED_IN, "proof": proof, **({"step": str(step)} if step else {})}
    return begin(lab, user, token, told, by=PASSWORD)


def fitting_account(lab: LabFolder, user: str, typed: str) -> Account:
    """Compare a password, with its code where there is a second factor, and open no session.

    Raises
    ------
    RightsError
        If it does not fit; the try is recorded.
    """
    from filelock import FileLock

    with FileLock(_room(lab) / ".sign-in.lock", mode=0o660):
        return _fitting(lab, user, typed)[0]


def _fitting(lab: LabFolder, user: str, typed: str) -> tuple[Account, int]:
    """Return the account, and the step of the code behind the password; 0 where it has no second factor."""
    account, now = accounts(lab.ledger).get(user), datetime.now(UTC)
    _refuse_too_soon(lab, user, now)
    factor = account.second_factor if account else {}
    password, code = parted(typed, has_factor=bool(factor))
    # An unknown name costs as much time as a wrong password, so that names cannot be found out by the clock.
    does_fit = fits(account.password_hash if account and account.password_hash else _NOBODY, password)
    step = step_of(factor, password, code, now) if factor else 0
    is_unused = not factor or (step is not None and step >= _next_step(lab, user))
    if account is not None and account.is_active and does_fit and step is not None and is_unused:
        return account, step
    body = {"outcome": "refused", "terminal": _terminal()}
    draft = Draft(Kind.SIGN_IN, user if account else _UNKNOWN, body, actor_or_user(None))
    lab.ledger.append([draft], at=datetime.now(UTC))
    behind = "The code of a second factor stands right behind the password, and opens one session."
    raise RightsError(f"Name and password do not fit, or the account is not active. The try was recorded. {behind}")


def _next_step(lab: LabFolder, user: str) -> int:
    """Return the first step whose code may be used: each opens one session."""
    used = [int(one.body.get("step", 0)) for one in lab.ledger.entries_of(Kind.SIGN_IN) if one.object == user]
    return max(used, default=0) + 1


def begin(lab: LabFolder, user: str, token: str, told: Mapping[str, str], *, by: str) -> Session:
    """Tell the ledger of a session, and leave its token on this terminal.

    Parameters
    ----------
    token : str
        Secret of the session; the ledger gets its hash alone.
    told : mapping of str to str
        ``outcome``, and the ``proof`` that the person, or the proxy, has said so.
    """
    body = {**told, "terminal": _terminal(), "token_sha256": sha256_text(token)}
    lab.ledger.append([Draft(Kind.SIGN_IN, user, body, user)], at=datetime.now(UTC))
    return _write(lab, user, token, by)


def _said(user: str, terminal: str, token: str) -> str:
    return canonical_json(["session", user, terminal, sha256_text(token)])


def _refuse_too_soon(lab: LabFolder, user: str, now: datetime) -> None:
    named = user if user in accounts(lab.ledger) else _UNKNOWN
    tries = [entry for entry in lab.ledger.entries_of(Kind.SIGN_IN) if entry.object == named]
    n_wrong = 0
    for entry in reversed(tries):
        if entry.body["outcome"] == SIGNED_IN:
            break
        n_wrong += 1
    if n_wrong < FREE_TRIES:
        return
    wait_s = min(FIRST_WAIT_S * 2 ** (n_wrong - FREE_TRIES), LONGEST_WAIT_S)
    left_s = wait_s - (now - tries[-1].at).total_seconds()
    if left_s > 0:
        raise RightsError(f"{n_wrong} wrong passwords in a row: try again in {left_s:.0f} s.")


def keep_open(lab: LabFolder, user: str) -> None:
    """Prolong the session of a person on this terminal; where none is open, none begins."""
    session = open_session(lab)
    if session is not None and session.user == user:
        _write(lab, user, session.token, session.by)


def _write(lab: LabFolder, user: str, token: str, by: str) -> Session:
    until = datetime.now(UTC) + timedelta(minutes=lab.settings.people.session_minutes)
    session = {"user": user, "until": utc_text(until), "terminal": _terminal(), "by": by}
    _room(lab)
    path = _path(lab)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(session | {"token": token, "proof": _proof(token, session)}))
    draft.replace(path)
    return Session(user, until, by, token)


def open_session(lab: LabFolder) -> Session | None:
    """Return who has signed in on this terminal, as the ledger proves it.

    Returns
    -------
    Session or None
        None if nobody has, the session has ended, its file is not what was written here, or no entry of the ledger
        tells of its token with a proof that holds.
    """
    try:
        session = json.loads(_path(lab).read_text(encoding="utf-8"))
        said = {key: str(session[key]) for key in ("user", "until", "terminal", "by")}
        token = str(session["token"])
        is_own = hmac.compare_digest(str(session["proof"]), _proof(token, said)) and said["terminal"] == _terminal()
        until = datetime.fromisoformat(said["until"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not is_own or until <= datetime.now(UTC) or not _is_proved(lab, said["user"], token, said["by"]):
        return None
    return Session(said["user"], until, said["by"], token)


def _is_proved(lab: LabFolder, user: str, token: str, by: str) -> bool:
    """Tell whether an entry of the ledger tells of a session, and the key of the person or of the proxy proves it."""
    hashed, account = sha256_text(token), accounts(lab.ledger).get(user)
    if account is None or not account.is_active:
        return False
    said = _said(user, _terminal(), token)
    for entry in reversed(lab.ledger.entries_of(Kind.SIGN_IN)):
        if entry.object == user and entry.body.get("token_sha256") == hashed:
            if entry.body["terminal"] != _terminal() or entry.body["outcome"] != _OUTCOMES[by]:
                return False
            proof = str(entry.body["proof"])
            if by == PROXY:
                return hmac.compare_digest(proof, proxy_proof(lab, said))
            # An account of an earlier version has no key until its password is given anew.
            return is_signed(account.sign_key, proof, said) if account.sign_key else True
    return False


def begin_by_proxy(lab: LabFolder, user: str) -> Session:
    """Open a session of somebody whom a trusted proxy has named; it signs nothing without a password."""
    token = secrets.token_hex(32)
    proof = proxy_proof(lab, _said(user, _terminal(), token))
    return begin(lab, user, token, {"outcome": _OUTCOMES[PROXY], "proof": proof}, by=PROXY)


def proxy_proof(lab: LabFolder, said: str) -> str:
    """Return what proves that the server of the screens has said something: it alone can read the secret of its proxy.

    Raises
    ------
    SignInError
        If the lab trusts no proxy, or its secret cannot be read.
    """
    web = lab.settings.web
    if not web.trusted_proxies:
        raise SignInError("No proxy says who looks: qc.toml names none in [web] trusted_proxies.")
    try:
        own = (lab.paths.root / web.secret_file).read_bytes() if web.secret_file else b""
    except OSError as error:
        raise SignInError("The secret of the proxy cannot be read.") from error
    return hmac.new(read_secret(lab.paths.blind_secret) + own, said.encode(), "sha256").hexdigest()


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


def _proof(token: str, session: Mapping[str, str]) -> str:
    said = canonical_json(["session", session["user"], session["until"], session["terminal"], session["by"]])
    return hmac.new(token.encode(), said.encode(), "sha256").hexdigest()


def _room(lab: LabFolder) -> Path:
    """Return the folder of the sessions; where the group writes the lab, each of it may lay an own session there."""
    room = lab.paths.root / ".sessions"
    if not room.is_dir():
        room.mkdir(exist_ok=True)
        room.chmod(0o1770 if lab.paths.root.stat().st_mode & stat.S_IWGRP else 0o700)
    return room


_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$aSu4mCUqyVlHRDdbpxIA2dCKGZQHGSwKULOcBFOBWOg"
"""Hash of no password, of the same cost as a real one."""
