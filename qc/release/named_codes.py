"""Codes in a sentence: the first few by name, the rest as a number."""

from __future__ import annotations

from collections.abc import Sequence

MOST_NAMED = 5
"""Codes that a sentence names; the rest is a number."""


def named_codes(codes: Sequence[str], what: str) -> str:
    """Return codes behind the word for them: ``samples A, B and 3 more``."""
    shown = ", ".join(codes[:MOST_NAMED])
    more = f" and {len(codes) - MOST_NAMED} more" if len(codes) > MOST_NAMED else ""
    return f"{what if len(codes) == 1 else what + 's'} {shown}{more}"


def is_or_are(codes: Sequence[str]) -> str:
    """Return the verb for one code, or for several."""
    return "is" if len(codes) == 1 else "are"
