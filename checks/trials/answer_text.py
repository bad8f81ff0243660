"""The answer of a trial for a person: verdict and reasons first, then numbers, then tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

FIRST = ("file", "verdict", "reasons", "error", "notes")
"""Keys that are told before all others."""
FOR_PROGRAMS = frozenset({"gated"})
"""Keys that only a program needs."""
MOST_CELLS = 12
"""Columns up to which a list of equal things is a table; beyond, each is told by itself."""
_NOTHING: tuple[Any, ...] = (None, "", [], {})  # Any: what JSON can hold
MOST_WORDS = 3
"""Values of a thing up to which it stands in one cell of a table."""


def answer_lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """Put an answer into lines.

    Parameters
    ----------
    answer : mapping of str to JSON value
        Answer of a trial; Any: JSON values.

    Yields
    ------
    str
        Lines, numbers to six significant digits.
    """
    known = [key for key in FIRST if key in answer]
    for key in (*known, *(key for key in answer if key not in known and key not in FOR_PROGRAMS)):
        yield from _lines(key, answer[key], 0)


def _lines(key: str, value: Any, depth: int) -> Iterator[str]:  # Any: what JSON can hold
    name, indent = key.replace("_", " "), "  " * depth
    if isinstance(value, Mapping) and set(value) == {"error"}:
        yield f"{indent}{name}: – {value['error']}"
    elif isinstance(value, Mapping):
        yield f"{indent}{name}"
        for inner, one in value.items():
            yield from _lines(inner, one, depth + 1)
    elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        yield from _list_of_things(name, value, depth)
    elif isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        yield f"{indent}{name}"
        yield from (f"{indent}  {one}" for one in value)
    else:
        text = _cell(value)
        yield f"{indent}{name}: {text.upper() if key == 'verdict' else text}"


def _list_of_things(name: str, things: Sequence[Mapping[str, Any]], depth: int) -> Iterator[str]:
    indent = "  " * depth
    heads = _filled_columns(things)
    is_flat = all(_is_short(cell) for thing in things for cell in thing.values())
    if not is_flat or len(heads) > MOST_CELLS:
        for number, thing in enumerate(things, start=1):
            yield f"{indent}{name} {number}"
            for key, value in thing.items():
                yield from _lines(key, value, depth + 1)
        return
    rows = [[_cell(thing.get(head)) for head in heads] for thing in things]
    titles = [head.replace("_", " ") for head in heads]
    widths = [max(len(row[place]) for row in [titles, *rows]) for place in range(len(heads))]
    yield f"{indent}{name}"
    for row in [titles, *rows]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"{indent}  {'  '.join(cells)}".rstrip()


def _filled_columns(things: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the columns of a table; of many, only those in which anything is told."""
    heads = list(dict.fromkeys(key for thing in things for key in thing))
    if len(heads) <= MOST_CELLS:
        return heads
    return [head for head in heads if any(thing.get(head) not in _NOTHING for thing in things)]


def _is_short(value: Any) -> bool:  # Any: what JSON can hold
    if isinstance(value, Mapping):
        return set(value) == {"error"} or not value
    if not isinstance(value, list):
        return True
    return all(_is_plain(one) or _is_few(one) for one in value)


def _is_few(value: Any) -> bool:  # Any: what JSON can hold
    return isinstance(value, Mapping) and len(value) <= MOST_WORDS and all(map(_is_plain, value.values()))


def _is_plain(value: Any) -> bool:  # Any: what JSON can hold
    return not isinstance(value, Mapping | list)


def _cell(value: Any) -> str:  # Any: what JSON can hold
    if value is None or value == [] or value == {}:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return ", ".join(_cell(one) for one in value)
    if isinstance(value, Mapping):
        return " ".join(_cell(one) for one in value.values())
    return str(value)
