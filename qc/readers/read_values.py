"""What a result cell of a table is read as, in words for whoever tries a file before it is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.value import MeasuredValue, ValueState, bounded, parse_value
from schemas.value_words import ValueWords
from schemas.written_number import two_ways

_BOUNDS = ("lloq", "lod", "uloq")
_WORDS = {
    ValueState.OOR_LOW: "below a limit that nobody states",
    ValueState.OOR_HIGH: "above a limit that nobody states",
    ValueState.NOT_AVAILABLE: "no result",
    ValueState.EMPTY: "empty",
    ValueState.MASKED: "masked",
    ValueState.REJECTED: "refused by the instrument",
    ValueState.TEXT: "no number",
}


def read_value(row: Mapping[str, Any], words: ValueWords) -> MeasuredValue | None:
    """Read the result cell of a row as the judges will, before anything is known of its method.

    Parameters
    ----------
    row : mapping
        Row of a table of results, with ``text``; any other row has no result.
    words : ValueWords
        Words in place of a number.

    Returns
    -------
    MeasuredValue or None
        With the bound of the row where its cell states none; None for a row without a result.
    """
    if "text" not in row or "decimal_comma" not in row:
        return None
    value = parse_value(row["text"], decimal_comma=row["decimal_comma"], words=words)
    return bounded(value, {name: row.get(name) for name in _BOUNDS})


def value_words(value: MeasuredValue) -> str:
    """Say what a cell is read as: ``14.3 umol/L``, ``< 0.5``, ``no number``.

    Parameters
    ----------
    value : MeasuredValue
        The cell, read.
    """
    if value.number is not None:
        mark = ", beyond the curve" if value.state is ValueState.EXTRAPOLATED else ""
        return f"{value.number:.15g} {value.unit}".rstrip() + mark
    if value.limit is not None:
        return f"{value.censor} {value.limit:.15g} {value.unit}".rstrip()
    return _WORDS[value.state]


def unread_sentence(value: MeasuredValue) -> str:
    """Say that a cell holds no number and no known word, and what to do; empty for any other.

    Parameters
    ----------
    value : MeasuredValue
        The cell, read.
    """
    if value.state is not ValueState.TEXT:
        return ""
    hint = two_ways(value.text) or "Write one number, a bound (<0.5), or a word that words.toml of the lab explains."
    return f"'{value.text}' is no number: its result would wait. {hint}"
