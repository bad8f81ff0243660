"""Reagents that a file says had expired before its run began."""

from __future__ import annotations

from datetime import datetime

from schemas.result_marks import EXPIRED


def expiry_mark(expires: datetime | None, began: datetime | None) -> str:
    """Return the mark of a result whose reagents had expired.

    Parameters
    ----------
    expires : datetime or None
        Last day on which they may be used; None if the file gives none.
    began : datetime or None
        When the run began; None if that is not known: then nothing can be said.

    Returns
    -------
    str
        Mark; empty where they had not expired on the day of the run. Rule ``reagents.expiry`` reads it.

    Examples
    --------
    >>> expiry_mark(datetime(2025, 4, 30), datetime(2025, 5, 5, 9))
    'reagents expired on 2025-04-30 and the run began on 2025-05-05'
    >>> expiry_mark(datetime(2025, 5, 5), datetime(2025, 5, 5, 9))
    ''
    """
    if expires is None or began is None or expires.date() >= began.date():
        return ""
    return f"{EXPIRED} {expires:%Y-%m-%d} and the run began on {began:%Y-%m-%d}"
