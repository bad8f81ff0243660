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
EVENT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{event: event for event in EVENTS},
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
"""Event by each word for it, in lower case with underscores."""
