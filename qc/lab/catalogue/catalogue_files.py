"""Catalogue files of a lab, as texts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from schemas.errors import ConfigError, Fault


def texts_of_folder(folder: Path, suffixes: tuple[str, ...] = (".toml",)) -> dict[str, str]:
    """Read a lab's own files of a folder.

    Parameters
    ----------
    folder : Path
        ``catalogue/`` or ``suites/``; a folder that is not there holds nothing.

    Returns
    -------
    dict of str to str
        Text by file name, in the order of the names.

    Raises
    ------
    ConfigError
        With every file that cannot be read as UTF-8.
    """
    return texts_of(sorted(path for path in folder.glob("*") if path.suffix.lower() in suffixes), str(folder))


def texts_of(paths: Iterable[Path], where: str = "") -> dict[str, str]:
    """Read files as texts.

    Returns
    -------
    dict of str to str
        Text by file name.

    Raises
    ------
    ConfigError
        With every file that cannot be read as UTF-8.
    """
    texts, faults = {}, []
    for path in paths:
        try:
            texts[path.name] = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Fault(f"file '{path.name}'", f"It cannot be read as UTF-8 text: {error}."))
    if faults:
        raise ConfigError(f"Folder '{where}' has faults." if where else "Not every file can be read.", faults)
    return texts
