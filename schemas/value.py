"""What a laboratory writes in a result cell, read without inventing a number.

The text itself is always kept. A cell that is not plainly a number, a bound or a known mark is ``text``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from schemas.ucum import UnitState, parse_unit
from schemas.value_words import SHIPPED, ValueWords
from schemas.written_number import number_as_written


class ValueState(StrEnum):
    """What a result cell says."""

    NUMBER = "number"
    """A number that was measured."""
    BELOW = "below"
    """Below the bound that stands in ``limit``: ``<0.5``."""
    ABOVE = "above"
    """Above the bound that stands in ``limit``: ``>1000``."""
    OOR_LOW = "oor_low"
    """Below the range, and the cell does not say which: ``OOR <``, ``<LLOQ``, ``ND``."""
    OOR_HIGH = "oor_high"
    """Above the range, and the cell does not say which: ``OOR >``, ``>ULOQ``, ``OVRFLW``."""
    NOT_AVAILABLE = "not_available"
    """Said to be no result: ``NA``, ``n.a.``, ``QNS``."""
    OTHER_UNIT = "other_unit"
    """A number or bound whose cell names another unit than its row."""
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
    unit: str = ""
    """Unit that stands in the cell behind the number; empty for none."""
    word: str = ""
    """Meaning of the word that stands in place of a number, one of ``schemas.value_words.MEANINGS``; else empty."""


_BOUND = re.compile(r"(<=|>=|=<|=>|≤|≥|⩽|⩾|<|>)\s*(.*)\Z", re.DOTALL)
_SIDE = {"<": "<", "<=": "<", "=<": "<", "≤": "<", "⩽": "<", ">": ">", ">=": ">", "=>": ">", "≥": ">", "⩾": ">"}
_MASKED = re.compile(r"\*{3,}\Z")
_REJECTED = re.compile(r"-{3,}\Z")
_WORD_WITH_BOUND = re.compile(
    r"(?P<word>[^0-9]*?[^\W\d_][^0-9]*?)\s*[(\[:,]?\s*(?P<sign><=|>=|≤|≥|<|>)?\s*(?P<limit>[0-9][^()\[\]]*?)\s*[)\]]?\Z"
)
"""``ND (<0.5)``, ``< LOD (0.5 pg/mL)``, ``> ULOQ 500``."""
_NAMED_LIMIT = re.compile(r"\s*[(\[](lloq|loq|llod|lod|lob|uloq)[)\]]\Z", re.IGNORECASE)
_LESS = re.compile(r"(less than|lower than|below|under|kleiner als|weniger als|unter)\s+(?=[0-9.,])", re.IGNORECASE)
_MORE = re.compile(
    r"(more than|greater than|higher than|above|over|größer als|mehr als|über)\s+(?=[0-9.,])", re.IGNORECASE
)
_WITH_UNIT = re.compile(r"(.*[0-9.,])\s*((?:[^\W\d_]|[%/\[\u00b5]).*)\Z", re.DOTALL)
_STATES = {
    "below_loq": ValueState.OOR_LOW,
    "below_lod": ValueState.OOR_LOW,
    "above_uloq": ValueState.OOR_HIGH,
    "no_result": ValueState.NOT_AVAILABLE,
    "masked": ValueState.MASKED,
}


def parse_value(text: str, *, decimal_comma: bool = False, words: ValueWords = SHIPPED) -> MeasuredValue:
    """Read one result cell.

    Parameters
    ----------
    text : str
        The cell as written.
    decimal_comma : bool
        True if the file writes ``1,38`` for 1.38; a point is then no decimal mark. It is told by the reader, never
        guessed from a cell.
    words : ValueWords
        What words mean that stand in place of a number; the shipped ones by default.

    Returns
    -------
    MeasuredValue
        The text with what it says.

    Notes
    -----
    Numbers are read as ``schemas.written_number`` says; what can be read two ways (``1,204``), ``inf``, and numbers
    too large or too small for a float are ``text``. A unit behind a number or a bound is kept in ``unit`` if it is a
    known one. A bound may stand behind its word (``ND (<0.5)``) or be worded (``less than 0.5``). ``≤`` and ``<=`` are
    kept as ``<``: a bound is a bound, the text keeps the difference. A word without a bound stays censored without one:
    see :func:`bounded`.

    Examples
    --------
    >>> parse_value("< 0.5 pg/mL").limit, parse_value("< 0.5 pg/mL").unit
    (0.5, 'pg/mL')
    >>> parse_value("N.D.").state.value, parse_value("1,38").state.value
    ('oor_low', 'text')
    >>> parse_value("1,38", decimal_comma=True).number
    1.38
    """
    mark = "," if decimal_comma else "."
    bare = text.strip()
    plain = number_as_written(bare, mark)
    if plain is not None:
        return MeasuredValue(text, plain, "", None, ValueState.NUMBER)
    marked = _mark_of(bare, words)
    if marked is not None:
        state, word = marked
        return MeasuredValue(text, None, _CENSOR.get(state, ""), None, state, word=word)
    number, unit = _number_with_unit(bare, mark)
    worded = _word_with_bound(text, mark, words)
    if worded is not None:
        return worded
    bound = _BOUND.match(_NAMED_LIMIT.sub("", _signed(bare)))
    if bound:
        limit, unit = _number_with_unit(bound[2], mark)
        return _bounded(text, _SIDE[bound[1]], limit, unit)
    if number is not None:
        return MeasuredValue(text, number, "", None, ValueState.NUMBER, unit=unit)
    starred = number_as_written(bare[1:].lstrip(), mark) if bare.startswith("*") else None
    return MeasuredValue(text, starred, "", None, ValueState.TEXT if starred is None else ValueState.EXTRAPOLATED)


def bounded(value: MeasuredValue, bounds: Mapping[str, float | None]) -> MeasuredValue:
    """Give a value that is only said to lie beyond its range the bound that is stated elsewhere.

    Parameters
    ----------
    value : MeasuredValue
        The cell, read.
    bounds : mapping of str to (float or None)
        ``lloq``, ``lod`` and ``uloq`` in the unit of the cell, from its row or its method; None is not stated.

    Returns
    -------
    MeasuredValue
        With ``limit`` and the state ``below`` or ``above``; the value itself where its cell states a bound, and where
        no bound that fits is stated. What was not detected lies below the LLOQ too; what could not be quantified does
        not lie below the LOD.

    Examples
    --------
    >>> bounded(parse_value("ND"), {"lloq": 0.5}).limit, bounded(parse_value("BLQ"), {"lod": 0.1}).limit
    (0.5, None)
    """
    names = _BOUNDS_BY_WORD.get(value.word, ())
    limit = next((bound for bound in map(bounds.get, names) if bound is not None and math.isfinite(bound)), None)
    if value.state not in _CENSOR or limit is None:
        return value
    return replace(value, limit=limit, state=ValueState.BELOW if value.censor == "<" else ValueState.ABOVE)


_CENSOR = {ValueState.OOR_LOW: "<", ValueState.OOR_HIGH: ">"}
_BOUNDS_BY_WORD = {"below_loq": ("lloq",), "below_lod": ("lod", "lloq"), "above_uloq": ("uloq",)}


def _mark_of(bare: str, words: ValueWords) -> tuple[ValueState, str] | None:
    if not bare:
        return ValueState.EMPTY, ""
    if _MASKED.match(bare):
        return ValueState.MASKED, ""
    if _REJECTED.match(bare):
        return ValueState.REJECTED, ""
    word = words.meaning(bare)
    return (_STATES[word], word) if word else None


def _number_with_unit(bare: str, mark: str) -> tuple[float | None, str]:
    plain = number_as_written(bare, mark)
    found = _WITH_UNIT.match(bare) if plain is None else None
    if found is None:
        return plain, ""
    is_unit = parse_unit(found[2]).state is UnitState.OK
    number = number_as_written(found[1], mark) if is_unit else None
    return number, found[2].strip() if number is not None else ""


def _signed(bare: str) -> str:
    """Write the words for less and more in front of a number as signs."""
    return _MORE.sub(">", _LESS.sub("<", bare))


def _word_with_bound(text: str, mark: str, words: ValueWords) -> MeasuredValue | None:
    """Read a word that means below or above with its bound behind it; None if the cell is none."""
    found = _WORD_WITH_BOUND.match(text.strip())
    word = words.meaning(found["word"].strip()) if found else ""
    side = _CENSOR.get(_STATES[word], "") if word else ""
    if found is None or not side or side != _SIDE.get(found["sign"] or side):
        return None
    limit, unit = _number_with_unit(found["limit"], mark)
    return None if limit is None else replace(_bounded(text, side, limit, unit), word=word)


def _bounded(text: str, side: str, limit: float | None, unit: str) -> MeasuredValue:
    if limit is None:
        return MeasuredValue(text, None, "", None, ValueState.TEXT)
    return MeasuredValue(text, None, side, limit, ValueState.BELOW if side == "<" else ValueState.ABOVE, unit=unit)
