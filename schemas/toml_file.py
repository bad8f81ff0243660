"""TOML files as typed tables: what may stand in a file is declared once, and every fault is told in a sentence.

pydantic is imported when a file is read, never before: the declarations need none of it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar  # Any: TOML trees hold what their author wrote

from annotated_types import Predicate

from schemas.errors import ConfigError, Fault, FaultyError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Model = TypeVar("Model")
Tree = Mapping[str, Any]
DATE = "date"
"""Key under which pydantic is given a date or time that stands in a file without quotes: it is no text."""
MAX_CHARACTERS = 8_000_000
"""Longest text that is taken for a TOML file, in characters; proposed."""
Text = Annotated[str, Predicate(str.strip)]
"""A text that is not blank."""
Status = Literal["confirmed", "unconfirmed", "proposed"]
"""How far a number may be trusted."""


class TomlTable:
    """A table of a TOML file as a frozen dataclass: any other key is a fault, and no number is infinite."""

    __slots__ = ()
    __pydantic_config__ = {"extra": "forbid", "allow_inf_nan": False, "validate_default": True}


@dataclass(frozen=True, slots=True)
class Says:
    """Sentence of a field for whatever is wrong with its value, in ``Annotated``."""

    sentence: str
    """Full sentence; ``{value}`` stands for what was written, without it the sentence tells of a missing key too."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Check of a field that may look at the fields declared before it, in ``Annotated``."""

    check: Callable[[Any, Tree], Any]
    """Takes the value and the valid fields before it by name; returns the value to keep, or raises ``ValueError``."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the schema of the field with the check behind it; called by pydantic alone."""
        from pydantic_core import core_schema

        return core_schema.with_info_after_validator_function(
            lambda value, info: self.check(value, info.data), handler(source)
        )


@dataclass(frozen=True, slots=True)
class Wording:
    """How the faults of one kind of file are worded."""

    unknown: str = "Key '{key}' is not known.{near} Known keys: {known}."
    """Sentence for a key that may not stand there."""
    near: str = " Did you mean '{near}'?"
    """Hint at the nearest key."""
    entries: str = ""
    """What the tables of a file with one table an entry are called, in the plural."""
    top: str = ""
    """Place of a key of the file as a whole, with ``{key}``; empty for none."""
    sentences: Mapping[str, str] = field(default_factory=dict)
    """Sentences by pydantic's type of error that are worded otherwise; ``{key}`` and ``{value}`` stand for both."""


_USUAL = Wording()


def toml_tree(text: str, name: str, *, error: type[FaultyError] = ConfigError) -> dict[str, Any]:
    """Read a text as TOML.

    Parameters
    ----------
    text : str
        TOML; a byte order mark before it does not count.
    name : str
        What the file is, as a sentence begins: ``The run sheet``.
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
        raise error(f"{name} is not well-formed TOML: {reason}.") from reason


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
    table = table_of(toml_tree(text, name, error=error), model, faults, wording=wording)
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

    try:
        # As JSON, because pydantic's strict mode then still takes a table for a dataclass and a list for a tuple.
        text = json.dumps(tree, default=lambda date: {DATE: str(date)})
        return _adapter(model).validate_json(text, strict=True)
    except ValidationError as error:
        from schemas.toml_faults import faults_of

        faults += faults_of(error, model, tree, where, wording)
    return None


@lru_cache
def _adapter(model: type[Model]) -> TypeAdapter[Model]:
    from pydantic import TypeAdapter

    return TypeAdapter(model)
