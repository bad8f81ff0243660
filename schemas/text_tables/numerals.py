"""Numbers as a file writes them: which decimal mark it uses, told by all of its cells and never guessed from one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

_POINT = re.compile(r"[+\-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+\-]?[0-9]{1,3})?\Z")
_COMMA = re.compile(r"[+\-]?[0-9]+,[0-9]+([eE][+\-]?[0-9]{1,3})?\Z")
_THREE = re.compile(r"[+\-]?[1-9][0-9]{0,2},[0-9]{3}\Z")


def decimal_mark(texts: Iterable[str], *, may_part_thousands: bool = True) -> str:
    """Tell which decimal mark a file uses.

    Parameters
    ----------
    texts : iterable of str
        Cells that should be numbers, censoring marks before them allowed.
    may_part_thousands : bool
        Whether a comma before three digits may part thousands; False where a file is known to write none.

    Returns
    -------
    str
        ``.``, ``,`` or ``?`` where both are used, or where every comma could as well part thousands (``1,234``).
    """
    has_point = has_comma = has_doubtful = False
    for text in texts:
        number = text.strip().lstrip("<>=≤≥⩽⩾*").strip().replace("\u2212", "-")
        if "." in number and _POINT.match(number):
            has_point = True
        elif may_part_thousands and _THREE.match(number):
            has_doubtful = True
        elif _COMMA.match(number):
            has_comma = True
    if has_comma:
        return "?" if has_point else ","
    return "?" if has_doubtful else "."


def number_of(text: str, mark: str) -> float | None:
    """Read a number, or None if it is none.

    Parameters
    ----------
    text : str
        Cell as written.
    mark : str
        Decimal mark of the file.

    Returns
    -------
    float or None
        Finite number.
    """
    plain = text.strip().replace("\u2212", "-")
    if mark == "," and _COMMA.match(plain):
        plain = plain.replace(",", ".")
    elif mark == "," and "." in plain:
        return None
    if not _POINT.match(plain):
        return None
    number = float(plain)
    return number if math.isfinite(number) else None
