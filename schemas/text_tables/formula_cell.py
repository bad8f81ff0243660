"""Cells that a spreadsheet would compute: what goes out as CSV may be opened in one."""

from __future__ import annotations

import re

FORMULA = r"^[\s\x00]*[=+\-@\t\r]"
"""How a cell begins that a spreadsheet may compute (OWASP, CSV injection, 2023)."""
NUMBER = r"^\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*$"
"""A number computes nothing, whatever its sign."""


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would compute a cell.

    Parameters
    ----------
    text : str
        The cell.

    Returns
    -------
    bool
        False for a number.

    Examples
    --------
    >>> [is_formula(text) for text in ("=1+1", "@SUM(A1)", "-5.2", "S-7")]
    [True, True, False, False]
    """
    return bool(re.match(FORMULA, text)) and not re.match(NUMBER, text)
