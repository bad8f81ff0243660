"""Events in the life of a method, and which of them begin the counting of controls anew."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RECALIBRATION = "recalibration"
"""The method was calibrated anew."""
NEW_REAGENT_LOT = "new_reagent_lot"
"""Another lot of reagent came into use."""
MAINTENANCE = "maintenance"
"""The instrument was serviced or repaired."""
NOTE = "note"
"""Something worth recording that changes nothing."""

RESETTING = frozenset({RECALIBRATION, NEW_REAGENT_LOT, MAINTENANCE})
"""Events after which rows of controls (4-1s, 10-x and kin) begin anew."""
EVENTS = (RECALIBRATION, NEW_REAGENT_LOT, MAINTENANCE, NOTE)
"""Every known event."""
_SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "calibration": RECALIBRATION,
        "recal": RECALIBRATION,
        "new_calibration": RECALIBRATION,
        "reagent_lot": NEW_REAGENT_LOT,
        "new_reagent": NEW_REAGENT_LOT,
        "reagent_lot_change": NEW_REAGENT_LOT,
        "service": MAINTENANCE,
        "repair": MAINTENANCE,
        "comment": NOTE,
    }
)


def event_named(text: str) -> str | None:
    """Return the event that a laboratory means.

    Parameters
    ----------
    text : str
        Word as written; case, spaces and hyphens do not count.

    Returns
    -------
    str or None
        One of ``EVENTS``; None if it is not known.

    Examples
    --------
    >>> event_named("New reagent lot"), event_named("Service"), event_named("party")
    ('new_reagent_lot', 'maintenance', None)
    """
    word = "_".join(text.strip().casefold().replace("-", " ").replace("_", " ").split())
    return word if word in EVENTS else _SYNONYMS.get(word)
