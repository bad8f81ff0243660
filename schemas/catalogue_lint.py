"""Faults of a catalogue that is well formed: limits that overlap, cross or cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.analyte import Analyte, LimitSet, MatrixEntry
from schemas.catalogue import Catalogue
from schemas.catalogue_limit import RANGES, CatalogueLimit
from schemas.errors import Fault
from schemas.names import did_you_mean

_OLDEST = 130.0
"""Age in years that nobody reaches, as in the table models."""
_WITHIN = (("soft_low", "hard_low", 1), ("soft_high", "hard_high", -1), ("lloq", "lod", 1))
"""Inner limit, outer limit, and the direction in which the inner one must lie."""
_BEYOND = ((("lloq", "reference_low"), "hard_high", 1), (("uloq", "reference_high"), "hard_low", -1))
"""Limits that no possible result could meet if they lay beyond the hard limit of the other end."""


def lint(catalogue: Catalogue) -> list[Fault]:
    """Return what is well formed and still wrong: overlaps, soft limits beyond hard ones, limits nobody can reach.

    Parameters
    ----------
    catalogue : Catalogue
        Catalogue that could be loaded.

    Returns
    -------
    list of Fault
        Each fault once, in the order of analytes, matrices and limits; empty if nothing is wrong.
    """
    faults: list[Fault] = []
    for analyte in catalogue.analytes.values():
        faults += _relation_faults(analyte, catalogue)
        for entry in analyte.matrices.values():
            faults += _entry_faults(entry)
    return list(dict.fromkeys(faults))


def _relation_faults(analyte: Analyte, catalogue: Catalogue) -> Iterator[Fault]:
    where = f"analyte '{analyte.id}'"
    for relation in analyte.relations:
        if relation.other not in catalogue.analytes:
            hint = _nearest(relation.other, list(catalogue.analytes))
            yield Fault(where, f"Relation to '{relation.other}': there is no such analyte.{hint}")
        elif relation.matrix and relation.matrix not in analyte.matrices:
            yield Fault(where, f"Relation to '{relation.other}': the analyte has no matrix '{relation.matrix}'.")
    for method in analyte.methods.values():
        for matrix in method.matrices:
            if matrix not in analyte.matrices:
                hint = _nearest(matrix, list(analyte.matrices))
                yield Fault(where, f"Method '{method.id}': the analyte has no matrix '{matrix}'.{hint}")


def _entry_faults(entry: MatrixEntry) -> Iterator[Fault]:
    where = f"analyte '{entry.analyte}', matrix '{entry.matrix}'"
    for number, row in enumerate(entry.limits):
        name = f"Limit '{row.limit.name}'"
        if row.method and row.method not in entry.methods:
            hint = _nearest(row.method, list(entry.methods))
            yield Fault(where, f"{name} names method '{row.method}', which the analyte does not state.{hint}")
        elif row.method and entry.refusal_of(row.method):
            yield Fault(where, f"{name} of method '{row.method}' cannot be reached: that method is refused.")
        if (row.age_from or 0.0) >= _OLDEST or (row.age_to is not None and row.age_to <= 0):
            yield Fault(where, f"{name} cannot be reached: nobody is of that age.")
        if any(_overlap(row, other) for other in entry.limits[number + 1 :]):
            yield Fault(where, f"{name} stands twice for the same method, lot, sex and age.")
    for (method, lot), age, sex in _people(entry):
        chosen = entry.limit_set(method, age=age, sex=sex, lot=lot)
        yield from (Fault(where, f"{text} (method '{method}').") for text in _crossed(chosen))


def _people(entry: MatrixEntry) -> list[tuple[tuple[str, str], float | None, str]]:
    ages = {row.age_from or 0.0 for row in entry.limits if row.has_age} | {None}
    methods = {(row.method, row.lot) for row in entry.limits} | {("", "")}
    return [
        (method, age, sex)
        for method in sorted(methods)
        for age in sorted(ages, key=lambda age: -1.0 if age is None else age)
        for sex in ("", "female", "male")
    ]


def _crossed(chosen: LimitSet) -> Iterator[str]:
    for inner, outer, sign in _WITHIN:
        soft, hard = chosen.get(inner), chosen.get(outer)
        if soft is not None and hard is not None and sign * soft.value < sign * hard.value:
            yield f"Limit '{inner}' lies beyond '{outer}' and cannot be reached"
    for low_name, high_name in RANGES.values():
        low, high = chosen.get(low_name), chosen.get(high_name)
        if low is not None and high is not None and low.value >= high.value:
            yield f"Limit '{low_name}' is not below '{high_name}', which stands in another row"
    for names, end, sign in _BEYOND:
        beyond = chosen.get(end)
        for name in names:
            limit = chosen.get(name)
            if limit is not None and beyond is not None and sign * limit.value > sign * beyond.value:
                yield f"Limit '{name}' lies beyond '{end}' and cannot be reached"


def _nearest(word: str, known: list[str]) -> str:
    return did_you_mean(word, known) + (f" Known: {', '.join(known)}." if known else "")


def _overlap(one: CatalogueLimit, other: CatalogueLimit) -> bool:
    is_same = (one.limit.name, one.method, one.lot, one.sex) == (
        other.limit.name,
        other.method,
        other.lot,
        other.sex,
    )
    if not is_same or one.has_age != other.has_age:
        return False
    return (one.age_from or 0) < (other.age_to or _OLDEST) and (other.age_from or 0) < (one.age_to or _OLDEST)
