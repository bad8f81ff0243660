"""Who acts: the operating-system user, until a lab keeps accounts of its own."""

from __future__ import annotations

import os
import pwd


def effective_user() -> str:
    """Return the name of the user under whom the program runs; the environment is not asked."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid {os.geteuid()}"


def actor_or_user(actor: str | None) -> str:
    """Return who acts: who is named, else the user under whom the program runs."""
    return actor or effective_user()
