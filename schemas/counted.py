"""Numbers with their nouns."""

from __future__ import annotations


def counted(n: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 file``, ``1,204 files``.

    Parameters
    ----------
    n : int
        How many.
    one : str
        Noun for one.
    many : str
        Noun for none and for several; that for one with an ``s`` if it is not given.
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
