"""Names of causes: short, the same as long as the cause is, and silent about what they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qc.lab.blinding import ALPHABET, pseudonym
from schemas.canonical import canonical_json

_LENGTH = 6  # characters: a thousand million names
_NAME = re.compile(f"K[{ALPHABET}]{{{_LENGTH}}}\\Z", re.ASCII)


def cause_name(secret: bytes, key: Sequence[str]) -> str:
    """Return the name of a cause.

    Parameters
    ----------
    key : sequence of str
        What ``checks.shared_cause`` returns.

    Returns
    -------
    str
        Such as ``K7F3QX``; empty for an item that stands alone.
    """
    return "K" + pseudonym(secret, "cause", canonical_json(list(key)), length=_LENGTH)[2:] if key else ""


def is_cause(name: str) -> bool:
    """Tell whether a name is one of a cause; whether there is such a cause is not looked up."""
    return _NAME.match(name) is not None
