"""An analyte as the catalogue knows it: names, units and limits for each matrix, every number with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.finding import Limit
from schemas.limit_unit import limit_in_unit
from schemas.method import Applicability, method_id

RANGES: Mapping[str, tuple[str, str]] = {
    "soft": ("soft_low", "soft_high"),
    "hard": ("hard_low", "hard_high"),
    "measuring": ("lloq", "uloq"),
    "reference": ("reference_low", "reference_high"),
}
"""Limit names of the two ends of each kind of range in a catalogue file."""
SINGLE_LIMITS: tuple[str, ...] = ("haemolysis", "rbc", "freeze_thaw")
"""Limits that have one end; a value above it is too much."""
VALUE_LIMITS: tuple[str, ...] = tuple(name for pair in RANGES.values() for name in pair)
"""Limits in the unit of the analyte; they convert with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLimit:
    """One limit with the key that it is looked up by."""

    limit: Limit
    """Name, number, unit, source and status; the unit is the canonical one of the matrix for ``VALUE_LIMITS``."""
    method: str = ""
    """Method id; empty means every method."""
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
    def rank(self) -> tuple[bool, bool, bool, float]:
        """Tell how specific the limit is: method before age before sex, then the narrower age band.

        Returns
        -------
        tuple
            Larger is more specific.
        """
        width = (self.age_to or 200.0) - (self.age_from or 0.0)
        return (bool(self.method), self.has_age, bool(self.sex), -width)

    def fits(self, method: str, age_years: float | None, sex: str) -> bool:
        """Tell whether the limit may be used.

        Parameters
        ----------
        method : str
            Method id; empty if unknown.
        age_years : float or None
            Age in years; None if unknown.
        sex : str
            ``female``, ``male`` or empty if unknown.

        Returns
        -------
        bool
            An unknown method, age or sex never fits a limit that asks for it.
        """
        if self.method not in ("", method) or self.sex not in ("", sex):
            return False
        if not self.has_age:
            return True
        if age_years is None:
            return False
        return (self.age_from or 0.0) <= age_years and (self.age_to is None or age_years < self.age_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSet:
    """The limits that hold for one result, most specific first, in one unit."""

    unit: str
    """UCUM code of every limit on the value."""
    decimals: int
    """Digits behind the point that the laboratory reports in the canonical unit."""
    applicable: bool
    """False if this analyte must not be measured so in this matrix."""
    applicable_sentence: str
    """Why not; empty if applicable."""
    soft_low: Limit | None = None
    """Below it a person looks."""
    soft_high: Limit | None = None
    """Above it a person looks."""
    hard_low: Limit | None = None
    """Below it the value cannot be true."""
    hard_high: Limit | None = None
    """Above it the value cannot be true."""
    lloq: Limit | None = None
    """Lower limit of quantification of the method."""
    uloq: Limit | None = None
    """Upper limit of quantification of the method."""
    reference_low: Limit | None = None
    """Lower reference limit for healthy people of this age and sex."""
    reference_high: Limit | None = None
    """Upper reference limit for healthy people of this age and sex."""
    haemolysis: Limit | None = None
    """Most free haemoglobin, in mg/dL."""
    rbc: Limit | None = None
    """Most red cells in CSF, per uL."""
    freeze_thaw: Limit | None = None
    """Most freeze-thaw cycles, without unit."""

    def get(self, name: str) -> Limit | None:
        """Return a limit by its name.

        Parameters
        ----------
        name : str
            Name of a field, such as ``soft_low``.

        Returns
        -------
        Limit or None
            None if nobody stated it.
        """
        limit: Limit | None = getattr(self, name)
        return limit


@dataclass(frozen=True, slots=True, kw_only=True)
class LoincCode:
    """A LOINC code and how far it is confirmed."""

    code: str
    """Code with its check digit: ``2498-4``."""
    source: str
    """Where the code was read."""
    status: str
    """``confirmed``, ``unconfirmed`` or ``proposed``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixEntry:
    """One analyte in one matrix."""

    analyte: str
    """Analyte id."""
    matrix: str
    """Matrix id."""
    unit: str
    """Canonical unit, as UCUM code."""
    units: tuple[str, ...]
    """UCUM codes that are accepted, the canonical one first."""
    decimals: Limit
    """Digits behind the point that are reported in the canonical unit."""
    limits: tuple[CatalogueLimit, ...]
    """Every limit, in the order of the file."""
    applicability: Applicability
    """Which methods may be used."""
    molar_mass: Limit | None = None
    """Molar mass in g/mol; None if the catalogue states none."""
    unit_means: Mapping[str, str] = field(default_factory=dict)
    """UCUM code that a laboratory means by another one, by the code that it writes."""
    loinc: tuple[LoincCode, ...] = ()
    """LOINC codes."""
    refused_tubes: tuple[str, ...] = ()
    """Tubes that must not be used, in lower case."""
    notes: tuple[str, ...] = ()
    """What a person should know."""

    def limit_set(self, method: str = "", *, unit: str = "", age: float | None = None, sex: str = "") -> LimitSet:
        """Return the limits for one method, age and sex, each the most specific that fits.

        Parameters
        ----------
        method : str
            Method, as written or as id; empty if unknown.
        unit : str
            UCUM code to give the limits in; empty means the canonical one.
        age : float, optional
            Age in years; None if unknown.
        sex : str
            ``female``, ``male`` or empty if unknown.

        Returns
        -------
        LimitSet
            A limit that nobody stated is None; nothing is filled in.

        Raises
        ------
        ValueError
            If ``unit`` does not convert to the canonical one.
        """
        best: dict[str, CatalogueLimit] = {}
        known_method = method_id(method)
        for row in self.limits:
            known = best.get(row.limit.name)
            if row.fits(known_method, age, sex) and (known is None or row.rank > known.rank):
                best[row.limit.name] = row
        sentence = self.applicability.sentence_for(method)
        to_unit = unit or self.unit
        chosen = {name: self._in_unit(row.limit, to_unit) for name, row in best.items()}
        return LimitSet(
            unit=to_unit,
            decimals=int(self.decimals.value),
            applicable=not sentence,
            applicable_sentence=sentence,
            **chosen,
        )

    def _in_unit(self, limit: Limit, unit: str) -> Limit:
        if limit.name not in VALUE_LIMITS or unit == limit.unit:
            return limit
        return limit_in_unit(limit, unit, self.molar_mass)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyte:
    """What is measured."""

    id: str
    """Id: ``tnf_alpha``."""
    name: str
    """Name that people read: ``TNF-alpha``."""
    synonyms: tuple[str, ...]
    """Other names that laboratories write."""
    matrices: Mapping[str, MatrixEntry]
    """Entry by matrix id."""
