"""The table of screens: the key of each, what it is, and where it lives; nothing is imported before it is shown."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.base import View


@dataclass(frozen=True, slots=True)
class Home:
    """Where a screen lives."""

    key: str
    """Key that leads to it."""
    title: str
    """What it is."""
    module: str
    """Module."""
    view: str
    """Class."""


HOMES = {
    "morning": Home("f2", "morning: is anything wrong, and where", "tui.screens.morning", "MorningView"),
    "triage": Home("f3", "triage: what waits for a person", "tui.screens.triage", "TriageView"),
    "log": Home("f4", "log: what people did", "tui.screens.log", "LogView"),
    "rules": Home("f6", "rules: the manual", "tui.screens.rules", "RulesView"),
    "limits": Home("f7", "limits: every number with its source", "tui.screens.limits", "LimitsView"),
    "compare": Home("f8", "compare: a run against the last 20", "tui.screens.compare", "CompareView"),
    "release": Home("f9", "release: the checklist", "tui.screens.release", "ReleaseView"),
}


def view_named(name: str, text: str = "") -> View:
    """Make a screen.

    Parameters
    ----------
    name : str
        Name in the table.
    text : str
        Filter or name that it begins with; empty for none.

    Returns
    -------
    View
        The screen, not shown yet.
    """
    home = HOMES[name]
    view: type[View] = getattr(importlib.import_module(home.module), home.view)
    return view(text) if text else view()  # type: ignore[call-arg]  # every screen takes what it begins with
