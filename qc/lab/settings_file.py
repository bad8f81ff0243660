"""Reading ``qc.toml`` and ``reasons.toml``: every fault is told at once, with the nearest name that is known."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qc.lab.settings import Settings
from schemas.errors import ConfigError, Fault

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

ACTS = ("approve_over", "reject", "repeat")
"""Acts that need a reason."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One coded reason of a decision."""

    code: str
    """What is typed: ``haemolysed``."""
    text: str
    """What it means."""
    acts: tuple[str, ...]
    """Acts it fits: ``approve_over``, ``reject``, ``repeat``."""


def read_settings(path: Path) -> Settings:
    """Read ``qc.toml``.

    Returns
    -------
    Settings
        Settings, with the default of what is not written.

    Raises
    ------
    ConfigError
        If it cannot be read, is not TOML, or has faults; all of them are named.
    """
    return parse_settings(_text(path))


def parse_settings(text: str) -> Settings:
    """Read the text of a ``qc.toml``.

    Returns
    -------
    Settings
        Settings, with the default of what is not written.

    Raises
    ------
    ConfigError
        If it is not TOML, names an unknown setting, or a value is not allowed; all faults are named.
    """
    from pydantic import TypeAdapter, ValidationError

    tree = _tree(text, "qc.toml")
    try:
        # As JSON, because pydantic's strict mode then still takes a table for a section.
        return TypeAdapter(Settings).validate_json(json.dumps(tree, default=str), strict=True)
    except ValidationError as error:
        raise ConfigError("qc.toml has faults.", [_fault(told) for told in error.errors(include_url=False)]) from error


def read_reasons(path: Path) -> dict[str, Reason]:
    """Read the coded reasons of a lab.

    Parameters
    ----------
    path : Path
        The file ``reasons.toml``.

    Returns
    -------
    dict of str to Reason
        By code, in the order of the file.

    Raises
    ------
    ConfigError
        If it cannot be read, is not TOML, or has faults; all of them are named.
    """
    there = path.stat() if path.is_file() else None
    return dict(_read_reasons(path, (there.st_mtime_ns, there.st_size, there.st_ino) if there else None))


@lru_cache(maxsize=8)
def _read_reasons(path: Path, stamp: tuple[int, ...] | None) -> Mapping[str, Reason]:
    faults: list[Fault] = []
    reasons = {code: _reason(code, entry, faults) for code, entry in _tree(_text(path), path.name).items()}
    if not reasons:
        faults.append(Fault("", "There is no reason, so nothing could be rejected: expected a table for each code."))
    if faults:
        raise ConfigError(f"{path.name} has faults.", faults)
    return reasons


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which of the known names was meant.

    Returns
    -------
    str
        A sentence: the nearest name, or all of them if none is near.
    """
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(names)}."


def _reason(code: str, entry: object, faults: list[Fault]) -> Reason:
    if not isinstance(entry, Mapping):
        faults.append(Fault(f"reason '{code}'", "A reason is a table with 'text' and 'acts'."))
        return Reason(code, "", ())
    text, acts = entry.get("text"), entry.get("acts")
    told = [
        f"Key '{key}' is not known. {nearest(key, ['text', 'acts'])}" for key in sorted(set(entry) - {"text", "acts"})
    ]
    if not isinstance(text, str) or not text.strip():
        told.append("It needs a 'text' that says what the code means.")
    if not isinstance(acts, list) or not acts:
        told.append(f"It needs a list 'acts' of what it fits: {', '.join(ACTS)}.")
        acts = []
    told += [f"Act '{act}' is not known. {nearest(str(act), ACTS)}" for act in acts if act not in ACTS]
    faults.extend(Fault(f"reason '{code}'", sentence) for sentence in told)
    return Reason(code, str(text), tuple(str(act) for act in acts))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"'{path}' is not UTF-8: save it as UTF-8 text.") from error
    except OSError as error:
        raise ConfigError(f"'{path}' cannot be read: {error.strerror}.") from error


def _tree(text: str, name: str) -> dict[str, Any]:  # Any: a tree of whatever TOML knows
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name} is not well-formed TOML: {error}.") from error


def _fault(told: ErrorDetails) -> Fault:
    section, *rest = [str(part) for part in told["loc"]] or [""]
    where = " ".join([f"[{section}]", ".".join(rest)]).strip()
    if told["type"] == "unexpected_keyword_argument":
        known = {setting.name for setting in fields(_owner(section) if rest else Settings)}
        what = "Setting" if rest else "Section"
        name = rest[-1] if rest else section
        return Fault(where, f"{what} '{name}' is not known. {nearest(name, known)}")
    if told["type"] == "dataclass_type":
        return Fault(where, f"'{section}' is a section: write it as a table [{section}].")
    expected = told["msg"][0].lower() + told["msg"][1:]
    return Fault(where, f"Value '{told['input']}' is not allowed: {expected}.")


def _owner(section: str) -> type[Any]:  # Any: one of the section classes
    return type(getattr(Settings(), section))
