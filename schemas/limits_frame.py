"""The catalogue's limits as columns beside results: one look-up for each distinct key, one join for all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any  # rows of a frame hold every type

from schemas.analyte import SINGLE_LIMITS, LimitSet

if TYPE_CHECKING:
    import polars as pl

    from schemas.catalogue import Catalogue

KINDS: tuple[str, ...] = ("soft_low", "soft_high", "hard_low", "hard_high", *SINGLE_LIMITS)
"""Limits that stand beside a result with unit, source and status."""
KEY: tuple[str, ...] = ("analyte", "matrix", "method", "sex", "age_years")
"""Columns that a limit is looked up by."""


def join_limits(results: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return results with the limits that hold for each of them.

    Parameters
    ----------
    results : polars.DataFrame
        With the columns ``analyte`` and ``matrix`` (ids), ``method``, ``sex`` (text) and ``age_years`` (float, may be
        null).
    catalogue : Catalogue
        Catalogue.

    Returns
    -------
    polars.DataFrame
        The same rows in the same order, with ``unit`` (canonical; empty if the catalogue has no such entry),
        ``decimals``, ``applicable``, ``applicable_sentence``, ``lloq``, ``uloq`` and for each kind of ``KINDS`` its
        number, ``_unit``, ``_source`` and ``_status``. A limit that nobody stated is null with empty texts. An unknown
        analyte or matrix is not applicable, and the sentence says so.
    """
    import polars as pl

    keys = results.select(KEY).unique(maintain_order=True)
    rows = [_columns(catalogue, key) for key in keys.iter_rows(named=True)]
    limits = pl.DataFrame(rows, schema=limit_columns(), orient="row")
    beside = pl.concat([keys, limits], how="horizontal")
    kept = results.drop([name for name in limits.columns if name in results.columns])
    return kept.join(beside, on=list(KEY), how="left", nulls_equal=True, maintain_order="left")


def limit_columns() -> dict[str, Any]:
    """Return the polars types of the columns that ``join_limits`` adds, in order.

    Returns
    -------
    dict of str to polars data type
        Type by column name.
    """
    import polars as pl

    types: dict[str, Any] = {"unit": pl.String, "decimals": pl.Int64, "applicable": pl.Boolean}
    types |= {"applicable_sentence": pl.String, "lloq": pl.Float64, "uloq": pl.Float64}
    for kind in KINDS:
        types |= {kind: pl.Float64, f"{kind}_unit": pl.String, f"{kind}_source": pl.String, f"{kind}_status": pl.String}
    return types


def _columns(catalogue: Catalogue, key: dict[str, Any]) -> dict[str, Any]:
    found = catalogue.limits(
        key["analyte"], key["matrix"], key["method"] or "", age=key["age_years"], sex=key["sex"] or ""
    )
    if found is None:
        sentence = f"The catalogue knows no '{key['analyte']}' in matrix '{key['matrix']}'."
        found = LimitSet(unit="", decimals=0, applicable=False, applicable_sentence=sentence)
    row: dict[str, Any] = {
        "unit": found.unit,
        "decimals": found.decimals,
        "applicable": found.applicable,
        "applicable_sentence": found.applicable_sentence,
        "lloq": None if found.lloq is None else found.lloq.value,
        "uloq": None if found.uloq is None else found.uloq.value,
    }
    for kind in KINDS:
        limit = found.get(kind)
        row[kind] = None if limit is None else limit.value
        row |= {
            f"{kind}_{part}": "" if limit is None else getattr(limit, part) for part in ("unit", "source", "status")
        }
    return row
