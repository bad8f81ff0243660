"""``words.toml`` of a lab: what its files call columns, analytes, units and results."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import ConfigError
from schemas.lab_words import LabWords, read_lab_words

if TYPE_CHECKING:
    from qc.lab.layout import LabPaths


def lab_words(paths: LabPaths) -> LabWords:
    """Return the words of a lab; none where it has no ``words.toml``.

    Raises
    ------
    ConfigError
        If the file cannot be read, or has faults; all of them are named.
    """
    return words_of(paths.words)


def words_text(paths: LabPaths) -> str:
    """Return the text of a lab's ``words.toml``, which has no faults; empty where it has none or declares nothing.

    Raises
    ------
    ConfigError
        As :func:`lab_words` does.
    """
    return "" if lab_words(paths).is_empty else paths.words.read_text(encoding="utf-8-sig")


def words_of(path: Path) -> LabWords:
    """Return the words of a file; none where it is not there.

    Raises
    ------
    ConfigError
        As :func:`lab_words` does.
    """
    if not path.is_file():
        return LabWords()
    there = path.stat()
    return _words(path, (there.st_mtime_ns, there.st_size, there.st_ino))


@lru_cache(maxsize=8)
def _words(path: Path, stamp: tuple[int, ...]) -> LabWords:
    try:
        return read_lab_words(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"'{path}' is not UTF-8: save it as UTF-8 text.") from error
    except OSError as error:
        raise ConfigError(f"'{path}' cannot be read: {error.strerror}.") from error
