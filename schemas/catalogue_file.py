"""What may stand in a catalogue file: one analyte, table by table, as a laboratory writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Ge, MinLen

from schemas.analyte import LoincCode
from schemas.catalogue_limit import RANGES, SINGLE_LIMITS
from schemas.finding import Status
from schemas.method import Applicability, StatedMethod, method_id
from schemas.toml_table import Checked, Says, Text, TomlTable, Tree
from schemas.ucum import UNITS


def _ucum_code(code: str, before: Tree) -> str:
    if code not in UNITS:
        raise ValueError(f"Unit '{code}' is not a UCUM code of the table.")
    return code


def _range_name(name: str, before: Tree) -> str:
    if name not in RANGES:
        raise ValueError(f"Range '{name}' is not known. Known ranges: {', '.join(RANGES)}.")
    return name


def _limit_name(name: str, before: Tree) -> str:
    if name not in SINGLE_LIMITS:
        raise ValueError(f"Limit '{name}' is not known. Known limits: {', '.join(SINGLE_LIMITS)}.")
    return name


def _above_low(high: float | None, before: Tree) -> float | None:
    low = before.get("low")
    if "low" in before and low is high is None:
        raise ValueError("It has neither 'low' nor 'high'.")
    if low is not None and high is not None and low >= high:
        raise ValueError(f"Its low end '{low}' is not below its high end '{high}'.")
    return high


def _above_age_from(age_to: float | None, before: Tree) -> float | None:
    age_from = before.get("age_from")
    if age_from is not None and age_to is not None and age_from >= age_to:
        raise ValueError(f"Age '{age_from}' to '{age_to}' is reversed or empty.")
    return age_to


def _unit_of_limit(unit: str, before: Tree) -> str:
    expected = SINGLE_LIMITS.get(before.get("name", ""), unit)
    if unit != expected:
        raise ValueError(f"Unit '{unit}' is not '{expected}', in which this limit is stated.")
    return unit


def _unit_of_factor(unit: str, before: Tree) -> str:
    if before.get("factor") is not None and not unit.strip():
        raise ValueError("Key 'unit' is missing or empty; a text was expected.")
    return unit


def _molar_mass(mass: Number | None, before: Tree) -> Number | None:
    if mass is not None and (mass.value <= 0 or mass.unit != "g/mol"):
        raise ValueError(f"The molar mass is '{mass.value} {mass.unit}'; a number above 0 in g/mol was expected.")
    return mass


def _decimals(decimals: Number, before: Tree) -> Number:
    if decimals.value not in range(13):
        raise ValueError(f"Key 'decimals' is '{decimals.value}'; a whole number from 0 to 12 was expected.")
    return decimals


def _methods(methods: Mapping[str, StatedMethod], before: Tree) -> Mapping[str, StatedMethod]:
    odd = [name for name in methods if name != method_id(name)]
    if odd:
        raise ValueError(" ".join(f"The id of method '{name}' must be written '{method_id(name)}'." for name in odd))
    return methods


Unit = Annotated[Text, Checked(_ucum_code)]
"""A UCUM code of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(TomlTable):
    """One number with its unit and source."""

    value: float
    """The number, in ``unit``."""
    unit: Text
    """Unit of the number."""
    source: Text
    """Where it comes from."""
    status: Status
    """How far it may be trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedRow(TomlTable):
    """The key that a limit is looked up by; see ``CatalogueLimit``."""

    source: Text
    """Where it comes from."""
    status: Status
    """How far it may be trusted."""
    method: str = ""
    """Method as written; empty for all."""
    lot: str = ""
    """Reagent lot; empty for all."""
    sex: Literal["", "female", "male"] = ""
    """Sex; empty for both."""
    age_from: float | None = None
    """Youngest age in years."""
    age_to: Annotated[float | None, Checked(_above_age_from)] = None
    """Age in years that it no longer holds for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeRow(KeyedRow):
    """A row of ``ranges``."""

    name: Annotated[str, Checked(_range_name)]
    """Which range."""
    low: float | None = None
    """Low end, in ``unit``."""
    high: Annotated[float | None, Checked(_above_low)] = None
    """High end, in ``unit``."""
    unit: Unit
    """Unit of both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow(KeyedRow):
    """A row of ``limits``."""

    name: Annotated[str, Checked(_limit_name)]
    """Which limit."""
    value: Annotated[float, Ge(0)]
    """The number, in ``unit``."""
    unit: Annotated[Text, Checked(_unit_of_limit)]
    """Unit, which is given by the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicabilityTable(Applicability):
    """The table ``applicability``: whoever rules methods out says why."""

    sentence: Text = field()
    """Why."""
    source: Text = field()
    """Where it comes from."""
    status: Status = field()
    """How far it may be trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tubes(TomlTable):
    """The table ``tubes``."""

    refused: tuple[str, ...] = ()
    """Tubes that must not be used."""
    source: Text
    """Where it comes from."""
    status: Status
    """How far it may be trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRow(TomlTable):
    """A row of ``relations``; see ``Relation``."""

    other: Text
    """Id of the other analyte."""
    matrix: str = ""
    """Matrix of both; empty if it holds between matrices."""
    sentence: Text
    """What must hold, in words."""
    rule: str = ""
    """Id of the rule that judges it."""
    factor: float | None = None
    """Constant that it rests on, in ``unit``."""
    unit: Annotated[str, Checked(_unit_of_factor)] = ""
    """Unit of the factor."""
    source: Text
    """Where it comes from."""
    status: Status
    """How far it may be trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixTable(TomlTable):
    """A table of ``matrices``; see ``MatrixEntry``."""

    unit: Unit
    """Canonical unit."""
    units: tuple[Unit, ...] = ()
    """Units that are accepted."""
    unit_means: Mapping[Unit, Unit] = field(default_factory=dict)
    """Unit that a laboratory means by another one."""
    decimals: Annotated[Number, Checked(_decimals)]
    """Digits behind the point."""
    loinc: tuple[LoincCode, ...] = ()
    """LOINC codes."""
    tubes: Tubes | None = None
    """Tubes that must not be used."""
    notes: tuple[str, ...] = ()
    """What a person should know."""
    applicability: ApplicabilityTable | None = None
    """Which methods may be used."""
    ranges: tuple[RangeRow, ...] = ()
    """Limits with two ends."""
    limits: tuple[LimitRow, ...] = ()
    """Limits with one end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyteFile(TomlTable):
    """A catalogue file; see ``Analyte``."""

    id: Text
    """Id."""
    name: Text
    """Name that people read."""
    synonyms: tuple[str, ...] = ()
    """Other names that laboratories write."""
    molar_mass: Annotated[Number | None, Checked(_molar_mass)] = None
    """Molar mass in g/mol."""
    methods: Annotated[Mapping[str, StatedMethod], Checked(_methods)] = field(default_factory=dict)
    """Methods by id."""
    relations: tuple[RelationRow, ...] = ()
    """What it says about other analytes."""
    matrices: Annotated[
        Mapping[str, MatrixTable],
        MinLen(1),
        Says("It has no matrix; expected at least one table [matrices.<name>]."),
    ]
    """Matrices by id."""
