"""A reader's own keys, by the names of the bindings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.toml_table import Text, TomlTable


@dataclass(frozen=True, slots=True, kw_only=True)
class _KeysFile(TomlTable):
    keys: Mapping[str, Text]


def read_keymap(path: Path) -> dict[str, str]:
    """Read a file of keys.

    Parameters
    ----------
    path : Path
        TOML with one table ``[keys]``: name of a binding, and its keys separated by commas.

    Raises
    ------
    ConfigError
        If it cannot be read, or is not such a table of texts; every fault is named.
    """
    from schemas.errors import ConfigError
    from schemas.toml_file import read_toml

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The file of keys '{path}' cannot be read: {error}.") from error
    return dict(read_toml(text, _KeysFile, f"The file of keys '{path}'").keys)
