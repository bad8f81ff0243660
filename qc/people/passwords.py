"""Passwords, kept as argon2id hashes and never otherwise."""

from __future__ import annotations

from schemas.errors import ConfigError


def hashed(password: str, *, shortest: int) -> str:
    """Return the argon2id hash of a new password.

    Returns
    -------
    str
        Hash with its salt and parameters, in the PHC form.

    Raises
    ------
    ConfigError
        If the password is too short.
    """
    from argon2 import PasswordHasher

    if len(password) < shortest:
        raise ConfigError(f"The password has {len(password)} characters, at least {shortest} were expected.")
    return PasswordHasher().hash(password)


def fits(stored: str, password: str) -> bool:
    """Tell whether a password is the one that was hashed.

    Parameters
    ----------
    stored : str
        What :func:`hashed` returned.

    Returns
    -------
    bool
        True if it is.
    """
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return PasswordHasher().verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False
