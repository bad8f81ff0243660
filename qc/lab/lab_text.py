"""The text of a file of the lab."""

from __future__ import annotations

from pathlib import Path

from schemas.errors import ConfigError


def lab_text(path: Path) -> str:
    """Return the text of a file of the lab.

    Raises
    ------
    ConfigError
        If it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"'{path}' is not UTF-8: save it as UTF-8 text.") from error
    except OSError as error:
        raise ConfigError(f"'{path}' cannot be read: {error.strerror}.") from error
