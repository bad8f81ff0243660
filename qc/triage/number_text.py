"""Numbers and times in words, as every screen writes them."""

from __future__ import annotations

from datetime import datetime


def reported(value: float | None, unit: str, censor: str, censor_limit: float | None, text: str, decimals: int) -> str:
    """Write a result as it would be reported.

    Parameters
    ----------
    value : float or None
        Number in ``unit``; None if there is none.
    censor : str
        ``<``, ``>`` or empty.
    censor_limit : float or None
        Limit of a censored result, in ``unit``.
    text : str
        As it was written by the instrument.

    Returns
    -------
    str
        Such as ``58.6 ng/mL`` or ``>51200 pg/mL``.
    """
    if censor:
        return f"{censor}{censor_limit:.{decimals}f} {unit}" if censor_limit is not None else f"{censor}? {unit}"
    return f"{value:.{decimals}f} {unit}" if value is not None else (f"'{text}'" if text else "no number")


def waited(since: datetime, now: datetime) -> str:
    """Write how long something has waited, in two or three letters.

    Returns
    -------
    str
        Such as ``5m``, ``3h`` or ``12d``.
    """
    seconds = max(0.0, (now.replace(tzinfo=None) - since.replace(tzinfo=None)).total_seconds())
    if seconds < 3600:
        return f"{seconds // 60:.0f}m"
    return f"{seconds // 3600:.0f}h" if seconds < 48 * 3600 else f"{seconds // 86400:.0f}d"
