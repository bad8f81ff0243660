"""TOML files that ship with the project, as the same typed tables and without the cost of pydantic.

Tests hold every shipped file to its declaration; here it is only filled in. No text of a laboratory comes this way.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from schemas.toml_table import Checked, Tree

Model = TypeVar("Model")
Build = Callable[[Any, Tree], Any]
_SCALARS = (str, int, float, bool)


def shipped_texts(package: str, folder: str) -> dict[str, str]:
    """Return the shipped files of a folder.

    Parameters
    ----------
    package : str
        Package that they ship with.
    folder : str
        Folder in it.

    Returns
    -------
    dict of str to str
        TOML by name of the file without its ending, by name.
    """
    files = [file for file in (resources.files(package) / folder).iterdir() if file.name.endswith(".toml")]
    files.sort(key=lambda file: file.name)
    return {file.name.removesuffix(".toml"): file.read_text(encoding="utf-8") for file in files}


def shipped_table(tree: Tree, model: type[Model]) -> Model:
    """Fill a model from the tree of a shipped file.

    Parameters
    ----------
    tree : mapping
        Values as TOML gives them.
    model : type
        What the file is declared to be.

    Returns
    -------
    object
        Equal to what ``table_of`` makes of the same tree.
    """
    return cast("Model", _builder(cast("Any", model))(tree, {}))


@lru_cache
def _builder(kind: Any) -> Build:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _checking(_builder(inner[0]), [one.check for one in kind.__metadata__ if isinstance(one, Checked)])
    if origin in (Union, types.UnionType):
        return _choosing([option for option in inner if option is not type(None)])
    if origin in (tuple, list):
        one = _builder(inner[0])
        return lambda rows, before: origin(one(row, before) for row in rows)
    if origin in (dict, Mapping):
        entry = _builder(inner[1])
        return lambda table, before: {key: entry(value, before) for key, value in table.items()}
    if is_dataclass(kind):
        return _filling(kind)
    return (lambda number, before: float(number)) if kind is float else (lambda value, before: value)


def _choosing(options: list[Any]) -> Build:
    if len(options) == 1:
        return _builder(options[0])
    several = _builder(next(option for option in options if option not in _SCALARS))
    return lambda value, before: several(value, before) if isinstance(value, list | dict) else value


def _checking(build: Build, checks: list[Build]) -> Build:
    def checked(value: Any, before: Tree) -> Any:
        built = build(value, before)
        for check in checks:
            built = check(built, before)
        return built

    return checked if checks else build


def _filling(kind: Any) -> Build:
    builders = {name: _builder(hint) for name, hint in get_type_hints(kind, include_extras=True).items()}

    def fill(tree: Tree, _: Tree) -> Any:
        parts: dict[str, Any] = {}
        for name, build in builders.items():
            if name in tree:
                parts[name] = build(tree[name], parts)
        return kind(**parts)

    return fill
