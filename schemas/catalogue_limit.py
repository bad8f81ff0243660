"""A limit of the catalogue with the key that it is looked up by: method, reagent lot, sex and age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.finding import Limit

RANGES: Mapping[str, tuple[str, str]] = {
    "soft": ("soft_low", "soft_high"),
    "hard": ("hard_low", "hard_high"),
    "measuring": ("lloq", "uloq"),
    "detection": ("lob", "lod"),
    "reference": ("reference_low", "reference_high"),
}
"""Limit names of the two ends of each kind of range in a catalogue file."""
SINGLE_LIMITS: Mapping[str, str] = {
    "haemolysis": "mg/dL",
    "rbc": "/uL",
    "freeze_thaw": "1",
    "least_dilution": "1",
    "hours_to_freezer": "h",
    "storage_days": "d",
    "cva": "percent",
    "cvi": "percent",
    "u_calibrator": "percent",
    "u_reference": "percent",
}
"""Unit of each limit that has one end; a value above it is too much, but for ``least_dilution``, which must be reached,
``cva`` and ``cvi``, which say how much results vary, and ``u_calibrator`` and ``u_reference``, which say how uncertain
assigned values are."""
VALUE_LIMITS: tuple[str, ...] = tuple(name for pair in RANGES.values() for name in pair)
"""Limits in the unit of the analyte; they convert with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLimit:
    """One limit with the key that it is looked up by."""

    limit: Limit
    """Name, number, unit, source and status; the unit is the canonical one of the matrix for ``VALUE_LIMITS``."""
    method: str = ""
    """Method id; empty means every method."""
    lot: str = ""
    """Reagent lot that it was found with; empty means every lot."""
    sex: str = ""
    """``female`` or ``male``; empty means both."""
    age_from: float | None = None
    """Youngest age in years, inclusive; None means from birth."""
    age_to: float | None = None
    """Oldest age in years, exclusive; None means without end."""

    @property
    def has_age(self) -> bool:
        """Tell whether the limit holds for a part of life only.

        Returns
        -------
        bool
            True if an end of an age band is stated.
        """
        return self.age_from is not None or self.age_to is not None

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, float]:
        """Tell how specific the limit is: method before lot before age before sex, then the narrower age band.

        Returns
        -------
        tuple
            Larger is more specific.
        """
        width = (self.age_to or 200.0) - (self.age_from or 0.0)
        return (bool(self.method), bool(self.lot), self.has_age, bool(self.sex), -width)

    def key_text(self, analyte: str, matrix: str) -> str:
        """Return the key of the limit in words.

        Parameters
        ----------
        analyte, matrix : str
            Ids of the entry that it stands in.

        Returns
        -------
        str
            ``ferritin, serum, every method, female, 18 to below 51 years``; what the limit does not ask for is named
            as ``every method``, ``both sexes``, ``every age``; a lot is named where it asks for one.
        """
        youngest = "birth" if self.age_from is None else f"{self.age_from:g}"
        oldest = "" if self.age_to is None else f" to below {self.age_to:g} years"
        age = (f"{youngest}{oldest}" if oldest else f"from {youngest} years") if self.has_age else "every age"
        method = f"method {self.method}" if self.method else "every method"
        lot = (f"lot {self.lot}",) if self.lot else ()
        return ", ".join((analyte, matrix, method, *lot, self.sex or "both sexes", age))

    def fits(self, method: str, age_years: float | None, sex: str, lot: str = "") -> bool:
        """Tell whether the limit may be used.

        Parameters
        ----------
        method : str
            Method id; empty if unknown.
        age_years : float or None
            Age in years; None if unknown.
        sex : str
            ``female``, ``male`` or empty if unknown.
        lot : str
            Reagent lot; empty if unknown.

        Returns
        -------
        bool
            An unknown method, lot, age or sex never fits a limit that asks for it.
        """
        if self.method not in ("", method) or self.sex not in ("", sex) or self.lot not in ("", lot):
            return False
        if not self.has_age:
            return True
        if age_years is None:
            return False
        return (self.age_from or 0.0) <= age_years and (self.age_to is None or age_years < self.age_to)
