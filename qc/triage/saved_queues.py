"""Saved queues: the tabs of a lab, from ``queues.toml`` in its folder where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from qc.lab.lab_text import lab_text
from schemas.errors import ConfigError
from schemas.queue_filter import parse_filter
from schemas.toml_file import read_toml
from schemas.toml_table import Checked, TomlTable, Tree

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

_SHIPPED = (
    ("all", ""),
    ("reject", "verdict:reject,broken"),
    ("unclear", "verdict:not_evaluable"),
    ("controls", "rule:westgard,controls."),
    ("curves", "rule:calibration,replicates"),
    ("new", "new"),
    ("lapsed", "lapsed"),
)


def _understood(text: str, before: Tree) -> str:
    try:
        parse_filter(text)
    except ConfigError as error:
        raise ValueError(" ".join(fault.text for fault in error.faults)) from error
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class _QueuesFile(TomlTable):
    queues: Mapping[str, Annotated[str, Checked(_understood)]] = field(default_factory=dict)


def saved_queues(lab: LabFolder) -> tuple[tuple[str, str], ...]:
    """Return the saved queues of a lab.

    Returns
    -------
    tuple of tuple
        Title and filter: those of ``queues.toml`` (``[queues]`` with ``title = "filter"``), else the shipped ones.

    Raises
    ------
    ConfigError
        If the file is not well formed, or a filter is not understood; every fault is named.
    """
    path = lab.paths.root / "queues.toml"
    if not path.is_file():
        return _SHIPPED
    return tuple(read_toml(lab_text(path), _QueuesFile, path.name).queues.items())
