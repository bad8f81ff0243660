"""A lab's settings, coded reasons and folders, by the names that the rest of Assaygate uses."""

from __future__ import annotations

from qc.lab.layout import LabPaths, find_lab, init_lab
from qc.lab.settings import Settings
from qc.lab.settings_edit import with_settings
from qc.lab.settings_file import Reason, parse_settings, read_reasons, read_settings

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
