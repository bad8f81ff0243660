"""Stored rows against their table models: what the facts hold must still be what came in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemas.finding import Finding, Scope, Verdict

if TYPE_CHECKING:
    import polars as pl

    from qc.store.connection import Connection
    from schemas.catalogue import Catalogue
    from schemas.errors import Fault

_OF_RUNS = ("runs", "wells", "reported")


def row_findings(con: Connection, run_ids: Sequence[int]) -> dict[int, list[Finding]]:
    """Judge the stored rows of some runs by their table models, each table in one scan.

    Parameters
    ----------
    run_ids : sequence of int
        Runs whose rows are judged; all others are left out of the scan.

    Returns
    -------
    dict of int to list of Finding
        By run: a ``broken`` finding ``tables.<table>`` for each fault, with the key of its row. Empty if all is well.
    """
    from schemas.tables.stored.check import failure_cases, row_place, text_of
    from schemas.tables.stored.models import STORED

    found: dict[int, list[Finding]] = {}
    for name in _OF_RUNS:
        table = STORED[name]
        for case in failure_cases(con, name, table, only={"run_id": list(run_ids)}):
            key = {column: case[f"key.{column}"] for column in table.row_key if case.get(f"key.{column}") is not None}
            text = f"In {row_place(case, table.row_key, name)}: {text_of(case)}"
            finding = Finding(f"tables.{name}", Verdict.BROKEN, Scope.RUN, {"table": name, **key}, text)
            for run_id in [key["run_id"]] if "run_id" in key else run_ids:
                found.setdefault(run_id, []).append(finding)
    return found


def stored_faults(con: Connection, catalogue: Catalogue) -> list[Fault]:
    """Judge every row of every table of the facts by its model, each table in one scan.

    Returns
    -------
    list of Fault
        Every fault with the key of its row; empty if the facts are well formed.
    """
    from schemas.tables.stored.check import check_stored
    from schemas.tables.stored.models import STORED

    references = {"catalogue_kinds": catalogue_kinds(catalogue)}
    return [fault for name, table in STORED.items() for fault in check_stored(con, name, table, references=references)]


def catalogue_kinds(catalogue: Catalogue) -> pl.DataFrame:
    """Return what the catalogue says of every kind of result, whatever its method, age and sex.

    Returns
    -------
    DataFrame
        ``analyte``, ``matrix``, canonical ``unit``, and ``low`` and ``high`` of the widest hard range in that unit;
        null is no limit.
    """
    import polars as pl

    from schemas.catalogue import limits_table
    from schemas.units import convert

    ends: dict[tuple[str, str, str], list[float]] = {}
    for limit in limits_table(catalogue):
        entry = catalogue.entry(str(limit["analyte"]), str(limit["matrix"]))
        if entry is None or limit["name"] not in ("hard_low", "hard_high") or not isinstance(limit["value"], float):
            continue
        value = convert(limit["value"], str(limit["unit"]), entry).value
        if value is not None:
            ends.setdefault((entry.analyte, entry.matrix, str(limit["name"])), []).append(value)
    rows = [
        {
            "analyte": analyte.id,
            "matrix": matrix,
            "unit": entry.unit,
            "low": min(ends.get((analyte.id, matrix, "hard_low"), []), default=None),
            "high": max(ends.get((analyte.id, matrix, "hard_high"), []), default=None),
        }
        for analyte in catalogue.analytes.values()
        for matrix, entry in analyte.matrices.items()
    ]
    schema = {"analyte": pl.String, "matrix": pl.String, "unit": pl.String, "low": pl.Float64, "high": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
