"""A reader's own keys, by the names of the bindings."""

from __future__ import annotations

import tomllib
from pathlib import Path


def read_keymap(path: Path) -> dict[str, str]:
    """Read a file of keys.

    Parameters
    ----------
    path : Path
        TOML with one table ``[keys]``: name of a binding, and its keys separated by commas.

    Raises
    ------
    ConfigError
        If it cannot be read, or a name or a key is not a text.
    """
    from schemas.errors import ConfigError

    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8")).get("keys", {})
    except (OSError, ValueError) as error:
        raise ConfigError(f"The file of keys '{path}' cannot be read: {error}.") from error
    if not isinstance(keys, dict) or not all(isinstance(key, str) for key in keys.values()):
        raise ConfigError(f'The file of keys \'{path}\' needs a table [keys] of texts, such as "act.approve" = "y".')
    return keys
