"""Tickets: a server that trusts a proxy hands on who looks, once and within a minute, to the process of one tab.

A ticket is a file of the server's own account in the lab, authenticated with the lab's secret like a session, and gone
when it is used.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qc.people.accounts import accounts
from qc.people.sessions import Session, begin_by_proxy, proxy_proof
from schemas.canonical import canonical_json, utc_text
from schemas.errors import SignInError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

LIFE_S = 60.0
"""How long a ticket can be used, in seconds: a tab starts within a few."""
_NAME = re.compile(r"[0-9a-f]{32}\Z", re.ASCII)


def issue(lab: LabFolder, user: str) -> str:
    """Write a ticket."""
    name = secrets.token_hex(16)
    ticket = {"name": name, "user": user, "until": utc_text(datetime.now(UTC) + timedelta(seconds=LIFE_S))}
    path = _path(lab, name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(ticket | {"proof": _proof(lab, ticket)}))
    return name


def redeem(lab: LabFolder, name: str) -> Session:
    """Use a ticket: open a session of the person on it, on this terminal.

    Returns
    -------
    Session
        The session; it signs nothing without a password.

    Raises
    ------
    SignInError
        If there is no such ticket, it was used, is too old, or names no active account.
    """
    ticket = _taken(lab, name)
    user = ticket.get("user", "")
    account = accounts(lab.ledger).get(user)
    is_own = hmac.compare_digest(ticket.get("proof", ""), _proof(lab, ticket)) and ticket.get("name") == name
    is_fresh = is_own and datetime.fromisoformat(ticket["until"]) > datetime.now(UTC)
    if not is_fresh or account is None or not account.is_active:
        raise SignInError("The proxy's word on who looks is too old or was used: load the page again, or sign in.")
    return begin_by_proxy(lab, user)


def _taken(lab: LabFolder, name: str) -> dict[str, str]:
    if not _NAME.match(name):
        return {}
    path = _path(lab, name)
    own = path.with_suffix(f".{os.getpid()}")
    try:
        path.rename(own)  # whoever renames it first has it; nobody else finds it any more
        ticket = json.loads(own.read_text(encoding="utf-8"))
        own.unlink()
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in ticket.items()} if isinstance(ticket, dict) else {}


def _path(lab: LabFolder, name: str) -> Path:
    return lab.paths.root / ".sessions" / f"ticket-{name}"


def _proof(lab: LabFolder, ticket: dict[str, str]) -> str:
    said = canonical_json(["ticket", ticket.get("name", ""), ticket.get("user", ""), ticket.get("until", "")])
    return proxy_proof(lab, said)
