"""How many decimals cells are written with, and the row in which two columns have each other's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_LEAST_CELLS = 5
"""Other cells that must keep the decimals of a column."""
_NUMBER = re.compile(r"[<>]?\s*-?\d+(?:[.,](\d+))?\Z")


def written_decimals(text: str) -> int | None:
    """Return how many decimals a number is written with; None for what is no plain number.

    Parameters
    ----------
    text : str
        Cell as written.

    Examples
    --------
    >>> written_decimals("935.082"), written_decimals("< 20"), written_decimals("Masked")
    (3, 0, None)
    """
    match = _NUMBER.match(text.strip())
    return len(match[1] or "") if match else None


def fixed_decimals(column: Sequence[int | None]) -> int | None:
    """Return the decimals that all cells of a column have but one.

    Parameters
    ----------
    column : sequence of int or None
        Decimals of each cell.

    Returns
    -------
    int or None
        Decimals; None for a column that varies or has fewer than six cells.
    """
    counts = Counter(decimals for decimals in column if decimals is not None)
    (usual, n), *_ = [*counts.most_common(1), (0, 0)]
    return usual if n >= max(_LEAST_CELLS, counts.total() - 1) else None


def exchanged(one: Sequence[int | None], other: Sequence[int | None]) -> list[int]:
    """Return the places, at most one, where two columns have the decimals of each other.

    Parameters
    ----------
    one, other : sequence of int or None
        Decimals of each cell, row by row.
    """
    own, next_ = fixed_decimals(one), fixed_decimals(other)
    if own is None or next_ is None or own == next_:
        return []
    return [at for at, pair in enumerate(zip(one, other, strict=True)) if pair == (next_, own)]
