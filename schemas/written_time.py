"""Dates and times as laboratories write them; one that can be read two ways is refused."""

from __future__ import annotations

import calendar
import re
from datetime import datetime

_YEAR_FIRST = re.compile(r"\A(\d{4})[/.](\d{2})[/.](\d{2})(?!\d)")
_DAY = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?\Z")

_MONTH = re.compile(r"(?:(?P<year>\d{4})[-/.](?P<month>\d{1,2})|(?P<before>\d{1,2})[-/.](?P<after>\d{4}))\Z")
"""A year and a month, in either order: until the last day of the month."""


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


def last_day_of(text: str) -> tuple[datetime | None, str]:
    """Read until when something may be used, or say why not.

    Parameters
    ----------
    text : str
        Date, date with a time of day, or month with its year, stripped.

    Returns
    -------
    tuple of datetime or None and str
        Last day and an empty sentence, or None and what is wrong. A month means its last day (ISO 15223-1).

    Examples
    --------
    >>> last_day_of("02/2024")
    (datetime.datetime(2024, 2, 29, 0, 0), '')
    """
    match = _MONTH.match(text)
    if match is None:
        return time_of(text)
    year, month = int(match["year"] or match["after"]), int(match["month"] or match["before"])
    if not 1 <= month <= 12:
        return None, f"'{text}' is not a month of the calendar; expected a form like 2024-03 or 2024-03-31."
    return datetime(year, month, calendar.monthrange(year, month)[1]), ""  # noqa: DTZ001 - local time
