"""Analytes from what their files say: each end of a range a limit of its own, in the canonical unit."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.analyte import Analyte, MatrixEntry
from schemas.catalogue_file import AnalyteFile, KeyedRow, MatrixTable, Number, RelationRow
from schemas.catalogue_limit import RANGES, CatalogueLimit
from schemas.errors import Fault
from schemas.finding import Limit
from schemas.limit_unit import limit_in_unit
from schemas.method import Applicability, Method, method_id
from schemas.relation import Relation
from schemas.ucum import factor_between


def analyte_of(file: AnalyteFile, faults: list[Fault]) -> Analyte:
    """Return the analyte that a file describes.

    Parameters
    ----------
    file : AnalyteFile
        What the file says, merged with the lab's own.
    faults : list of Fault
        Takes what does not go together: units that do not convert.

    Returns
    -------
    Analyte
        To be used only if there is no fault.
    """
    mass = _limit("molar_mass", file.molar_mass) if file.molar_mass else None
    methods = {
        name: Method(
            id=name,
            name=stated.name,
            platform=stated.platform,
            kit=stated.kit,
            matrices=stated.matrices,
            curve_model=stated.curve_model,
            curve_weight=stated.curve_weight,
            source=stated.source,
            status=stated.status,
        )
        for name, stated in file.methods.items()
    }
    return Analyte(
        id=file.id,
        name=file.name,
        synonyms=file.synonyms,
        matrices={name: _entry(file.id, name, table, mass, methods, faults) for name, table in file.matrices.items()},
        methods=methods,
        relations=tuple(map(_relation, file.relations)),
    )


def _limit(name: str, number: Number) -> Limit:
    return Limit(name, number.value, number.unit, number.source, number.status)


def _relation(row: RelationRow) -> Relation:
    factor = None if row.factor is None else Limit("factor", row.factor, row.unit, row.source, row.status)
    return Relation(
        other=row.other,
        matrix=row.matrix,
        sentence=row.sentence,
        rule=row.rule,
        factor=factor,
        source=row.source,
        status=row.status,
    )


def _entry(
    analyte: str,
    matrix: str,
    table: MatrixTable,
    mass: Limit | None,
    methods: Mapping[str, Method],
    faults: list[Fault],
) -> MatrixEntry:
    where = f"analyte '{analyte}', matrix '{matrix}'"
    units = tuple(dict.fromkeys((table.unit, *table.units)))
    faults += [
        Fault(where, f"Unit '{code}' does not convert to '{table.unit}'.")
        for code in units
        if factor_between(code, table.unit, mass.value if mass else None) is None
    ]
    tubes = table.tubes
    return MatrixEntry(
        analyte=analyte,
        matrix=matrix,
        unit=table.unit,
        units=units,
        decimals=_limit("decimals", table.decimals),
        limits=tuple(_ranges(table, mass, where, faults) + _singles(table)),
        applicability=table.applicability or Applicability(),
        molar_mass=mass,
        unit_means=table.unit_means,
        loinc=table.loinc,
        refused_tubes=tuple(tube.casefold() for tube in tubes.refused) if tubes else (),
        refused_tubes_source=tubes.source if tubes else "",
        refused_tubes_status=tubes.status if tubes else "",
        notes=table.notes,
        methods=methods,
    )


def _ranges(table: MatrixTable, mass: Limit | None, where: str, faults: list[Fault]) -> list[CatalogueLimit]:
    limits = []
    for row in table.ranges:
        for name, value in zip(RANGES[row.name], (row.low, row.high), strict=True):
            if value is None:
                continue
            limit = Limit(name, value, row.unit, row.source, row.status)
            try:
                limits.append(_keyed(limit_in_unit(limit, table.unit, mass), row))
            except ValueError as reason:
                faults.append(Fault(f"{where}, range '{row.name}'", str(reason)))
    return limits


def _singles(table: MatrixTable) -> list[CatalogueLimit]:
    return [_keyed(Limit(row.name, row.value, row.unit, row.source, row.status), row) for row in table.limits]


def _keyed(limit: Limit, row: KeyedRow) -> CatalogueLimit:
    return CatalogueLimit(
        limit=limit,
        method=method_id(row.method),
        lot=row.lot,
        sex=row.sex,
        age_from=row.age_from,
        age_to=row.age_to,
    )
