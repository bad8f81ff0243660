"""Limits in another unit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from schemas.finding import Limit
from schemas.ucum import factor_between


def limit_in_unit(limit: Limit, unit: str, molar_mass: Limit | None) -> Limit:
    """Return a limit in another unit.

    Parameters
    ----------
    limit : Limit
        Limit in a unit of the table.
    unit : str
        UCUM code of the new unit.
    molar_mass : Limit, optional
        Molar mass in g/mol.

    Returns
    -------
    Limit
        The same limit, converted with the exact factor.

    Raises
    ------
    ValueError
        If the units do not convert.
    """
    if unit == limit.unit:
        return limit
    factor = factor_between(limit.unit, unit, None if molar_mass is None else molar_mass.value)
    if factor is None:
        raise ValueError(f"Limit '{limit.name}' in '{limit.unit}' does not convert to '{unit}'.")
    return replace(limit, value=float(Fraction(repr(limit.value)) * factor), unit=unit)
