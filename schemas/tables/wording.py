"""Plain sentences for the checks of pandera."""

from __future__ import annotations

import re

from schemas.tables.table import LARGEST

_BOUND = re.compile(r"(greater_than|less_than)(_or_equal_to)?\((.*)\)\Z", re.DOTALL)
_WELL = "^[A-Z]"


def sentence(check: str, failure: object) -> str:
    """Return what is wrong with a cell, in a full sentence.

    Parameters
    ----------
    check : str
        Check as pandera writes it, such as ``isin(['a', 'b'])``; another text is taken as the sentence itself.
    failure : object
        Value that failed; None for an empty cell.

    Returns
    -------
    str
        Full sentence with the value in quotes.
    """
    if check == "not_nullable":
        return "The cell is empty; a value was expected."
    if check.startswith("isin("):
        options = check.removeprefix("isin(").removesuffix(")").strip("[]()").replace("''", "nothing")
        return f"'{failure}' is not known; expected one of {options.rstrip(',')}."
    if check.startswith("str_matches("):
        return _pattern_sentence(check, failure)
    bound = _BOUND.match(check)
    return check if bound is None else _bound_sentence(bound, failure)


def _pattern_sentence(check: str, failure: object) -> str:
    if _WELL in check:
        return f"'{failure}' is not a well; expected a row letter and a column number, such as 'A1'."
    return "The cell is blank; a text was expected."


def _bound_sentence(bound: re.Match[str], failure: object) -> str:
    if bound[3].lstrip("-") == repr(LARGEST):
        return f"'{failure}' is not a finite number."
    side = "above" if bound[1] == "greater_than" else "below"
    limit = bound[3].replace("datetime.datetime", "").strip("()")
    words = f"{limit} or {'more' if side == 'above' else 'less'}" if bound[2] else f"a value {side} {limit}"
    return f"'{failure}' is out of range; expected {words}."
