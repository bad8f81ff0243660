"""What a cell looks like: a number, a word, a code; and what the cells of a column usually look like."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from schemas.plates.plate import flag_of
from schemas.text_tables.numerals import number_of
from schemas.value import ValueState, parse_value

_LEAST_ROWS = 3
_NEARLY_ALL = 0.9
"""Part of the other cells that must have one shape."""
_MOST_SHAPED = 500
_MOST_KEPT = 4096
"""Cells whose nature is kept in mind; a plate has a few hundred that differ, and the next one has the same."""


def usual_shape(words: Counter[str]) -> str:
    """Return the shape of nearly all cells of a column; empty if they have several."""
    counts = Counter[str]()
    for word, n in list(words.items())[:_MOST_SHAPED]:
        counts[shape_of(word)] += n if word else 0
    counts.pop("", None)
    (usual, n), *_ = [*counts.most_common(1), ("", 0)]
    return usual if n >= max(_LEAST_ROWS, _NEARLY_ALL * (counts.total() - 1)) else ""


@lru_cache(maxsize=_MOST_KEPT)
def shape_of(text: str) -> str:
    """Return a text with each run of letters as one, and each run of digits; ``0.0`` for a number."""
    if number_of(text, ".") is not None:
        return "0.0"
    return re.sub(r"[0-9]+", "0", re.sub(r"[^\W\d_]+", "a", text))


@lru_cache(maxsize=_MOST_KEPT)
def is_code(text: str) -> bool:
    """Tell whether a word holds digits; a plain word (``Undetermined``) says why there is no number."""
    return any(map(str.isdigit, text)) and is_word(text) and flag_of(text) == "not_a_number"


@lru_cache(maxsize=_MOST_KEPT)
def is_word(text: str) -> bool:
    """Tell whether a cell is neither a number nor one of the words that stand for one."""
    return number_of(text, ".") is None and number_of(text, ",") is None and parse_value(text).state is ValueState.TEXT
