"""The names of corrections: ``C12`` is what delivery 12 would change of rows that have results."""

from __future__ import annotations

import re

_NAME = re.compile(r"C(?P<number>[1-9][0-9]{0,11})\Z", re.ASCII)


def name_of_correction(source_id: int) -> str:
    """Return the name of a correction.

    Parameters
    ----------
    source_id : int
        Number of the delivery.

    Returns
    -------
    str
        ``C12``.
    """
    return f"C{source_id}"


def is_correction(name: str) -> bool:
    """Tell whether a name is that of a correction.

    Parameters
    ----------
    name : str
        Any name.

    Returns
    -------
    bool
        True for ``C12``.
    """
    return _NAME.match(name) is not None


def number_of_correction(name: str) -> int | None:
    """Return the number of the delivery that a correction names.

    Parameters
    ----------
    name : str
        Any name.

    Returns
    -------
    int or None
        None if it is not the name of a correction.

    Examples
    --------
    >>> number_of_correction("C12"), number_of_correction("R12")
    (12, None)
    """
    found = _NAME.match(name)
    return int(found["number"]) if found else None
