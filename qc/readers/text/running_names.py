"""Names that count up from row to row, such as S-01 to S-24, and two of them that changed places."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBERED = re.compile(r"(.*?)(\d+)(\D*)\Z", re.DOTALL)
_LEAST_NAMES = 6
"""Different names, without a gap, from which a row that counts up is taken for one."""

_LEAST_TO_MOVE = 7
"""The same, for one name that stands elsewhere: by chance that is more often so."""


def exchanged_pair(names: Sequence[str]) -> tuple[int, int] | None:
    """Return the places of two names that keep a row from counting up: exchanged, or one that was moved.

    Parameters
    ----------
    names : sequence of str
        Names in the order of the file; equal ones may follow each other.

    Returns
    -------
    tuple of int, or None
        Both places; None where the names count up, or have gaps, or more of them stand elsewhere.

    Examples
    --------
    >>> exchanged_pair(["S1", "S5", "S3", "S4", "S2", "S6"])
    (1, 4)
    >>> exchanged_pair(["S1", "S2", "S4", "S5", "S6", "S7", "S8", "S3"])
    (6, 7)
    >>> exchanged_pair(["S1", "S2", "S3", "S4", "S5", "S6"])
    """
    matches = [_NUMBERED.match(name.strip()) for name in names]
    if not all(matches) or len({(match[1], match[3]) for match in matches if match}) != 1:
        return None
    numbers = [int(match[2]) for match in matches if match]
    different = sorted(set(numbers))
    if len(different) < _LEAST_NAMES or different != list(range(different[0], different[-1] + 1)):
        return None
    moved = _moved(numbers) if len(different) >= _LEAST_TO_MOVE else None
    odd = [at for at, (is_, should) in enumerate(zip(numbers, sorted(numbers), strict=True)) if is_ != should]
    return (odd[0], odd[1]) if len(odd) == 2 else moved


def _moved(numbers: Sequence[int]) -> tuple[int, int] | None:
    """Return the one place without which all numbers count up, with its neighbour; None for none or several."""
    down = [at for at in range(1, len(numbers)) if numbers[at] < numbers[at - 1]]
    if len(down) != 1:
        return None
    for at in (down[0] - 1, down[0]):
        rest = [*numbers[:at], *numbers[at + 1 :]]
        if rest == sorted(rest):
            return (at - 1, at) if at else (at, at + 1)
    return None
