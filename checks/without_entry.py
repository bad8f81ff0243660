"""Results that cannot be judged yet (no entry in the catalogue, no sample, no unit): only the cause is told of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_MOST_SPELT = 6
"""Names that are spelt in each way on; the others go the same ways."""


def ways_on(names: Sequence[str]) -> str:
    """Say what may be done with names of tests that are in no catalogue, each spelt so that it can be typed.

    Parameters
    ----------
    names : sequence of str
        Names of tests as the files write them, at least one.

    Returns
    -------
    str
        One sentence with three ways: a word of the lab, an entry of the catalogue, or set aside.
    """
    shown = names[:_MOST_SPELT]
    rest = ", ..." if len(names) > len(shown) else ""
    words = ", ".join(f'"{name}" = "an id"' for name in shown) + rest
    entries = ", ".join(f"'qc catalogue new {id_of(name)} --like ANALYTE'" for name in shown) + rest
    ignored = ", ".join(f"'qc ignore \"{name}\" --reason ...'" for name in shown) + rest
    if len(names) == 1:
        return (
            f"Say in words.toml what it is ([analytes] {words}), add it to the catalogue ({entries} writes a file to "
            f"fill in), or set it aside for good where it is none of the study's: {ignored}."
        )
    return (
        f"Say in words.toml what each is ([analytes] {words}), add it to the catalogue ({entries}: each writes a file "
        f"to fill in), or set it aside for good where it is none of the study's: {ignored}."
    )


def id_of(name: str) -> str:
    """Return what an entry of the catalogue may be called after a name: ``il_6`` for ``IL-6``.

    Parameters
    ----------
    name : str
        Name of a test or a matrix, as a file writes it.

    Returns
    -------
    str
        Small letters, digits and underscores; ``name`` where nothing of it is left.
    """
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_") or "name"


def is_without_entry() -> pl.Expr:
    """Return where the catalogue has no entry for the analyte of a result in its matrix.

    Returns
    -------
    Expr
        True where it says the same of the unit as of the method: that there is none to judge by.
    """
    import polars as pl

    says_so = (pl.col("unit_sentence") != "") & (pl.col("unit_sentence") == pl.col("applicable_sentence"))
    return ((pl.col("unit_state") == "unknown") & says_so).fill_null(value=False)


def is_without_unit() -> pl.Expr:
    """Return where the unit of a result is not known, missing or of another dimension.

    Returns
    -------
    Expr
        True there.
    """
    import polars as pl

    return pl.col("unit_state").is_in(["unknown", "missing", "wrong_dimension"]).fill_null(value=False)


def is_without_basis() -> pl.Expr:
    """Return where nothing of a result can be judged: no entry, no sample that a sheet knows, or no unit that is known.

    Returns
    -------
    Expr
        True there. What nobody looked at (null, or an empty state) is judged, and told by the rules themselves.
    """
    import polars as pl

    no_sample = pl.col("sample_known").not_().fill_null(value=False)
    return is_without_entry() | no_sample | is_without_unit()
