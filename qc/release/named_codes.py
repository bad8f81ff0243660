"""Codes in a sentence: the first few by name, the rest as a number."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.counted import first_of

MOST_NAMED = 5
"""Codes that a sentence names; the rest is a number."""


def named_codes(codes: Sequence[str], what: str) -> str:
    """Return codes behind the word for them: ``samples A, B and 3 more``."""
    return f"{what if len(codes) == 1 else what + 's'} {first_of(codes, MOST_NAMED)}"


def is_or_are(codes: Sequence[str]) -> str:
    """Return the verb for one code, or for several."""
    return "is" if len(codes) == 1 else "are"
