"""Whether a disk was full: told as that, whichever library was the first to notice."""

from __future__ import annotations

import errno
from collections.abc import Iterator

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


def _is_of_a_store(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in {"duckdb", "_duckdb", "sqlite3", "sqlalchemy"}


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
