"""Dates and times as laboratories write them; one that can be read two ways is refused."""

from __future__ import annotations

import re
from datetime import datetime

_YEAR_FIRST = re.compile(r"\A(\d{4})[/.](\d{2})[/.](\d{2})(?!\d)")
_DAY = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?\Z")


def time_of(text: str) -> tuple[datetime | None, str]:
    """Read a time, or say why not.

    Parameters
    ----------
    text : str
        Date, or date with a time of day, stripped.

    Returns
    -------
    tuple of datetime or None and str
        Time and an empty sentence, or None and what is wrong.

    Examples
    --------
    >>> time_of("01/02/2024")[1]
    "Date '01/02/2024' can be read two ways; write it as 2024-02-01 or 2024-01-02."
    """
    text = _YEAR_FIRST.sub(r"\1-\2-\3", text)
    day = _DAY.match(text)
    if day:
        return _day_of(text, day)
    try:
        time = datetime.fromisoformat(text) if len(text) >= len("2024-01-01") and "-" in text else None
    except ValueError:
        time = None
    if time is None:
        return None, f"'{text}' is not a date; expected a form like 2024-03-31 or 2024-03-31 08:15."
    if time.tzinfo is not None:
        return None, f"Time '{text}' names a time zone; expected local time of the laboratory without a zone."
    return time, ""


def _day_of(text: str, match: re.Match[str]) -> tuple[datetime | None, str]:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    clock = (int(match[5] or 0), int(match[6] or 0), int(match[7] or 0))
    is_doubtful = match[2] == "/" and first <= 12 and second <= 12 and first != second
    if is_doubtful:
        ways = f"{year}-{second:02d}-{first:02d} or {year}-{first:02d}-{second:02d}"
        return None, f"Date '{text}' can be read two ways; write it as {ways}."
    day, month = (second, first) if match[2] == "/" and second > 12 else (first, second)
    try:
        return datetime(year, month, day, *clock), ""  # noqa: DTZ001
    except ValueError:
        return None, f"'{text}' is not a date of the calendar; expected a form like 2024-03-31."
