"""JSON made from typed models: a class names its keys once, and its JSON and its JSON Schema both follow from that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum
from functools import cache
from pathlib import PurePath
from typing import Any, ClassVar, NamedTuple

TO_THE_SECOND = "%Y-%m-%dT%H:%M:%SZ"
"""Form of a time in UTC, to the second."""
_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})
_EMPTY: tuple[object, ...] = (None, "", (), [], {})


class JsonFacet(NamedTuple):
    """What the published schema asks of a value beyond its type: ``Annotated[str, JsonFacet("enum", ("<", ">"))]``."""

    keyword: str
    """Keyword of JSON Schema: ``enum``, ``minLength``."""
    value: int | tuple[str, ...]
    """Its value."""


class JsonOf(NamedTuple):
    """What a mapping holds that is JSON already: ``Annotated[Mapping[str, Any], JsonOf(Limit)]``."""

    model: type
    """Model that it was made from."""


class JsonKey(NamedTuple):
    """One word of ``json_keys``."""

    key: str
    """Key in the JSON; empty if the keys of the attribute's own model stand in its place."""
    attribute: str
    """Field or property that the value comes from."""
    is_optional: bool
    """Whether the key is left out where the value is None or empty."""


class JsonModel:
    """Base of a dataclass whose JSON is made from its fields and properties.

    ``json_keys`` names them in the order of the JSON; without it every field has a key of its own name. ``n_left`` is
    the attribute of that name, ``open=is_open`` gives it another key, ``why?`` is left out where it is None or empty,
    and ``*seen`` puts the keys of that attribute's own model here, none if it is None. Types and sentences of the
    published JSON Schema are those of the attributes.
    """

    __slots__ = ()

    json_keys: ClassVar[str] = ""
    """Words, apart by blanks."""
    json_time_format: ClassVar[str] = ""
    """How times of this class are written; ISO 8601 as it is, if empty."""

    def as_json(self) -> dict[str, Any]:
        """Return the model as a mapping of JSON values.

        Returns
        -------
        dict of str to JSON value
            In the order of ``json_keys``; Any: whatever JSON can hold nests in it.
        """
        found: dict[str, Any] = {}
        kind: type = type(self)
        for key, attribute, is_optional in json_keys_of(kind):
            value = getattr(self, attribute)
            if not key:
                found |= json_value(value) if value is not None else {}
            elif is_optional and value in _EMPTY:
                continue
            else:
                found[key] = value if type(value) in _AS_THEY_ARE else json_value(value, self.json_time_format)
        return found


@cache
def json_keys_of(model: type) -> tuple[JsonKey, ...]:
    """Return the keys of a model.

    Parameters
    ----------
    model : type
        Dataclass with or without ``json_keys``, or typed dictionary.

    Returns
    -------
    tuple of JsonKey
        In the order of the JSON.
    """
    words = getattr(model, "json_keys", "").split()
    words = words or [field.name for field in fields(model)] if is_dataclass(model) else list(model.__annotations__)
    return tuple(_json_key(word) for word in words)


def _json_key(word: str) -> JsonKey:
    if word.startswith("*"):
        return JsonKey("", word[1:], False)
    key, _, attribute = word.removesuffix("?").partition("=")
    return JsonKey(key, attribute or key, word.endswith("?"))


def json_value(value: Any, time_format: str = "") -> Any:  # Any: whatever JSON can hold
    """Return a value as JSON knows it.

    Parameters
    ----------
    value : object
        Model, dataclass, number, text, time, path, enumeration, array, mapping or sequence, nested as they come.
    time_format : str
        How a time is written; ISO 8601 if empty.

    Returns
    -------
    object
        Numbers, texts, lists and dicts. A number that is not finite stays what it is.
    """
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, JsonModel):
        return value.as_json()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: json_value(inner, time_format) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(inner, time_format) for inner in value]
    if isinstance(value, date | time):
        return value.strftime(time_format) if time_format else value.isoformat()
    return _rarer_json_value(value)


def _rarer_json_value(value: Any) -> Any:  # Any: whatever JSON can hold
    if isinstance(value, PurePath):
        return str(value)
    if hasattr(value, "tolist"):  # arrays and numbers of NumPy, which this room does not import
        return json_value(value.tolist())
    if is_dataclass(value):
        return {field.name: json_value(getattr(value, field.name)) for field in fields(value)}
    return value
