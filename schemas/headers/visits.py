"""Visits in the titles of columns: ``TNF month 3``, ``Visit 1 HR``, ``glucose PRE``."""

from __future__ import annotations

import re

_NUMBERED = re.compile(
    r"(?:^|[\s_\-,;(])((?:visit|visite|month|monat|mo|week|woche|wk|day|tag|hour|stunde|timepoint|zeitpunkt|time|fu|v|m|w|d|t)"
    r"[\s_\-.]*)(\d{1,3})(?=$|[\s_\-,;)])",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:^|[\s_\-,;(])(baseline|bl|screening|admission|aufnahme|pre|post|before|after|vorher|nachher|start|end)"
    r"(?=$|[\s_\-,;)])",
    re.IGNORECASE,
)
_JOINED = re.compile(r"((?:day|tag|month|monat|visit|week))(\d{1,3})(?=[a-z])", re.IGNORECASE)
_COUNTED = frozenset({"visit", "visite", "month", "monat", "mo", "timepoint", "zeitpunkt", "v", "m", "t"})
"""Words before a number that a plan of visits leaves out."""


def parted_visit(title: str) -> tuple[str, str]:
    """Part a title into what was measured and the visit.

    Parameters
    ----------
    title : str
        Title of a column as the file writes it.

    Returns
    -------
    tuple of str and str
        Title without the visit, and the visit; the title as it is and no visit where it names none, or nothing else.

    Examples
    --------
    >>> parted_visit("TNF month 3"), parted_visit("DAY2GFR"), parted_visit("glucose PRE"), parted_visit("Visit 1")
    (('TNF', '3'), ('GFR', 'day 2'), ('glucose', 'pre'), ('Visit 1', ''))
    """
    written = _JOINED.sub(r"\1 \2 ", title)
    found = _NUMBERED.search(written) or _NAMED.search(written)
    if found is None:
        return title, ""
    rest = " ".join((written[: found.start()] + " " + written[found.end() :]).strip(" _-,;()`\u00b4'*").split())
    word = found[1].strip(" _-.").casefold()
    visit = word if found.re is _NAMED else found[2] if word in _COUNTED else f"{word} {found[2]}"
    return (rest, visit) if rest else (title, "")
