"""Whether a disk was full: told as that, whichever library was the first to notice."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from qc.store.read_only import is_read_only

_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_WORDS = ("no space left", "disk is full", "disk quota exceeded", "file too large")
"""What DuckDB and SQLite say of it; neither has a class of its own for it."""


def is_disk_full(error: BaseException) -> bool:
    """Tell whether an error, or one that it came from, says that there is no space left."""
    return any(_says_so(one) for one in _causes(error))


def _says_so(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _ERRNOS:
        return True
    return any(word in str(error).casefold() for word in _WORDS) and _is_of_a_store(error)


def with_cause(error: sqlite3.Error, path: Path) -> Exception:
    """Return why a store cannot be used: SQLite calls a disk that has no room for its log an error of the disk."""
    is_full = not is_read_only(path) and shutil.disk_usage(path.parent).free < _LEAST_BYTES
    return OSError(errno.ENOSPC, "no space left on the disk") if is_full else error


_LEAST_BYTES = 65_536  # the smallest memory that SQLite shares between processes lies in a file of 32 KiB


def _is_of_a_store(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in {"duckdb", "_duckdb", "sqlite3", "sqlalchemy"}


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
