"""What the catalogue says of an analyte, as JSON values: names, exact factors, every limit with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from schemas.json_model import JsonFacet, JsonModel
from schemas.ucum import factor_between

if TYPE_CHECKING:
    from fractions import Fraction

    from schemas.analyte import Analyte, LoincCode, MatrixEntry
    from schemas.catalogue import Catalogue
    from schemas.finding import Limit
    from schemas.method import Method
    from schemas.relation import Relation


@dataclass(frozen=True, slots=True)
class MatrixLine(JsonModel):
    """One matrix of an analyte, in short."""

    unit: str
    """Canonical unit."""
    n_limits: int
    """Limits."""


@dataclass(frozen=True, slots=True)
class AnalyteLine(JsonModel):
    """One analyte, in short."""

    id: str
    """Id."""
    name: str
    """Name."""
    synonyms: tuple[str, ...]
    """Other names."""
    matrices: dict[str, MatrixLine]
    """Matrices that it is measured in."""


@dataclass(frozen=True, slots=True)
class CatalogueView(JsonModel):
    """The list of analytes."""

    sha256: str
    """Hash of the content."""
    analytes: list[AnalyteLine]
    """Analytes."""


@dataclass(frozen=True, slots=True)
class KeyedLimit(JsonModel):
    """One limit with the key that it is looked up by."""

    json_keys = "*limit method lot sex age_from age_to holds_for"

    limit: Limit
    """The limit."""
    method: str
    """Method that it holds for; empty for every one."""
    lot: str
    """Reagent lot that it holds for; empty for every one."""
    sex: Annotated[str, JsonFacet("enum", ("", "female", "male"))]
    """Sex that it holds for; empty for both."""
    age_from: float | None
    """Age from which on it holds, in years; None for every one."""
    age_to: float | None
    """Age up to which it holds, in years; None for every one."""
    holds_for: str
    """The key in words."""


@dataclass(frozen=True, slots=True)
class UnitView(JsonModel):
    """One unit with its exact factor."""

    code: str
    """UCUM code."""
    factor: str | None
    """Exact factor to the canonical unit, decimal or a ratio; None if it depends on a molar mass that is not known."""
    to: str
    """Canonical unit."""


@dataclass(frozen=True, slots=True)
class RefusedTubes(JsonModel):
    """Tubes that the analyte must not come from."""

    tubes: tuple[str, ...]
    """Tubes."""
    source: str
    """Where that is from."""
    status: str
    """How sure it is."""


@dataclass(frozen=True, slots=True)
class ApplicabilityView(JsonModel):
    """Which methods fit the analyte in the matrix."""

    only: tuple[str, ...]
    """Methods that alone fit; empty if no method is named."""
    never: tuple[str, ...]
    """Methods that do not fit."""
    sentence: str
    """Why."""
    source: str
    """Where that is from."""
    status: str
    """How sure it is; empty without a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixView(JsonModel):
    """Everything that is known of an analyte in one matrix."""

    unit: str
    """Canonical unit."""
    units: list[UnitView]
    """Units that laboratories write, with exact factors."""
    unit_means: Mapping[str, str]
    """What an ambiguous unit means here."""
    decimals: Limit
    """Decimals that are reported."""
    loinc: tuple[LoincCode, ...]
    """LOINC codes."""
    refused_tubes: RefusedTubes
    """Tubes that it must not come from."""
    applicability: ApplicabilityView
    """Methods that fit."""
    notes: tuple[str, ...]
    """Notes."""
    limits: list[KeyedLimit]
    """Every limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyteView(JsonModel):
    """Everything that is known of an analyte."""

    id: str
    """Id."""
    name: str
    """Name."""
    synonyms: tuple[str, ...]
    """Other names."""
    molar_mass: Limit | None
    """Molar mass; None if none is known."""
    methods: list[Method]
    """Methods that measure it."""
    relations: list[Relation]
    """What it has to do with other analytes."""
    matrices: dict[str, MatrixView]
    """By matrix."""


def catalogue_view(catalogue: Catalogue) -> CatalogueView:
    """Return the list of analytes.

    Parameters
    ----------
    catalogue : Catalogue
        Shipped analytes, or those of a lab over them.

    Returns
    -------
    CatalogueView
        Names, and by matrix the unit and the number of limits.
    """
    return CatalogueView(
        catalogue.sha256,
        [
            AnalyteLine(
                analyte.id,
                analyte.name,
                analyte.synonyms,
                {matrix: MatrixLine(entry.unit, len(entry.limits)) for matrix, entry in analyte.matrices.items()},
            )
            for analyte in catalogue.analytes.values()
        ],
    )


def analyte_view(analyte: Analyte) -> AnalyteView:
    """Return everything that is known of an analyte.

    Parameters
    ----------
    analyte : Analyte
        Analyte with its matrices and limits.

    Returns
    -------
    AnalyteView
        Names, molar mass, methods, relations, and by matrix the units with exact factors, LOINC codes, tubes, notes,
        applicability and every limit with its key, source and status.
    """
    return AnalyteView(
        id=analyte.id,
        name=analyte.name,
        synonyms=analyte.synonyms,
        molar_mass=next(iter(analyte.matrices.values())).molar_mass,
        methods=list(analyte.methods.values()),
        relations=list(analyte.relations),
        matrices={matrix: _matrix(entry) for matrix, entry in analyte.matrices.items()},
    )


def _matrix(entry: MatrixEntry) -> MatrixView:
    allowed = entry.applicability
    status = allowed.status if allowed.sentence else ""
    return MatrixView(
        unit=entry.unit,
        units=[_unit(code, entry) for code in entry.units],
        unit_means=entry.unit_means,
        decimals=entry.decimals,
        loinc=entry.loinc,
        refused_tubes=RefusedTubes(entry.refused_tubes, entry.refused_tubes_source, entry.refused_tubes_status),
        applicability=ApplicabilityView(allowed.only, allowed.never, allowed.sentence, allowed.source, status),
        notes=entry.notes,
        limits=[
            KeyedLimit(
                row.limit,
                row.method,
                row.lot,
                row.sex,
                row.age_from,
                row.age_to,
                row.key_text(entry.analyte, entry.matrix),
            )
            for row in entry.limits
        ],
    )


def _unit(code: str, entry: MatrixEntry) -> UnitView:
    factor = factor_between(code, entry.unit, entry.molar_mass.value if entry.molar_mass else None)
    return UnitView(code, factor_text(factor) if factor else None, entry.unit)


def factor_text(factor: Fraction) -> str:
    """Return an exact factor as a decimal number where it ends, else as a ratio of whole numbers.

    Parameters
    ----------
    factor : Fraction
        Exact factor between two units.

    Returns
    -------
    str
        ``0.001`` or ``200/11169``; exact either way.

    Examples
    --------
    >>> from fractions import Fraction
    >>> factor_text(Fraction(1, 1000)), factor_text(Fraction(11169, 2000)), factor_text(Fraction(2, 3))
    ('0.001', '5.5845', '2/3')
    """
    rest, digits = factor.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest, power = rest // prime, power + 1
        digits = max(digits, power)
    if rest != 1:
        return str(factor)
    quotient, part = divmod(factor.numerator * 10**digits // factor.denominator, 10**digits)
    return f"{quotient}.{part:0{digits}d}" if digits else str(quotient)
