"""Numbers as a file writes them: which decimal mark it uses, told by all of its cells and never guessed from one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemas.written_number import USUAL, number_as_written, plain_signs

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
        if USUAL.match(text):
            has_point |= "." in text
            continue
        number = plain_signs(text.strip().lstrip("<>=≤≥⩽⩾*"))
        if may_part_thousands and _THREE.match(number):
            has_doubtful = True
        elif "." in number or "," in number:
            # Where both marks stand in one number, the last one is its decimal mark.
            has_point |= number_as_written(number, ".") is not None
            has_comma |= number_as_written(number, ",") is not None
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
        Decimal mark of the file; ``?`` reads as a point what has no comma.

    Returns
    -------
    float or None
        Finite number.
    """
    return number_as_written(text, "," if mark == "," else ".")
