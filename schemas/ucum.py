"""UCUM codes for what laboratories write, in one closed table.

The table is closed: a unit that is not in it is unknown, and nothing is guessed. ``U/L`` (catalytic activity) and
``[iU]/L`` (arbitrary international units) are different dimensions. UCUM 2.2 is the naming.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import MappingProxyType


class UnitState(StrEnum):
    """What is known of a unit."""

    OK = "ok"
    """Known, and it converts."""
    UNKNOWN = "unknown"
    """Not in the table, or not among the units of this analyte."""
    WRONG_DIMENSION = "wrong_dimension"
    """Known, but it measures something else."""
    MISSING = "missing"
    """No unit was written."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as written, and as UCUM says it."""

    text: str
    """The unit as written."""
    code: str
    """UCUM code; empty if the unit is unknown or missing."""
    dimension: str
    """``mass``, ``molar``, ``catalytic``, ``international``, ``number`` (each a volume), ``fraction``; or empty."""
    factor: Decimal
    """Exact size in the base unit of its dimension: g/L, mol/L, U/L, [iU]/L, 1/uL, 1. Zero if unknown."""
    state: UnitState
    """``ok``, ``unknown`` or ``missing``."""


def _table() -> dict[str, tuple[str, Decimal]]:
    """Return dimension and exact size by UCUM code."""
    milli = {"": 0, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15}
    volume = {"L": 0, "dL": -1, "mL": -3, "uL": -6}
    units = {
        f"{prefix}{base}/{per}": (dimension, Decimal(1).scaleb(power - volume[per]))
        for base, dimension in (("g", "mass"), ("mol", "molar"))
        for prefix, power in milli.items()
        for per in volume
    }
    for prefix, power in {"": 0, "k": 3, "m": -3, "u": -6}.items():
        for per in ("L", "dL", "mL"):
            size = Decimal(1).scaleb(power - volume[per])
            units[f"{prefix}U/{per}"] = ("catalytic", size)
            units[f"{prefix}[iU]/{per}"] = ("international", size)
    units |= {"kat/L": ("catalytic", Decimal(60_000_000)), "ukat/L": ("catalytic", Decimal(60))}
    units |= {"mkat/L": ("catalytic", Decimal(60_000)), "nkat/L": ("catalytic", Decimal("0.06"))}
    units |= {"/uL": ("number", Decimal(1)), "10*3/uL": ("number", Decimal(1000))}
    units |= {"10*6/L": ("number", Decimal(1)), "10*9/L": ("number", Decimal(1000))}
    units |= {"%": ("fraction", Decimal("0.01")), "1": ("fraction", Decimal(1))}
    return units


UNITS = MappingProxyType(_table())
"""Dimension and exact size in the base unit of the dimension, by UCUM code. 1 U/L is 1/60 ukat/L by definition."""

_DAMAGE = (
    ("\u00c2\u00b5", "u"),
    ("\u00ce\u00bc", "u"),
    ("\u00b5", "u"),
    ("\u03bc", "u"),
    ("\u00e6g", "ug"),
    ("\u00e6m", "um"),
    ("\u207b", "-"),
    ("\u00b9", "1"),
    ("\u2212", "-"),
    ("\u2044", "/"),
    ("\u2215", "/"),
    ("\u00b3", "^3"),
    ("\u2076", "^6"),
    ("\u2079", "^9"),
)
"""What stands for another letter: UTF-8 micro signs read as Latin-1, code page 437 read as Latin-1, raised digits."""
_MOLAR = {f"{prefix}M": f"{prefix}mol/L" for prefix in ("", "m", "u", "n", "p", "f")}
_PLAIN = {
    "mg%": "mg/dL",
    "g%": "g/dL",
    "ug%": "ug/dL",
    "percent": "%",
    **dict.fromkeys(("1/ul", "/mm3", "/mm^3"), "/uL"),
    **dict.fromkeys(("cells/ul", "{cells}/ul", "cells/mm3", "cells/mm^3"), "/uL"),
    "10^3/ul": "10*3/uL",
    "10^6/l": "10*6/L",
    "10^9/l": "10*9/L",
}
_PER = re.compile(r"(?<=[a-z\]])[.*\u00b7]?(l|dl|ml|ul)\^?-1\Z")
_WORDS = (
    ("litre", "l"),
    ("liter", "l"),
    ("units/", "u/"),
    ("unit/", "u/"),
    ("mcmol", "umol"),
    ("mcg", "ug"),
    ("mcl", "ul"),
    ("mckat", "ukat"),
)


def parse_unit(text: str) -> Unit:
    """Read a unit as a laboratory writes it.

    Parameters
    ----------
    text : str
        The unit as written.

    Returns
    -------
    Unit
        With its UCUM code, or with state ``unknown`` or ``missing``. Never raises.

    Notes
    -----
    Case and spaces do not matter, except where they tell units apart: ``nM`` is a concentration and ``nm`` a length,
    and ``MU/mL`` could be mega or milli, so it stays unknown. ``mcg``, both micro signs and their usual damage are
    read as ``u``; a lost letter (``?g/dL``, U+FFFD) is not restored.

    Examples
    --------
    >>> parse_unit("mcg/dl").code, parse_unit("IU/L").code, parse_unit("u/l").code
    ('ug/dL', '[iU]/L', 'U/L')
    >>> parse_unit("furlong").state.value
    'unknown'
    """
    bare = text.strip()
    if not bare:
        return Unit(text, "", "", Decimal(0), UnitState.MISSING)
    code = _code_of(bare)
    if code is None:
        return Unit(text, "", "", Decimal(0), UnitState.UNKNOWN)
    dimension, factor = UNITS[code]
    return Unit(text, code, dimension, factor, UnitState.OK)


def factor_between(from_code: str, to_code: str, molar_mass_g_per_mol: float | None = None) -> Fraction | None:
    """Return the exact factor from one UCUM code to another.

    Parameters
    ----------
    from_code, to_code : str
        UCUM codes of the table.
    molar_mass_g_per_mol : float, optional
        Molar mass in g/mol, above 0; needed between mass and molar units.

    Returns
    -------
    Fraction or None
        The factor; None if the dimensions differ.

    Examples
    --------
    >>> factor_between("umol/L", "ug/dL", 55.845)
    Fraction(11169, 2000)
    """
    (from_dimension, from_size), (to_dimension, to_size) = UNITS[from_code], UNITS[to_code]
    ratio = Fraction(from_size) / Fraction(to_size)
    if from_dimension == to_dimension:
        return ratio
    if molar_mass_g_per_mol is None:
        return None
    mass = Fraction(repr(molar_mass_g_per_mol))
    if (from_dimension, to_dimension) == ("molar", "mass"):
        return ratio * mass
    return ratio / mass if (from_dimension, to_dimension) == ("mass", "molar") else None


def _code_of(bare: str) -> str | None:
    if bare in UNITS:
        return bare
    for damaged, letter in _DAMAGE:
        bare = bare.replace(damaged, letter)
    bare = "".join(unicodedata.normalize("NFKC", bare).replace("\u03bc", "u").split())
    if bare in _MOLAR:
        return _MOLAR[bare]
    if re.match(r"M(?:I?U|\[iU\])/", bare):
        return None
    folded = re.sub(r"(?<=[a-z])per(?=[a-z])", "/", bare.casefold())
    for word, short in _WORDS:
        folded = folded.replace(word, short)
    folded = _PER.sub(r"/\1", folded).replace("/100ml", "/dl")
    folded = re.sub(r"\Ax?10(?:\*{1,2}|\^|e)(?=[369]/)", "10^", folded)
    folded = re.sub(r"\A([kmu]?)(?:iu|ui)/", r"\1[iu]/", folded)
    return _PLAIN.get(folded) or _codes_by_folded().get(folded)


@cache
def _codes_by_folded() -> dict[str, str]:
    return {code.casefold(): code for code in UNITS}
