"""What pydantic found wrong in a TOML file, as sentences: the value in quotes, what was expected, the nearest name."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from schemas.errors import Fault
from schemas.names import did_you_mean
from schemas.toml_table import DATE, EachOnce, Says, Tree, Wording

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_ODD_PLURALS = {"matrices": "matrix"}
_NAMES_OF_ROWS = ("name", "id", "other", "code")
_SCALARS = {str: "a text", float: "a finite number", int: "a whole number", bool: "true or false"}
_USUAL = "Key '{key}' is '{value}'; {expected} was expected."
_EMPTY = "Key '{key}' is missing or empty; {expected} was expected."
_SENTENCES = {
    "missing": "Key '{key}' is missing; {expected} was expected.",
    "predicate_failed": _EMPTY,
    "too_short": _EMPTY,
    "literal_error": "{Noun} '{value}' is not known; expected one of {choices}.{near}",
    "greater_than": "Key '{key}': '{value}' is out of range; expected a number above {gt:g}.",
    "greater_than_equal": "Key '{key}': '{value}' is out of range; expected {ge:g} or more.",
    "less_than": "Key '{key}': '{value}' is out of range; expected a number below {lt:g}.",
    "less_than_equal": "Key '{key}': '{value}' is out of range; expected {le:g} or less.",
}


def faults_of(error: ValidationError, model: Any, tree: Tree, where: str, wording: Wording) -> list[Fault]:
    """Return every fault that pydantic found, each once.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    model : type
        What the file was taken for.
    tree : mapping
        Values of the file.
    where : str
        Place of the tree; empty for a file as a whole.
    wording : Wording
        How faults are worded.

    Returns
    -------
    list of Fault
        In the order of the declaration.
    """
    found = error.errors(include_url=False)
    # A list of which every row is at fault counts as empty too: that is told of its rows alone.
    above = {details["loc"][:n] for details in found for n in range(len(details["loc"]))}
    spots = [
        (_Spot(model, tree, where, wording, details), details)
        for details in found
        if details["type"] != "too_short" or details["loc"] not in above
    ]
    return list(dict.fromkeys(spot.fault(details) for spot, details in spots))


def twins_of(tree: Tree, model: Any) -> list[Fault]:
    """Return a fault for every row of a list whose key, declared to stand once, stands in a row before it.

    Parameters
    ----------
    tree : mapping
        Values of the file.
    model : type
        What the file was taken for.

    Returns
    -------
    list of Fault
        Empty if there is none, or the file declares no key.
    """
    kinds = _types(model).items() if is_dataclass(model) else ()
    found = [(key, note) for key, kind in kinds for note in _notes(kind) if isinstance(note, EachOnce)]
    return [fault for key, note in found for fault in _twins(key, tree.get(key), note)]


def _twins(key: str, rows: Any, note: EachOnce) -> Iterator[Fault]:
    seen = set()
    for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
        if not isinstance(row, Mapping) or not set(note.keys) <= set(row):
            continue
        name = {part: str(row[part]).strip() for part in note.keys}
        if tuple(name.values()) in seen:
            yield Fault(f"{_one_of(key)} {_name_of_row(row) or number}", note.sentence.format(**name))
        seen.add(tuple(name.values()))


class _Spot:
    """Where a fault lies: in the file, in words, and in the declaration."""

    def __init__(self, model: Any, tree: Tree, where: str, wording: Wording, details: ErrorDetails) -> None:
        self.wording, self.kind, self.owner, self.says = wording, model, model, ""
        self.places = [where] if where else []
        self.key = self.noun = wording.entries
        self.table = ""
        row: Any = tree
        for part in details["loc"]:
            below = _within(row, part)
            if not self._enter(part, below):
                break
            row = below

    def _enter(self, part: int | str, row: Any) -> bool:
        kind = _bare(self.kind)
        origin = get_origin(kind)
        if is_dataclass(kind):
            self.places += [f"[{self.table}]"] if self.table else []
            self.owner, self.key, self.noun, self.table = kind, str(part), str(part), str(part)
            self._take(_types(kind).get(self.key))
        elif origin in (dict, Mapping) and part != "[key]":
            self._enter_entry(get_args(kind)[1], f"'{part}'")
            self.places += [f"[{self.table}]"] if self.table else []
            self.key, self.noun, self.table = str(part), str(part), ""
        elif origin in (tuple, list) and isinstance(part, int):
            self._enter_entry(get_args(kind)[0], _name_of_row(row) or str(part + 1))
        else:
            return False  # what is left names a part of the declaration: one of several types, or a key
        return True

    def _enter_entry(self, kind: Any, name: str) -> None:
        self.noun = _one_of(self.key)
        if is_dataclass(_bare(kind)) or get_origin(_bare(kind)) in (dict, Mapping):
            self.places.append(f"{self.noun} {name}".strip())
            self.table = ""
        self._take(kind)

    def _take(self, kind: Any) -> None:
        self.kind = kind
        self.says = next((note.sentence for note in reversed(_notes(kind)) if isinstance(note, Says)), "")

    def fault(self, details: ErrorDetails) -> Fault:
        """Return the place and the sentence of an error."""
        where = ", ".join(self.places) or self.wording.top.format(key=self.key)
        in_table = bool(self.places) and where.endswith("]")
        return Fault(f"{where} {self.key}" if in_table else where, self._sentence(details))

    def _sentence(self, details: ErrorDetails) -> str:
        kind, value = details["type"], _text_of(details["input"])
        if kind == "value_error":
            return str(details["ctx"]["error"])
        if kind == "unexpected_keyword_argument":
            known = list(_types(self.owner))
            near = did_you_mean(self.key, known, self.wording.near)
            return self.wording.unknown.format(key=self.key, near=near, known=", ".join(known))
        if self.says and not (kind == "missing" and "{value}" in self.says):
            return self.says.format(value=value)
        bare = _bare(self.kind)
        choices = _choices(bare)
        parts = {"key": self.key, "Noun": self.noun.capitalize(), "value": value, "expected": _expected(self.kind)}
        parts |= {"near": did_you_mean(value, choices), "choices": ", ".join(choices)}
        sentence = self.wording.sentences.get(kind) or _SENTENCES.get(kind, _USUAL)
        return sentence.format_map(details.get("ctx", {}) | parts)


def _types(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _notes(kind: Any) -> tuple[Any, ...]:
    return kind.__metadata__ if get_origin(kind) is Annotated else ()


def _options(kind: Any) -> list[Any]:
    if get_origin(kind) in (Union, types.UnionType):
        return [option for option in get_args(kind) if option is not type(None)]
    return [kind]


def _bare(kind: Any) -> Any:
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    options = _options(kind)
    return kind if len(options) > 1 or options[0] is kind else _bare(options[0])


def _within(row: Any, part: int | str) -> Any:
    try:
        return row[part]
    except (KeyError, IndexError, TypeError):
        return None


def _name_of_row(row: Any) -> str:
    names = [row.get(key) for key in _NAMES_OF_ROWS] if isinstance(row, Mapping) else []
    return next((f"'{name}'" for name in names if isinstance(name, str) and name), "")


def _one_of(plural: str) -> str:
    return _ODD_PLURALS.get(plural, plural.removesuffix("s"))


def _text_of(value: Any) -> str:
    if isinstance(value, Mapping) and list(value) == [DATE]:
        return str(value[DATE])
    return "" if value is None else str(value)


def _choices(kind: Any) -> list[str]:
    parts = [_bare(option) for option in _options(kind)]
    are_words = all(get_origin(part) is Literal for part in parts)
    return [str(choice) or "nothing" for part in parts for choice in get_args(part)] if are_words else []


def _expected(kind: Any) -> str:
    return " or ".join(_expected_one(_bare(option)) for option in _options(_bare(kind)))


def _expected_one(kind: Any) -> str:
    origin = get_origin(kind)
    if origin is Literal:
        return f"one of {', '.join(_choices(kind))}"
    if origin in (tuple, list):
        item = _bare(get_args(kind)[0])
        if is_dataclass(item):
            return "an array of tables"
        return "a list of texts" if item is str else f"a list, each {_expected(item)},"
    if not is_dataclass(kind):
        return _SCALARS.get(kind, "a table")
    needed = [f"'{one.name}'" for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    return f"a table that needs {', '.join(needed)}" if needed else "a table"
