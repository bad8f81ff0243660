"""Themes: dark, light and high contrast, and the palette of pictures that goes with each."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.theme import Theme

from tui.drawing.colours import CONTRAST, DARK, LIGHT, PLAIN, Palette

_DARK = Theme(
    name="assay-dark",
    primary="#1f6f9f",
    secondary="#35b58a",
    warning="#e69f00",
    error="#f0783c",
    success="#35b58a",
    accent="#56b4e9",
    foreground="#dfe4ea",
    background="#0f1317",
    surface="#13181d",
    panel="#1d242b",
    dark=True,
)
_LIGHT = Theme(
    name="assay-light",
    primary="#0072b2",
    secondary="#00694d",
    warning="#8a5a00",
    error="#b03a00",
    success="#00694d",
    accent="#005a8d",
    foreground="#1b1f26",
    background="#ffffff",
    surface="#fbfbfc",
    panel="#e9edf1",
    dark=False,
)
_CONTRAST = Theme(
    name="assay-contrast",
    primary="#0047b3",
    secondary="#00ff9c",
    warning="#ffd000",
    error="#ff9166",
    success="#00ff9c",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1a1a1a",
    dark=True,
)
THEMES = {"dark": _DARK, "light": _LIGHT, "contrast": _CONTRAST}
"""Themes by the word that a person types."""


def palette_of(app: App[Any]) -> Palette:  # Any: an app that returns anything
    """Return the palette that fits the theme of an app."""
    if app.no_color:
        return PLAIN
    if app.theme == _CONTRAST.name:
        return CONTRAST
    return DARK if app.current_theme.dark else LIGHT
