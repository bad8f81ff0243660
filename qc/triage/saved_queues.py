"""Saved queues: the tabs of a lab, from ``queues.toml`` in its folder where there is one."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from qc.triage.filters import parse_filter
from schemas.errors import ConfigError, Fault

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
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8")).get("queues", {})
    except (OSError, ValueError) as error:
        raise ConfigError(f"'{path.name}' cannot be read: {error}.") from error
    faults: list[Fault] = []
    queues = [(str(title), str(text)) for title, text in dict(told).items()]
    for title, text in queues:
        try:
            parse_filter(text)
        except ConfigError as error:
            faults += [Fault(f"{path.name}, '{title}'", fault.text) for fault in error.faults]
    if faults:
        raise ConfigError("The saved queues have faults.", faults)
    return tuple(queues)
