"""Numbers with their nouns, and names of which only the first are said."""

from __future__ import annotations

from collections.abc import Sequence


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


def first_of(names: Sequence[str], most: int) -> str:
    """Return the first names, and how many more there are: ``A, B and 3 more``.

    Parameters
    ----------
    names : sequence of str
        All of them.
    most : int
        How many are said.
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
