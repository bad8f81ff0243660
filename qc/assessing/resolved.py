"""Rows in canonical units with their limits: the catalogue is asked once for each kind of row, then joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.reference import with_reference
from schemas.unit_slip import usual_molar
from schemas.units import UnitState, conversion

if TYPE_CHECKING:
    import polars as pl

    from schemas.analyte import LimitSet
    from schemas.catalogue import Catalogue
    from schemas.units import Conversion

LIMITS = (
    "soft_low",
    "soft_high",
    "hard_low",
    "hard_high",
    "reference_low",
    "reference_high",
    "haemolysis",
    "rbc",
    "freeze_thaw",
    "least_dilution",
)
"""Limits that stand in columns of their own, with unit, source, status and key."""
_PARTS = ("unit", "source", "status", "key")
_KEYS = ["analyte", "matrix", "method", "unit_text", "sex", "age_years"]
_VALUES = ("number", "limit", "lloq", "uloq")


def resolve(rows: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Convert rows to canonical units and give them the limits that hold for them.

    Parameters
    ----------
    rows : DataFrame
        Rows with ``analyte``, ``matrix``, ``method``, ``unit_text``, ``sex``, ``age_years`` and the values ``number``,
        ``limit``, ``lloq``, ``uloq`` in the unit as written.
    catalogue : Catalogue
        Analytes with their units and limits.

    Returns
    -------
    DataFrame
        The rows with ``analyte`` and ``matrix`` as ids where known, values converted (null where the unit is not
        known), ``unit``, ``unit_state``, ``unit_sentence``, ``applicable``, ``applicable_sentence``, ``decimals`` and
        for each limit its value, unit, source, status and key.
    """
    import polars as pl

    kinds = rows.select(_KEYS).unique(maintain_order=True)
    answers = [_answer(kind, catalogue) for kind in kinds.iter_rows(named=True)]
    found = pl.DataFrame([told for told, _ in answers], schema=_schema(), orient="row")
    table = kinds.with_row_index("kind").hstack(found)
    joined = rows.join(table, on=_KEYS, how="left", nulls_equal=True, maintain_order="left")
    hows = dict(enumerate(how for _, how in answers))
    columns = [pl.Series(name, _converted(joined, name, hows), dtype=pl.Float64) for name in _VALUES]
    return joined.with_columns(columns).with_columns(
        pl.col("analyte_id").alias("analyte"), pl.col("matrix_id").alias("matrix")
    )


def _schema() -> dict[str, Any]:
    import polars as pl

    texts = ("analyte_id", "matrix_id", "unit", "unit_state", "unit_sentence", "applicable_sentence", "molar_unit")
    schema: dict[str, Any] = dict.fromkeys(texts, pl.String)
    schema |= {"applicable": pl.Boolean, "decimals": pl.Int64, "table_lloq": pl.Float64, "table_uloq": pl.Float64}
    schema |= {"unit_factor": pl.Float64, "molar_factor": pl.Float64}
    for name in LIMITS:
        schema |= {name: pl.Float64, **{f"{name}_{part}": pl.String for part in _PARTS}}
    return schema


def _answer(kind: dict[str, Any], catalogue: Catalogue) -> tuple[dict[str, Any], Conversion | None]:
    analyte = catalogue.analyte_id(kind["analyte"])
    matrix = catalogue.matrix_id(kind["matrix"]) or kind["matrix"]
    entry = catalogue.entry(analyte, matrix) if analyte else None
    if analyte is None or entry is None:
        return _unknown(kind, analyte, matrix, catalogue), None
    how = conversion(kind["unit_text"], entry)
    method = kind["method"]
    limits = with_reference(entry.limit_set(method, age=kind["age_years"], sex=kind["sex"]), entry, method)
    molar_unit, molar_factor = usual_molar(entry) or ("", None)
    told: dict[str, Any] = {"analyte_id": analyte, "matrix_id": matrix, "unit": how.to_code}
    told |= {"unit_state": how.state.value, "unit_sentence": how.sentence, "decimals": limits.decimals}
    told |= {"applicable": limits.applicable, "applicable_sentence": limits.applicable_sentence}
    told |= {"table_lloq": limits.lloq.value if limits.lloq else None}
    told |= {"table_uloq": limits.uloq.value if limits.uloq else None}
    told |= {"unit_factor": float(how.factor) if how.factor else None}
    told |= {"molar_unit": molar_unit, "molar_factor": molar_factor}
    return told | _limit_columns(limits), how


def _limit_columns(limits: LimitSet) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name in LIMITS:
        limit = limits.get(name)
        columns[name] = limit.value if limit else None
        columns[f"{name}_unit"] = limit.unit if limit else ""
        columns[f"{name}_source"] = limit.source if limit else ""
        columns[f"{name}_status"] = limit.status if limit else ""
        columns[f"{name}_key"] = limit.holds_for if limit else ""
    return columns


def _unknown(kind: dict[str, Any], analyte: str | None, matrix: str, catalogue: Catalogue) -> dict[str, Any]:
    near = catalogue.suggestion(kind["analyte"])
    if analyte:
        sentence = f"The catalogue has no entry for {analyte} in matrix '{matrix}'."
    else:
        hint = f" The nearest known name is '{near}'." if near else ""
        sentence = f"Analyte '{kind['analyte']}' is not in the catalogue.{hint}"
    told: dict[str, Any] = {"analyte_id": analyte or kind["analyte"], "matrix_id": matrix, "unit": ""}
    told |= {"unit_state": UnitState.UNKNOWN.value, "unit_sentence": sentence, "decimals": 0}
    told |= {"applicable": False, "applicable_sentence": sentence, "table_lloq": None, "table_uloq": None}
    told |= {"unit_factor": None, "molar_unit": "", "molar_factor": None}
    blank: dict[str, Any] = dict.fromkeys(LIMITS)
    return told | blank | {f"{name}_{part}": "" for name in LIMITS for part in _PARTS}


def _converted(joined: pl.DataFrame, name: str, hows: dict[int, Conversion | None]) -> list[float | None]:
    converted: list[float | None] = []
    for kind, value in joined.select("kind", name).iter_rows():
        how = hows[kind]
        converted.append(None if value is None or how is None else how.apply(value))
    return converted
