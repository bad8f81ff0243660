"""The coded reasons of decisions: ``reasons.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, get_args

from annotated_types import MinLen

from qc.lab.lab_text import lab_text
from schemas.errors import ConfigError
from schemas.toml_file import read_toml
from schemas.toml_table import Says, Text, TomlTable, Wording

Act = Literal["approve_over", "reject", "reject_passing", "repeat", "correct"]
"""An act that needs a reason."""
_ACTS = f"It needs a list 'acts' of what it fits: {', '.join(get_args(Act))}."


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReasonTable(TomlTable):
    text: Annotated[Text, Says("It needs a 'text' that says what the code means.")]
    """What it means."""
    acts: Annotated[tuple[Act, ...], MinLen(1), Says(_ACTS)]
    """Acts it fits."""
    rules: tuple[str, ...] = ()
    """Rules, or beginnings of their names, to whose findings it is offered first."""

    def answers(self, rule: str) -> bool:
        """Tell whether it is offered first where a rule spoke."""
        return any(rule.startswith(name) for name in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(_ReasonTable):
    """One coded reason of a decision."""

    code: str
    """What is typed: ``haemolysed``."""


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
    tables = read_toml(lab_text(path), dict[str, _ReasonTable], path.name, wording=Wording(entries="reasons"))
    if not tables:
        text = "There is no reason, so nothing could be rejected: expected a table for each code."
        raise ConfigError(f"{path.name} has no entry. {text}")
    return {code: Reason(code=code, text=own.text, acts=own.acts, rules=own.rules) for code, own in tables.items()}
