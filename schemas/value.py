"""What a laboratory writes in a result cell, read without inventing a number.

The text itself is always kept. A cell that is not plainly a number, a bound or a known mark is ``text``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum


class ValueState(StrEnum):
    """What a result cell says."""

    NUMBER = "number"
    """A number that was measured."""
    BELOW = "below"
    """Below the bound that stands in ``limit``: ``<0.5``."""
    ABOVE = "above"
    """Above the bound that stands in ``limit``: ``>1000``."""
    OOR_LOW = "oor_low"
    """Below the range, and the cell does not say which: ``OOR <``, ``<LLOQ``."""
    OOR_HIGH = "oor_high"
    """Above the range, and the cell does not say which: ``OOR >``, ``>ULOQ``."""
    NOT_AVAILABLE = "not_available"
    """Said to be not available: ``NA``, ``N/A``, ``n.a.``."""
    EMPTY = "empty"
    """Nothing in the cell."""
    MASKED = "masked"
    """Hidden by the instrument's operator: ``***``, ``Masked``."""
    REJECTED = "rejected"
    """Refused by the instrument: ``---``."""
    EXTRAPOLATED = "extrapolated"
    """A number beyond the standard curve, marked by the instrument: ``*12.3``."""
    TEXT = "text"
    """Anything else; never a number."""


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """One result cell, read."""

    text: str
    """The cell as written, untouched."""
    number: float | None
    """The number; None for every state but ``number`` and ``extrapolated``. Always finite."""
    censor: str
    """``<`` for below, ``>`` for above, else empty."""
    limit: float | None
    """The bound that was written behind ``<`` or ``>``; None if none was. Always finite."""
    state: ValueState
    """What the cell says."""


_SIGN = r"[+\-\u2212]?"
_EXPONENT = r"(?:[eE][+\-]?[0-9]{1,4})?"
_NUMBER = {
    mark: re.compile(rf"{_SIGN}(?:[0-9]+(?:{re.escape(mark)}[0-9]*)?|{re.escape(mark)}[0-9]+){_EXPONENT}\Z")
    for mark in ".,"
}
_BOUND = re.compile(r"(<=|>=|=<|=>|≤|≥|⩽|⩾|<|>)\s*(.*)\Z", re.DOTALL)
_SIDE = {"<": "<", "<=": "<", "=<": "<", "≤": "<", "⩽": "<", ">": ">", ">=": ">", "=>": ">", "≥": ">", "⩾": ">"}
_MASKED = re.compile(r"(?:\*{3,}|masked)\Z", re.IGNORECASE)
_REJECTED = re.compile(r"-{3,}\Z")
_NOT_AVAILABLE = frozenset({"na", "n/a", "#n/a", "n.a.", "n.a", "not available"})
_OOR_LOW = frozenset({"oor<", "oor<=", "<oor", "<lloq", "<loq", "<lod", "blq", "bloq", "bql"})
_OOR_HIGH = frozenset({"oor>", "oor>=", ">oor", ">uloq", "alq", "auloq", "aql"})


def parse_value(text: str, *, decimal_comma: bool = False) -> MeasuredValue:
    """Read one result cell.

    Parameters
    ----------
    text : str
        The cell as written.
    decimal_comma : bool
        True if the file writes ``1,38`` for 1.38; a point is then no decimal mark. It is told by the reader, never
        guessed from a cell.

    Returns
    -------
    MeasuredValue
        The text with what it says.

    Notes
    -----
    Thousands separators, a decimal mark of the other kind, ``NaN``, ``inf``, and numbers too large or too small for
    a float are ``text``. ``≤`` and ``<=`` are kept as ``<``: a bound is a bound, the text keeps the difference.

    Examples
    --------
    >>> parse_value("<0.5").limit
    0.5
    >>> parse_value("1,38").state.value
    'text'
    >>> parse_value("1,38", decimal_comma=True).number
    1.38
    """
    bare = text.strip()
    plain = _number(bare, decimal_comma)
    if plain is not None:
        return MeasuredValue(text, plain, "", None, ValueState.NUMBER)
    mark = _mark_of(bare)
    if mark is not None:
        return MeasuredValue(text, None, _CENSOR.get(mark, ""), None, mark)
    bound = _BOUND.match(bare)
    if bound:
        return _bounded(text, _SIDE[bound[1]], _number(bound[2], decimal_comma))
    number = _number(bare[1:].lstrip(), decimal_comma) if bare.startswith("*") else None
    return MeasuredValue(text, number, "", None, ValueState.TEXT if number is None else ValueState.EXTRAPOLATED)


_CENSOR = {ValueState.OOR_LOW: "<", ValueState.OOR_HIGH: ">"}


def _mark_of(bare: str) -> ValueState | None:
    word = bare.casefold()
    packed = "".join(word.split())
    marks = [
        (not bare, ValueState.EMPTY),
        (word in _NOT_AVAILABLE, ValueState.NOT_AVAILABLE),
        (packed in _OOR_LOW, ValueState.OOR_LOW),
        (packed in _OOR_HIGH, ValueState.OOR_HIGH),
        (_MASKED.match(bare) is not None, ValueState.MASKED),
        (_REJECTED.match(bare) is not None, ValueState.REJECTED),
    ]
    return next((state for is_so, state in marks if is_so), None)


def _bounded(text: str, side: str, limit: float | None) -> MeasuredValue:
    if limit is None:
        return MeasuredValue(text, None, "", None, ValueState.TEXT)
    return MeasuredValue(text, None, side, limit, ValueState.BELOW if side == "<" else ValueState.ABOVE)


def _number(bare: str, decimal_comma: bool) -> float | None:
    if not _NUMBER["," if decimal_comma else "."].match(bare):
        return None
    plain = bare.replace("\u2212", "-").replace(",", ".")
    number = float(plain)
    has_vanished = number == 0 and any(digit in "123456789" for digit in re.split("[eE]", plain)[0])
    return None if has_vanished or not math.isfinite(number) else number
