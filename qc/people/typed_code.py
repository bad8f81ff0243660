"""The code of a second factor as it is typed, right behind the password, and its secret as the ledger keeps it.

Six digits that an app makes of the secret and the time: TOTP, RFC 6238.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from qc.people.signing_keys import derived

DIGITS = 6
"""Digits of a code."""
_SALT_BYTES, _NONCE_BYTES = 16, 12
_DRIFT = 1  # steps of 30 s before and after now: RFC 6238, section 5.2, recommends one


def parted(typed: str, *, has_factor: bool) -> tuple[str, str]:
    """Return password and code; no code where there is no second factor."""
    return (typed[:-DIGITS], typed[-DIGITS:]) if has_factor else (typed, "")


def step_of(stored: Mapping[str, str], password: str, code: str, now: datetime) -> int | None:
    """Return the number of the half minute whose code was typed; None if it is none of now."""
    from cryptography.exceptions import InvalidTag

    try:
        return step_of_code(_opened(stored, password), code, now)
    except InvalidTag:
        return None


def step_of_code(secret: str, code: str, now: datetime) -> int | None:
    """Return the number of the half minute of a code; None if it is none of now."""
    import pyotp

    totp = pyotp.TOTP(secret, digits=DIGITS)
    for offset in range(-_DRIFT, _DRIFT + 1):
        made = totp.at(now + offset * timedelta(seconds=totp.interval))
        if secrets.compare_digest(made.encode(), code.encode()):
            return totp.timecode(now) + offset
    return None


def sealed(secret: str, password: str) -> dict[str, str]:
    """Return a secret encrypted by a password, as the ledger keeps it."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    hidden = ChaCha20Poly1305(derived(password, salt)).encrypt(nonce, secret.encode(), None)
    return {"salt": salt.hex(), "nonce": nonce.hex(), "sealed": hidden.hex()}


def _opened(stored: Mapping[str, str], password: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt, nonce, hidden = (bytes.fromhex(stored[name]) for name in ("salt", "nonce", "sealed"))
    return ChaCha20Poly1305(derived(password, salt)).decrypt(nonce, hidden, None).decode()
