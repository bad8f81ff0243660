"""An analyte as the catalogue knows it: names, units and limits for each matrix, every number with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from schemas.catalogue_limit import VALUE_LIMITS, CatalogueLimit
from schemas.finding import Limit, Status
from schemas.json_model import JsonModel
from schemas.limit_unit import limit_in_unit
from schemas.method import Applicability, Method, method_id
from schemas.relation import Relation
from schemas.toml_table import Text, TomlTable


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
    lob: Limit | None = None
    """Limit of blank of the method: 95 of 100 results without analyte lie at or below it."""
    lod: Limit | None = None
    """Limit of detection of the method."""
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
    least_dilution: Limit | None = None
    """Dilution that a sample needs at least before it is measured, without unit."""
    hours_to_freezer: Limit | None = None
    """Longest time from collection to freezing, in hours."""
    storage_days: Limit | None = None
    """Longest time in the freezer, in days."""
    cva: Limit | None = None
    """Analytical variation, as coefficient of variation in percent."""
    cvi: Limit | None = None
    """Variation within one person, as coefficient of variation in percent."""
    u_calibrator: Limit | None = None
    """Relative standard uncertainty of the values assigned to the calibrators, in percent."""
    u_reference: Limit | None = None
    """The same of the values that a bias was found against: control lots, reference materials, in percent."""

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
class LoincCode(TomlTable, JsonModel):
    """A LOINC code and how far it is confirmed."""

    json_keys = "code source status"

    code: Text
    """Code with its check digit: ``2498-4``."""
    source: Text
    """Where the code was read."""
    status: Status
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
    refused_tubes_source: str = ""
    """Where that comes from; empty if there are none."""
    refused_tubes_status: str = ""
    """``confirmed``, ``unconfirmed`` or ``proposed``; empty if there are none."""
    notes: tuple[str, ...] = ()
    """What a person should know."""
    methods: Mapping[str, Method] = field(default_factory=dict)
    """Methods of the analyte by id, for every matrix."""

    def refusal_of(self, method: str) -> str:
        """Return why a method must not be used in this matrix, or an empty text if it may.

        Parameters
        ----------
        method : str
            Method, as written or as id; empty if unknown.

        Returns
        -------
        str
            Full sentence, or empty. A method that the catalogue does not know is refused only where it names those
            that may be used.
        """
        refusal = self.applicability.sentence_for(method)
        known = self.methods.get(method_id(method))
        if refusal or known is None or self.matrix in known.matrices:
            return refusal
        stated = ", ".join(known.matrices)
        return f"Method '{known.id}' of {self.analyte} is stated for {stated} and not for {self.matrix}."

    def limit_set(
        self, method: str = "", *, unit: str = "", age: float | None = None, sex: str = "", lot: str = ""
    ) -> LimitSet:
        """Return the limits for one method, reagent lot, age and sex, each the most specific that fits.

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
        lot : str
            Reagent lot; empty if unknown.

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
            if row.fits(known_method, age, sex, lot) and (known is None or row.rank > known.rank):
                best[row.limit.name] = row
        sentence = self.refusal_of(method)
        to_unit = unit or self.unit
        chosen = {
            name: replace(self._in_unit(row.limit, to_unit), holds_for=row.key_text(self.analyte, self.matrix))
            for name, row in best.items()
        }
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
    methods: Mapping[str, Method] = field(default_factory=dict)
    """Methods by id."""
    relations: tuple[Relation, ...] = ()
    """What it says about other analytes."""
