"""What may stand in a TOML file, declared once: frozen dataclasses, with checks and sentences beside the fields.

pydantic is imported when a file of a laboratory is read, never before: the declarations need none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypedDict  # Any: TOML trees hold what their author wrote

from annotated_types import Predicate

Tree = Mapping[str, Any]
DATE = "date"
"""Key under which pydantic is given a date or time that stands in a file without quotes: it is no text."""


class _Config(TypedDict):
    extra: Literal["forbid"]
    allow_inf_nan: bool
    validate_default: bool


_CONFIG: _Config = {"extra": "forbid", "allow_inf_nan": False, "validate_default": True}


class TomlTable:
    """A table of a TOML file as a frozen dataclass: any other key is a fault, and no number is infinite."""

    __slots__ = ()
    __pydantic_config__ = _CONFIG


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
class Taken:
    """What a value that was written is taken for, before its type is looked at, in ``Annotated``."""

    take: Callable[[Any], Any]
    """Takes what was written; returns what is meant, or raises ``ValueError``."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the schema of the field with this before it; called by pydantic alone."""
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(self.take, handler(source))


@dataclass(frozen=True, slots=True)
class EachOnce:
    """A key of the rows of a list of a file, told of twins even where other things are wrong, in ``Annotated``."""

    keys: tuple[str, ...]
    """Keys that name a row."""
    sentence: str
    """Full sentence on a row whose key stands before it; ``{key}`` in it stands for what was written."""


def _text_of_whole(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


STRIPPED = Checked(lambda text, before: text.strip())
"""Leaves out the blanks around a text."""
Text = Annotated[str, Predicate(str.strip)]
"""A text that is not blank."""
Label = Annotated[str, Taken(_text_of_whole), STRIPPED, Says("{value} is not text; write it in quotes.")]
"""A text without the blanks around it; a whole number is taken as it is written."""
Visit = Annotated[Text, Taken(_text_of_whole)]
"""A text that is not blank; a whole number is taken as it is written."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How the faults of one kind of file are worded."""

    broken: str = "{name} is not well-formed TOML: {reason}."
    """Sentence for a text that is no TOML."""
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
