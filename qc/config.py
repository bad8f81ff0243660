"""A lab's settings, coded reasons and folders, by the names that the rest of Assaygate uses."""

from __future__ import annotations

from qc.configuring.editing import with_settings
from qc.configuring.layout import LabPaths, find_lab, init_lab
from qc.configuring.reading import Reason, parse_settings, read_reasons, read_settings
from qc.configuring.settings import Settings

__all__ = [
    "LabPaths",
    "Reason",
    "Settings",
    "find_lab",
    "init_lab",
    "parse_settings",
    "read_reasons",
    "read_settings",
    "with_settings",
]
