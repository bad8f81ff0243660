"""Who acts: the operating-system user, until a lab keeps accounts of its own."""

from __future__ import annotations

import getpass

from schemas.errors import ConfigError


def actor_or_user(actor: str | None) -> str:
    """Return who acts.

    Parameters
    ----------
    actor : str or None
        Named actor; None means the operating-system user.

    Returns
    -------
    str
        Name, not empty.

    Raises
    ------
    ConfigError
        If the operating system names no user.
    """
    if actor:
        return actor
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise ConfigError("The operating system names no user, so nobody can be told to have decided.") from error
