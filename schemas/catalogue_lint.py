"""Faults of a catalogue that is well formed: limits that overlap, cross or cannot be reached."""

from __future__ import annotations

from schemas.analyte import CatalogueLimit, MatrixEntry
from schemas.catalogue import Catalogue
from schemas.errors import Fault


def lint(catalogue: Catalogue) -> list[Fault]:
    """Return what is well formed and still wrong: overlaps, soft limits beyond hard ones, limits nobody can reach.

    Parameters
    ----------
    catalogue : Catalogue
        Catalogue that could be loaded.

    Returns
    -------
    list of Fault
        Empty if nothing is wrong.
    """
    entries = [entry for analyte in catalogue.analytes.values() for entry in analyte.matrices.values()]
    return [fault for entry in entries for fault in _entry_faults(entry)]


def _entry_faults(entry: MatrixEntry) -> list[Fault]:
    where = f"analyte '{entry.analyte}', matrix '{entry.matrix}'"
    faults = [
        Fault(where, f"Limit '{row.limit.name}' of method '{row.method}' cannot be reached: that method is refused.")
        for row in entry.limits
        if row.method and entry.applicability.sentence_for(row.method)
    ]
    for number, row in enumerate(entry.limits):
        if any(_overlap(row, other) for other in entry.limits[number + 1 :]):
            faults.append(Fault(where, f"Limit '{row.limit.name}' stands twice for the same method, sex and age."))
    for method in sorted({row.method for row in entry.limits} | {""}):
        chosen = entry.limit_set(method)
        for inner, outer, sign in (("soft_low", "hard_low", 1), ("soft_high", "hard_high", -1)):
            soft, hard = chosen.get(inner), chosen.get(outer)
            if soft is not None and hard is not None and sign * soft.value < sign * hard.value:
                faults.append(Fault(where, f"Limit '{inner}' of method '{method}' lies beyond '{outer}'."))
    return faults


def _overlap(one: CatalogueLimit, other: CatalogueLimit) -> bool:
    is_same = (one.limit.name, one.method, one.sex) == (other.limit.name, other.method, other.sex)
    if not is_same or one.has_age != other.has_age:
        return False
    return (one.age_from or 0) < (other.age_to or 200) and (other.age_from or 0) < (one.age_to or 200)
