"""One text for one value: canonical JSON, and SHA-256 over it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

_CHUNK_BYTES = 1 << 20


def canonical_json(value: object) -> str:
    """Return the one JSON text of a value: keys sorted, no spaces, nothing escaped that need not be.

    Parameters
    ----------
    value : object
        Mappings with text keys, sequences, text, numbers, booleans, None, dates and datetimes. A float is written by
        ``repr``; a datetime in UTC with microseconds and ``Z``, where a naive one is taken as UTC.

    Returns
    -------
    str
        Text that is the same for equal values, on every machine.

    Raises
    ------
    ValueError
        If the value holds NaN, an infinity, text that is no Unicode, a key that is no text, or a type without a form.

    Examples
    --------
    >>> canonical_json({"b": 1.50, "a": [True, None, "µg"]})
    '{"a":[true,null,"µg"],"b":1.5}'
    """
    try:
        text = _ENCODER.encode(value if _is_plain(value) else _plain(value))
    except ValueError:
        _plain(value)  # says which number has no JSON
        raise
    text.encode("utf-8")  # a lone surrogate is no text: UnicodeEncodeError is a ValueError
    return text


def sha256_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        64 hexadecimal digits, lower case.
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file, which must never be the facts file.

    Parameters
    ----------
    path : Path
        File to read.

    Returns
    -------
    str
        64 hexadecimal digits, lower case.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def utc_text(at: datetime) -> str:
    """Return a moment as text of fixed width: ``2026-03-01T08:15:00.000000Z``.

    Parameters
    ----------
    at : datetime
        Moment; a naive one is taken as UTC.

    Returns
    -------
    str
        Text that sorts as the moments do.
    """
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return aware.isoformat(timespec="microseconds").replace("+00:00", "Z")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_EXACT = frozenset({str, int, float, bool, type(None)})
"""Types that JSON has; nearly all there is to write, so that they are asked for first."""
_ONLY_TEXT = frozenset({str})


def _is_plain(value: object) -> bool:
    # Most of what is written is plain already: it is not built a second time.
    kind = type(value)
    if kind is dict:
        keyed = cast(dict[object, object], value)
        return _ONLY_TEXT.issuperset(map(type, keyed)) and _are_plain(keyed.values())
    return _are_plain(cast(list[object], value)) if kind is list or kind is tuple else kind in _EXACT


def _are_plain(entries: Collection[object]) -> bool:
    return _EXACT.issuperset(map(type, entries)) or all(_is_plain(one) for one in entries if type(one) not in _EXACT)


def _plain(value: object) -> Any:  # Any: a tree of whatever JSON knows
    kind = type(value)
    if kind is float:
        return _finite(cast(float, value))
    if kind in _EXACT:
        return value
    if kind is dict:
        return {_key(key): _plain(entry) for key, entry in cast(dict[object, object], value).items()}
    if kind is list or kind is tuple:
        return [_plain(entry) for entry in cast(list[object], value)]
    return _plain_of_subclass(value)


def _plain_of_subclass(value: object) -> Any:  # Any: as above
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_key(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [_plain(entry) for entry in value]
    raise ValueError(f"A value of type '{type(value).__name__}' has no canonical JSON.")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"Number '{value}' has no JSON: only finite numbers have.")
    return float(value)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise ValueError(f"Key '{key}' is not a text: JSON has only text keys.")
    return str(key)
