"""Words that lines of several screens share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any  # Any: JSON values of a twin

ScreenJson = Mapping[str, Any]
"""What a screen shows, as JSON values."""


def numbered(rows: Sequence[ScreenJson], n_in_all: int = 0) -> Iterator[tuple[str, ScreenJson]]:
    """Return rows with their place among all: ``3 of 28``."""
    n = max(n_in_all, len(rows))
    return ((f"{at:,} of {n:,}", row) for at, row in enumerate(rows, start=1))


def limit_words(limit: ScreenJson) -> str:
    """Return a limit with unit, status and source."""
    value = f"{limit['value']:g}" if isinstance(limit["value"], float) else str(limit["value"])
    unit = f" {limit['unit']}" if limit["unit"] not in ("", "1") else ""
    return f"{str(limit['name']).replace('_', ' ')} {value}{unit}, {limit['status']}, source: {limit['source']}"
