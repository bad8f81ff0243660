"""Rows in canonical units with their limits: the catalogue is asked once for each kind of row, then joined."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from schemas.matrix_names import matrices_by_name
from schemas.names import did_you_mean
from schemas.reference import with_reference
from schemas.ucum import UnitState
from schemas.unit_slip import usual_molar
from schemas.units import conversion

if TYPE_CHECKING:
    import polars as pl

    from checks.run_input import Variation
    from schemas.analyte import LimitSet, MatrixEntry
    from schemas.catalogue import Catalogue
    from schemas.units import Conversion

LIMITS = (
    "soft_low",
    "soft_high",
    "hard_low",
    "hard_high",
    "reference_low",
    "reference_high",
    "lob",
    "lod",
    "haemolysis",
    "rbc",
    "freeze_thaw",
    "least_dilution",
    "hours_to_freezer",
    "storage_days",
)
"""Limits that stand in columns of their own, with unit, source, status and key."""
_PARTS = ("unit", "source", "status", "key")
_KEYS = ["analyte", "matrix", "method", "reagent_lot", "unit_text", "sex", "age_band"]
_VALUES = ("number", "limit", "lloq", "uloq")
_Answer = tuple[dict[str, Any], "Conversion | None"]


class Resolver:
    """The catalogue, asked once for each kind of row however many runs hold it.

    Parameters
    ----------
    catalogue : Catalogue
        Analytes with their units and limits.
    own_units : mapping of str to str, optional
        Unit by what a laboratory's own files write.
    """

    def __init__(self, catalogue: Catalogue, own_units: Mapping[str, str] | None = None) -> None:
        from schemas.catalogue import limits_table

        ages = (row[name] for row in limits_table(catalogue) for name in ("age_from", "age_to"))
        self.catalogue = catalogue
        self._own_units = {" ".join(word.split()): unit for word, unit in (own_units or {}).items()}
        self._age_edges = sorted({float(age) for age in ages if age is not None})
        self._answers: dict[tuple[Any, ...], _Answer] = {}

    @cached_property
    def variations(self) -> dict[tuple[str, str], Variation]:
        """How much each analyte varies in one person, by analyte and matrix; analytes without a CVI are left out."""
        from checks.run_input import Variation

        entries = [entry for analyte in self.catalogue.analytes.values() for entry in analyte.matrices.values()]
        found = [(entry, entry.limit_set()) for entry in entries]
        return {(one.analyte, one.matrix): Variation(own.cvi, own.cva) for one, own in found if own.cvi}

    def resolve(self, rows: pl.DataFrame, *, keeps_unknown: bool = False) -> pl.DataFrame:
        """Convert rows to canonical units and give them the limits that hold for them.

        Parameters
        ----------
        rows : DataFrame
            Rows with ``analyte``, ``matrix``, ``method``, ``reagent_lot``, ``unit_text``, ``sex``, ``age_years`` and
            the values ``number``, ``limit``, ``lloq``, ``uloq`` in the unit as written.
        keeps_unknown : bool
            Whether values that the catalogue has no entry for stay as written, with their unit.

        Returns
        -------
        DataFrame
            The rows with ``analyte`` and ``matrix`` as ids where known, values converted (null where the unit is not
            known), ``unit``, ``unit_state``, ``unit_sentence``, ``applicable``, ``applicable_sentence``, ``decimals``
            and for each limit its value, unit, source, status and key.
        """
        import polars as pl

        banded = rows.with_columns(self._age_band())
        kinds = banded.group_by(_KEYS, maintain_order=True).agg(pl.col("age_years").first())
        answers = [self._answer(kind) for kind in kinds.iter_rows(named=True)]
        found = pl.DataFrame([row for row, _ in answers], schema=_schema(), orient="row")
        table = kinds.drop("age_years").with_row_index("kind").hstack(found)
        joined = banded.join(table, on=_KEYS, how="left", nulls_equal=True, maintain_order="left")
        hows = dict(enumerate(how for _, how in answers))
        found = joined.with_columns(_converted(joined, hows)).with_columns(
            pl.col("analyte_id").alias("analyte"), pl.col("matrix_id").alias("matrix")
        )
        if not keeps_unknown:
            return found
        is_unknown = pl.col("kind").is_in([kind for kind, how in hows.items() if how is None])
        return found.with_columns(
            pl.when(is_unknown).then(joined["number"]).otherwise(pl.col("number")).alias("number"),
            pl.when(is_unknown).then(pl.col("unit_text")).otherwise(pl.col("unit")).alias("unit"),
        )

    def _age_band(self) -> pl.Expr:
        # No limit begins or ends within a band, so that every age of it has the same limits.
        import polars as pl

        steps = [(pl.col("age_years") >= edge).cast(pl.Int32) for edge in self._age_edges]
        band = pl.sum_horizontal(steps) if steps else pl.lit(0)
        return pl.when(pl.col("age_years").is_not_null()).then(band).alias("age_band")

    def _answer(self, kind: dict[str, Any]) -> _Answer:
        key = tuple(kind[name] for name in _KEYS)
        if key not in self._answers:
            written = str(kind["unit_text"])
            unit = self._own_units.get(" ".join(written.split()), written)
            self._answers[key] = _answer(kind | {"unit_text": unit}, self.catalogue)
        return self._answers[key]


def _schema() -> dict[str, Any]:
    import polars as pl

    texts = ("analyte_id", "matrix_id", "unit", "unit_state", "unit_sentence", "applicable_sentence", "molar_unit")
    schema: dict[str, Any] = dict.fromkeys((*texts, "refused_tubes", "refused_tubes_source"), pl.String)
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
    limits = with_reference(_own_limits(entry, kind), entry, method)
    molar_unit, molar_factor = usual_molar(entry) or ("", None)
    row: dict[str, Any] = {"analyte_id": analyte, "matrix_id": matrix, "unit": how.to_code}
    row |= {"unit_state": how.state.value, "unit_sentence": how.sentence, "decimals": limits.decimals}
    row |= {"applicable": limits.applicable, "applicable_sentence": limits.applicable_sentence}
    row |= {"table_lloq": limits.lloq.value if limits.lloq else None}
    row |= {"table_uloq": limits.uloq.value if limits.uloq else None}
    row |= {"unit_factor": float(how.factor) if how.factor else None}
    row |= {"molar_unit": molar_unit, "molar_factor": molar_factor}
    row |= {"refused_tubes": "|".join(entry.refused_tubes), "refused_tubes_source": entry.refused_tubes_source}
    return row | _limit_columns(limits), how


def _own_limits(entry: MatrixEntry, kind: dict[str, Any]) -> LimitSet:
    return entry.limit_set(kind["method"], age=kind["age_years"], sex=kind["sex"], lot=kind["reagent_lot"])


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


def _without_matrix(analyte: str, matrix: str, catalogue: Catalogue) -> str:
    stated = catalogue.analytes[analyte].matrices
    words = [*stated, *matrices_by_name()]
    near = did_you_mean(matrix, words) if matrix and catalogue.matrix_id(matrix) is None else ""
    sentence = f"The catalogue has no entry for {analyte} in matrix '{matrix}'.{near}"
    return f"{sentence} It has limits for {analyte} in {' and '.join(sorted(stated))}."


def _unknown(kind: dict[str, Any], analyte: str | None, matrix: str, catalogue: Catalogue) -> dict[str, Any]:
    near = catalogue.suggestion(kind["analyte"])
    if analyte:
        sentence = _without_matrix(analyte, matrix, catalogue)
    else:
        hint = f" Did you mean '{near}'?" if near else ""
        sentence = f"Analyte '{kind['analyte']}' is not in the catalogue.{hint}"
        if not any(map(str.isalpha, kind["analyte"])):
            sentence = (
                f"Test '{kind['analyte']}' has a number and no name. Say in [analytes] of the run sheet what it is."
            )
    row: dict[str, Any] = {"analyte_id": analyte or kind["analyte"], "matrix_id": matrix, "unit": ""}
    row |= {"unit_state": UnitState.UNKNOWN.value, "unit_sentence": sentence, "decimals": 0}
    row |= {"applicable": False, "applicable_sentence": sentence, "table_lloq": None, "table_uloq": None}
    row |= {"unit_factor": None, "molar_unit": "", "molar_factor": None}
    row |= {"refused_tubes": "", "refused_tubes_source": ""}
    blank: dict[str, Any] = dict.fromkeys(LIMITS)
    return row | blank | {f"{name}_{part}": "" for name in LIMITS for part in _PARTS}


def _converted(joined: pl.DataFrame, hows: dict[int, Conversion | None]) -> list[pl.Series]:
    import polars as pl

    as_written = [kind for kind, how in hows.items() if how is not None and how.factor == 1]
    as_written_values = joined.select(
        pl.when(pl.col("kind").is_in(as_written)).then(pl.col(name)).alias(name) for name in _VALUES
    )
    if len(as_written) == len(hows):
        return as_written_values.get_columns()
    changed = {kind for kind, how in hows.items() if how is not None and how.factor != 1}
    return [
        pl.Series(name, _exactly(joined, name, as_written_values[name], hows, changed), dtype=pl.Float64)
        for name in _VALUES
    ]


def _exactly(
    joined: pl.DataFrame, name: str, as_written_values: pl.Series, hows: dict[int, Conversion | None], changed: set[int]
) -> list[float | None]:
    # Digit by digit, as the value was written: only for the rows whose unit differs from the catalogue's.
    values = as_written_values.to_list()
    for row, (kind, value) in enumerate(joined.select("kind", name).iter_rows()):
        how = hows[kind]
        if kind in changed and value is not None and how is not None:
            values[row] = how.apply(value)
    return values
