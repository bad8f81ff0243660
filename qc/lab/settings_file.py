"""Reading ``qc.toml``: every fault is told at once, with the nearest name that is known."""

from __future__ import annotations

from pathlib import Path

from qc.lab.lab_text import lab_text
from qc.lab.lost_stores import kept_settings, way_back_of_settings
from qc.lab.settings import Settings
from schemas.errors import ConfigError
from schemas.toml_file import read_toml
from schemas.toml_table import Wording

_WORDING = Wording(top="[{key}]")


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
    try:
        return parse_settings(lab_text(path))
    except ConfigError as error:
        if kept_settings(path.parent / "archive") is None:
            raise
        # A lab with data: its settings are kept, and what stands there is set aside.
        raise ConfigError(f"{error.message} {way_back_of_settings(path.parent / 'archive')}", error.faults) from error


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
    return read_toml(text, Settings, "qc.toml", wording=_WORDING)
