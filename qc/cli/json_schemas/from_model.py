"""JSON Schema of a typed model: what :class:`schemas.json_model.JsonModel` prints, from the same declaration.

Nothing that runs in a laboratory imports this: the schemas are written once, by ``python -m qc.cli.schema_files``.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
import types
from collections.abc import Collection, Mapping, Sequence
from dataclasses import is_dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import PurePath
from typing import Annotated, Any, NamedTuple, NotRequired, Union, get_args, get_origin, is_typeddict

import numpy as np
from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from schemas.json_model import JsonFacet, JsonModel, JsonOf, json_keys_of

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NO_KEYS = (JsonModel, Mapping, dict, type(None))
Kind = Any  # a type of any form, which the language cannot name


class _Key(NamedTuple):
    kind: Kind
    is_optional: bool


def schema_of(name: str, title: str, models: Collection[str], around: str = "") -> dict[str, Any]:
    """Return the JSON Schema of what a command prints.

    Parameters
    ----------
    models : collection of str
        ``module:Name`` of each model that it may print.
    around : str
        The same of a model whose keys stand around those of each of them; empty for none.

    Returns
    -------
    dict
        JSON Schema, draft 2020-12.
    """
    kinds = [_json_kind(kind) for model in models for kind in _members(_named(model))]
    outer = [_json_kind(_named(around))] if around else []
    every: Kind = tuple.__class_getitem__((*outer, *kinds))
    schema = _tidied(TypeAdapter(every).json_schema(mode="serialization"))
    definitions: dict[str, Any] = schema.get("$defs", {})
    parts = schema["prefixItems"]
    root = {"anyOf": parts[len(outer) :]} if around or len(kinds) > 1 else parts[0]
    for part in parts[: len(outer)] or parts[: len(kinds) == 1]:
        root = definitions.pop(part["$ref"].rsplit("/", 1)[1]) | (root if around else {})
    head = {"$schema": _DRAFT, "$id": f"assaygate:{name}", "title": title, "type": "object"}
    return head | root | ({"$defs": definitions} if definitions else {})


def _tidied(node: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without titles, which repeat the keys, and with simple alternatives as one list of types."""
    made = {key: value for key, value in node.items() if key != "title"}
    for key in ("properties", "$defs"):
        if key in made:
            made[key] = {name: _tidied(inner) for name, inner in made[key].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(made.get(key), dict):
            made[key] = _tidied(made[key])
    if "prefixItems" in made:
        made["prefixItems"] = [_tidied(inner) for inner in made["prefixItems"]]
    return made | _alternatives(made.pop("anyOf")) if "anyOf" in made else made


def _alternatives(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    tidied = [_tidied(node) for node in nodes]
    different = [node for place, node in enumerate(tidied) if node not in tidied[:place]]
    kinds = [node["type"] for node in different if list(node) == ["type"]]
    if len(kinds) == len(different):
        return {"type": kinds if len(kinds) > 1 else kinds[0]}
    return {"anyOf": different} if len(different) > 1 else different[0]


def _named(reference: str) -> Kind:
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)


def _json_kind(kind: Kind, not_finite: Kind = None) -> Kind:
    """Put a typed dictionary of its JSON keys in the place of every model within a type."""
    if isinstance(kind, type) and (is_dataclass(kind) or is_typeddict(kind)):
        return _typed_dict(kind, getattr(kind, "json_not_finite", not_finite))
    origin: Kind = get_origin(kind)
    inner = get_args(kind)
    if origin is Annotated:
        if made := [part.model for part in inner[1:] if isinstance(part, JsonOf)]:
            return _json_kind(made[0], not_finite)
        facets: Any = {facet.keyword: facet.value for facet in inner[1:] if isinstance(facet, JsonFacet)}  # Any: JSON
        return Annotated[_json_kind(inner[0], not_finite), Field(json_schema_extra=facets)]
    if origin in (Union, types.UnionType):
        return _union([_json_kind(part, not_finite) for part in inner])
    if origin is np.ndarray:
        return _list(_json_kind(float, not_finite))
    if origin is tuple and inner[1:] != (...,):
        return tuple.__class_getitem__(tuple(_json_kind(part, not_finite) for part in inner))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return dict.__class_getitem__((str, _json_kind(inner[1], not_finite)))
    if isinstance(origin, type) and issubclass(origin, Collection):
        return _list(_json_kind(inner[0], not_finite))
    if kind is float and not_finite is not None:
        return _union([float, _json_kind(not_finite)])
    return str if isinstance(kind, type) and issubclass(kind, PurePath) else kind


def _list(kind: Kind) -> Kind:
    return list.__class_getitem__(kind)


def _union(kinds: Sequence[Kind]) -> Kind:
    return Union.__getitem__(tuple(kinds))


def _members(kind: Kind) -> Sequence[Kind]:
    return get_args(kind) if _is_union(kind) else (kind,)


def _is_union(kind: Kind) -> bool:
    origin: Kind = get_origin(kind)
    return origin in (Union, types.UnionType)


@cache
def _typed_dict(model: type, not_finite: Kind) -> Kind:
    keys = {
        key: NotRequired[own.kind] if own.is_optional else own.kind for key, own in _keys(model, not_finite).items()
    }
    make: Any = TypedDict  # Any: its keys are known only here
    made = make(model.__name__, keys)
    made.__module__ = model.__module__
    made.__doc__ = _described(model.__doc__)
    return made


def _keys(model: type, not_finite: Kind) -> dict[str, _Key]:
    kinds, sentences = _kinds(model), _sentences(model)
    found: dict[str, _Key] = {}
    for key, attribute, is_optional in json_keys_of(model):
        own = inspect.getattr_static(model, attribute, None)
        kind = _returned(own.fget) if isinstance(own, property) else kinds[attribute]
        if not key:
            found |= _spread(kind, not_finite)
            continue
        sentence = _described(own.__doc__) if isinstance(own, property) else sentences.get(attribute, "")
        made = _json_kind(_present(kind) if is_optional else kind, not_finite)
        found[key] = _Key(Annotated[made, Field(description=sentence)] if sentence else made, is_optional)
    return found


def _present(kind: Kind) -> Kind:
    """Return a type without None, for a key that is left out instead."""
    return _union([part for part in get_args(kind) if part is not type(None)]) if _is_union(kind) else kind


def _spread(kind: Kind, not_finite: Kind) -> dict[str, _Key]:
    """Return the keys of whichever model stands there; a key that not all of them have is optional."""
    members = _members(kind)
    each = [_keys_there(member, not_finite) for member in members]
    found: dict[str, _Key] = {}
    for key in dict.fromkeys(key for keys in each for key in keys):
        owns = [keys[key] for keys in each if key in keys]
        is_optional = len(owns) < len(each) or any(own.is_optional for own in owns)
        found[key] = _Key(_union([own.kind for own in owns]), is_optional)
    return found


def _keys_there(kind: Kind, not_finite: Kind) -> dict[str, _Key]:
    origin: Kind = get_origin(kind)
    if (origin or kind) in _NO_KEYS:
        return {}
    return _keys(kind, getattr(kind, "json_not_finite", not_finite))


def _described(doc: str | None) -> str:
    """Return the first paragraph of a docstring in the words of JSON."""
    sentence = " ".join((doc or "").split("\n\n")[0].split()).removeprefix("Return ")
    return re.sub(r"\bNone\b", "null", sentence[:1].upper() + sentence[1:])


def _kinds(model: type) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for base in reversed(model.__mro__):
        names = _names(base.__module__)
        for name, kind in inspect.get_annotations(base).items():
            written = getattr(kind, "__forward_arg__", kind)
            if not str(written).startswith("ClassVar"):
                found[name] = eval(written, dict(names)) if isinstance(written, str) else written  # noqa: S307
    return found


def _returned(function: Any) -> Kind:  # Any: a function
    written = function.__annotations__["return"]
    return eval(written, dict(_names(function.__module__))) if isinstance(written, str) else written  # noqa: S307


@cache
def _names(module: str) -> dict[str, Any]:
    """Return the names of a module, with those that it imports for its types alone."""
    names = dict(vars(sys.modules[module]))
    file = getattr(sys.modules[module], "__file__", None)
    for node in ast.parse(inspect.getsource(sys.modules[module])).body if file and file.endswith(".py") else ():
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            exec(compile(ast.Module(node.body, []), module, "exec"), names)  # noqa: S102
    return names


def _sentences(model: type) -> dict[str, str]:
    """Return the docstring below each field."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if not (is_dataclass(base) or is_typeddict(base)):
            continue
        (own,) = ast.parse(textwrap.dedent(inspect.getsource(base))).body
        body = own.body if isinstance(own, ast.ClassDef) else []
        for field, below in pairwise(body):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
            ):
                found[ast.unparse(field.target)] = _described(str(below.value.value))
    return found
