"""The table of screens: one line each. A screen NAME is the class NameView of ``tui/screens/NAME.py``.

Nothing is imported before it is shown. Each has a twin that ``--json`` and ``--plain`` print without a terminal:
``tui/twins/NAME.py``.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.shell.view import View


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """How one comes to a screen."""

    key: str
    """Key that leads to it."""
    title: str
    """What it is, as the list of commands prints it."""


SCREENS = {
    "morning": ScreenLine("f2", "morning: is anything wrong, and where"),
    "triage": ScreenLine("f3", "triage: what waits for a person"),
    "log": ScreenLine("f4", "log: what people did"),
    "rules": ScreenLine("f6", "rules: the manual"),
    "limits": ScreenLine("f7", "limits: every number with its source"),
    "compare": ScreenLine("f8", "compare: a run against the last 20"),
    "release": ScreenLine("f9", "release: the checklist"),
    "corrections": ScreenLine("f10", "corrections: sheets and runs that would change results"),
    "warnings": ScreenLine("f12", "warnings: what was approved by rule in spite of one"),
}
WITHOUT_KEY = ("dossier",)
"""Screens that another screen opens."""


def class_of_screen(name: str) -> str:
    """Return the name of the class of a screen."""
    return f"{name.capitalize()}View"


def class_of_twin(name: str) -> str:
    """Return the name of the model of a screen's twin."""
    return f"{name.capitalize()}Twin"


def new_screen(name: str, text: str = "") -> View:
    """Make a screen that is not shown yet; `text` is the filter or name that it begins with, empty for none."""
    screen: type[View] = getattr(importlib.import_module(f"tui.screens.{name}"), class_of_screen(name))
    return screen(text) if text else screen()  # type: ignore[call-arg]  # every screen takes what it begins with
