"""Parts of a catalogue file as dataclasses: analytes, matrix entries and limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any  # keys of a dataclass

from schemas.analyte import Analyte, MatrixEntry
from schemas.catalogue_file import ANALYTE_KEYS, LIMIT_KEYS, MATRIX_KEYS, NUMBER_KEYS, RANGE_KEYS, Tree, TreeReader
from schemas.catalogue_limit import RANGES, SINGLE_LIMITS, CatalogueLimit
from schemas.catalogue_rows import read_applicability, read_loinc, read_methods, read_relations
from schemas.finding import Limit
from schemas.limit_unit import limit_in_unit
from schemas.method import method_id
from schemas.units import UNITS, factor_between

SEXES = ("", "female", "male")
SINGLE_UNITS = {
    "haemolysis": "mg/dL",
    "rbc": "/uL",
    "freeze_thaw": "1",
    "least_dilution": "1",
    "hours_to_freezer": "h",
    "storage_days": "d",
    "cva": "percent",
    "cvi": "percent",
}
"""Unit in which each limit with one end is stated."""


def read_analyte(tree: Tree, reader: TreeReader) -> Analyte:
    """Read one analyte.

    Parameters
    ----------
    tree : mapping
        Tree of its catalogue file, merged with the lab's own.
    reader : TreeReader
        Collects what is wrong.

    Returns
    -------
    Analyte
        With what could be read; to be used only if there is no fault.
    """
    where = f"analyte '{tree.get('id', '')}'"
    reader.keys(tree, ANALYTE_KEYS, where)
    mass = _molar_mass(tree, reader, where)
    matrices = reader.table(tree, "matrices", where)
    if not matrices:
        reader.fault(where, "It has no matrix; expected at least one table [matrices.<name>].")
    identity = reader.text(tree, "id", where, is_needed=True)
    methods = read_methods(tree, reader, where)
    entries = {
        matrix: replace(_entry(identity, matrix, reader.table(matrices, matrix, where), mass, reader), methods=methods)
        for matrix in matrices
    }
    return Analyte(
        id=identity,
        name=reader.text(tree, "name", where, is_needed=True),
        synonyms=reader.texts(tree, "synonyms", where),
        matrices=entries,
        methods=methods,
        relations=read_relations(tree, reader, where),
    )


def _molar_mass(tree: Tree, reader: TreeReader, where: str) -> Limit | None:
    if "molar_mass" not in tree:
        return None
    mass = _single_number("molar_mass", tree, reader, where)
    if mass.value <= 0 or mass.unit != "g/mol":
        reader.fault(where, f"The molar mass is '{mass.value} {mass.unit}'; a number above 0 in g/mol was expected.")
        return None
    return mass


def _single_number(key: str, tree: Tree, reader: TreeReader, where: str) -> Limit:
    table = reader.table(tree, key, where)
    place = f"{where}, {key}"
    reader.keys(table, NUMBER_KEYS, place)
    value = reader.number(table, "value", place)
    if value is None:
        reader.fault(place, "Key 'value' is missing; a number was expected.")
    return reader.limit(key, table, value or 0.0, place)


def _entry(analyte: str, matrix: str, tree: Tree, mass: Limit | None, reader: TreeReader) -> MatrixEntry:
    where = f"analyte '{analyte}', matrix '{matrix}'"
    reader.keys(tree, MATRIX_KEYS, where)
    unit, units = _units(tree, mass, reader, where)
    decimals = _single_number("decimals", tree, reader, where)
    if decimals.value not in range(13):
        reader.fault(where, f"Key 'decimals' is '{decimals.value}'; a whole number from 0 to 12 was expected.")
    return MatrixEntry(
        analyte=analyte,
        matrix=matrix,
        unit=unit,
        units=units,
        decimals=decimals,
        limits=tuple(_ranges(tree, unit, mass, reader, where) + _singles(tree, reader, where)),
        applicability=read_applicability(tree, reader, where),
        molar_mass=mass,
        unit_means=_unit_means(tree, reader, where),
        loinc=tuple(read_loinc(row, reader, where) for row in reader.tables(tree, "loinc", where)),
        notes=reader.texts(tree, "notes", where),
        **_refused_tubes(tree, reader, where),
    )


def _units(tree: Tree, mass: Limit | None, reader: TreeReader, where: str) -> tuple[str, tuple[str, ...]]:
    unit = reader.text(tree, "unit", where, is_needed=True)
    units = tuple(dict.fromkeys((unit, *reader.texts(tree, "units", where))))
    for code in units:
        if code and code not in UNITS:
            reader.fault(where, f"Unit '{code}' is not a UCUM code of the table.")
        elif code and unit in UNITS and factor_between(code, unit, mass.value if mass else None) is None:
            reader.fault(where, f"Unit '{code}' does not convert to '{unit}'.")
    return unit, units


def _unit_means(tree: Tree, reader: TreeReader, where: str) -> dict[str, str]:
    means = reader.table(tree, "unit_means", where)
    for code in (*means, *means.values()):
        if code not in UNITS:
            reader.fault(where, f"Unit '{code}' in 'unit_means' is not a UCUM code of the table.")
    return {str(code): str(meant) for code, meant in means.items()}


def _ranges(tree: Tree, unit: str, mass: Limit | None, reader: TreeReader, where: str) -> list[CatalogueLimit]:
    limits: list[CatalogueLimit] = []
    for row in reader.tables(tree, "ranges", where):
        name = reader.text(row, "name", where)
        place = f"{where}, range '{name}'"
        reader.keys(row, RANGE_KEYS, place)
        if name not in RANGES:
            reader.fault(place, f"Range '{name}' is not known. Known ranges: {', '.join(RANGES)}.")
            continue
        ends = (reader.number(row, "low", place), reader.number(row, "high", place))
        if ends == (None, None):
            reader.fault(place, "It has neither 'low' nor 'high'.")
        if ends[0] is not None and ends[1] is not None and ends[0] >= ends[1]:
            reader.fault(place, f"Its low end '{ends[0]}' is not below its high end '{ends[1]}'.")
        written = [
            reader.limit(end, row, value, place)
            for end, value in zip(RANGES[name], ends, strict=True)
            if value is not None
        ]
        limits += [_keyed(_canonical(limit, unit, mass, reader, place), row, reader, place) for limit in written]
    return limits


def _canonical(limit: Limit, unit: str, mass: Limit | None, reader: TreeReader, where: str) -> Limit:
    if limit.unit not in UNITS or unit not in UNITS:
        if limit.unit:
            reader.fault(where, f"Unit '{limit.unit}' is not a UCUM code of the table.")
        return limit
    try:
        return limit_in_unit(limit, unit, mass)
    except ValueError as reason:
        reader.fault(where, str(reason))
        return limit


def _singles(tree: Tree, reader: TreeReader, where: str) -> list[CatalogueLimit]:
    limits: list[CatalogueLimit] = []
    for row in reader.tables(tree, "limits", where):
        name = reader.text(row, "name", where)
        place = f"{where}, limit '{name}'"
        reader.keys(row, LIMIT_KEYS, place)
        value = reader.number(row, "value", place)
        if name not in SINGLE_LIMITS:
            reader.fault(place, f"Limit '{name}' is not known. Known limits: {', '.join(SINGLE_LIMITS)}.")
            continue
        if value is None or value < 0:
            reader.fault(place, f"Key 'value' is '{row.get('value', '')}'; a number of 0 or more was expected.")
        limit = reader.limit(name, row, value or 0.0, place)
        if limit.unit and limit.unit != SINGLE_UNITS[name]:
            reader.fault(place, f"Unit '{limit.unit}' is not '{SINGLE_UNITS[name]}', in which this limit is stated.")
        limits.append(_keyed(limit, row, reader, place))
    return limits


def _keyed(limit: Limit, row: Tree, reader: TreeReader, where: str) -> CatalogueLimit:
    sex = reader.text(row, "sex", where)
    if sex not in SEXES:
        reader.fault(where, f"Key 'sex' is '{sex}'; expected 'female', 'male' or nothing.")
    age_from, age_to = reader.number(row, "age_from", where), reader.number(row, "age_to", where)
    if age_from is not None and age_to is not None and age_from >= age_to:
        reader.fault(where, f"Age '{age_from}' to '{age_to}' is reversed or empty.")
    method = method_id(reader.text(row, "method", where))
    return CatalogueLimit(limit=limit, method=method, sex=sex, age_from=age_from, age_to=age_to)


def _refused_tubes(tree: Tree, reader: TreeReader, where: str) -> dict[str, Any]:
    table = reader.table(tree, "tubes", where)
    if not table:
        return {}
    place = f"{where}, tubes"
    reader.keys(table, ("refused", "source", "status"), place)
    return {
        "refused_tubes": tuple(tube.casefold() for tube in reader.texts(table, "refused", place)),
        "refused_tubes_source": reader.text(table, "source", place, is_needed=True),
        "refused_tubes_status": reader.status(table, place),
    }
