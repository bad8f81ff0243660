"""Reading TOML files: within limits, as what declares them, and with every fault told in a sentence."""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast  # Any: TOML trees hold what their author wrote

from schemas.errors import ConfigError, Fault, FaultyError
from schemas.toml_faults import faults_of, twins_of
from schemas.toml_table import DATE, Tree, Wording

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Model = TypeVar("Model")
MAX_CHARACTERS = 8_000_000
"""Longest text that is taken for a TOML file, in characters; proposed."""
_USUAL = Wording()
_LINE = re.compile(r"at line (\d+)")
_KEY_AND_VALUE = re.compile(r"\s*([A-Za-z0-9_.-]+)\s*=\s*(.*?)\s*(?:#.*)?\Z")
_NINE = ("09", "00", "00")
"""Hour, minute and second of an example."""
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})([ T]\d{2}:\d{2}(?::\d{2})?)?\Z")


def toml_tree(
    text: str, name: str, *, wording: Wording = _USUAL, error: type[FaultyError] = ConfigError
) -> dict[str, Any]:
    """Read a text as TOML.

    Parameters
    ----------
    text : str
        TOML; a byte order mark before it does not count.
    name : str
        What the file is, as a sentence begins: ``The run sheet``.
    wording : Wording
        How faults are worded.
    error : type of FaultyError
        Error to raise.

    Returns
    -------
    dict of str to Any
        Values as TOML gives them.

    Raises
    ------
    FaultyError
        If it is no TOML, too long, or nested too deeply to be read.
    """
    if len(text) > MAX_CHARACTERS:
        raise error(f"{name} has {len(text)} characters; at most {MAX_CHARACTERS} were expected.")
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as reason:
        sentence = wording.broken.format(name=name, reason=reason)
        raise error(f"{sentence}{_way_to_write(text, str(reason))}") from reason


def _way_to_write(text: str, reason: str) -> str:
    """Say how the value of the line that is no TOML is written, where it is a date or a text without quotes."""
    place = _LINE.search(reason)
    lines = text.splitlines()
    found = _KEY_AND_VALUE.match(lines[int(place[1]) - 1]) if place and int(place[1]) <= len(lines) else None
    if found is None:
        return ""
    key, value = found[1], found[2]
    if from_year := _YEAR_FIRST.match(value):
        date = f"{from_year[1]}-{from_year[2]:0>2}-{from_year[3]:0>2}"
        hour, minute, second = (written or usual for written, usual in zip(from_year.groups()[3:], _NINE, strict=True))
        return f" {key}: write {date}T{hour:0>2}:{minute}:{second}."
    day = _DAY_FIRST.match(value)
    if day is None:
        return "" if value[:1] in "\"'[{" else f' {key}: a text is written in quotes: {key} = "{value}".'
    first, mark, second, year, clock = day[1], day[2], day[3], day[4], day[5] or "T09:00:00"
    ways = {f"{year}-{second:0>2}-{first:0>2}"}
    if mark != "." and int(first) <= 12 and int(second) <= 12:
        ways.add(f"{year}-{first:0>2}-{second:0>2}")
    times = [f"{way}T{clock.strip(' T')}" for way in sorted(ways)]
    return f" {key}: write {' or '.join(times)}."


def read_toml(
    text: str,
    model: type[Model],
    name: str,
    *,
    wording: Wording = _USUAL,
    error: type[FaultyError] = ConfigError,
) -> Model:
    """Read a TOML file as the model that declares it.

    Parameters
    ----------
    text : str
        TOML.
    model : type
        Frozen dataclass over ``TomlTable``, or a dict of them.
    name : str
        What the file is, as a sentence begins.
    wording : Wording
        How faults are worded.
    error : type of FaultyError
        Error to raise.

    Returns
    -------
    object
        Instance of the model.

    Raises
    ------
    FaultyError
        If it is no TOML, or with everything that is not as declared.
    """
    faults: list[Fault] = []
    table = table_of(toml_tree(text, name, wording=wording, error=error), model, faults, wording=wording)
    if table is None:
        raise error(f"{name} has faults.", faults)
    return table


def table_of(
    tree: Tree, model: type[Model], faults: list[Fault], *, where: str = "", wording: Wording = _USUAL
) -> Model | None:
    """Take a tree as the model that declares it.

    Parameters
    ----------
    tree : mapping
        Values as TOML gives them.
    model : type
        Frozen dataclass over ``TomlTable``, or a dict of them.
    faults : list of Fault
        Takes everything that is not as declared.
    where : str
        Place of the tree, as a person calls it; empty for a file as a whole.
    wording : Wording
        How faults are worded.

    Returns
    -------
    object or None
        Instance of the model; None if there is a fault.
    """
    from pydantic import ValidationError

    twins = twins_of(tree, model)
    faults += twins
    try:
        # As JSON, because pydantic's strict mode then still takes a table for a dataclass and a list for a tuple.
        text = json.dumps(tree, default=lambda date: {DATE: str(date)})
        table = cast("Model", _adapter(cast("Any", model)).validate_json(text, strict=True))
        return None if twins else table
    except ValidationError as error:
        faults += faults_of(error, model, tree, where, wording)
    return None


@lru_cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(model)
