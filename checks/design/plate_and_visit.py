"""Rule design.plate_and_visit: plates and kit lots must not go with the visit."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.arithmetic.counts.exact_table import TableTest, exact_table_test
from checks.neighbours import own_and_linked
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

KIND = ("analyte", "matrix")
Counts = tuple[tuple[int, ...], ...]
"""Units by visits: how many subjects."""
WORDS = {"batch": "plate", "reagent_lot": "reagent lot"}


@rule("design.plate_and_visit", scope=Scope.ANALYTE, limits=["alpha", "min_subjects", "required"])
def plate_and_visit(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every analyte whose plates or lots go with the visit: a change could be the plate's.

    Parameters
    ----------
    run_input : RunInput
        ``results`` and ``linked`` are looked at: plate (the run itself where there is none), reagent lot and visit.
    limits : mapping of str to Limit
        ``alpha``: p of the exact test below which plates go with visits, above 0 and below 1.
        ``min_subjects``: fewest subjects whose visits lie on different plates, 1 or more.
        ``required``: 1 if an analyte whose visits are not known is held, 0 if it is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each analyte and matrix, once for plates and once for lots; ``not_evaluable``, where it is
        required, for each without two visits of one subject.

    Notes
    -----
    Every visit of a subject belongs on one plate and one lot. Where some do not, plate is confounded with visit if the
    exact test of plate by visit is below alpha, or if every plate holds one visit only. Subjects whose visits all lie
    on one plate are the cure and count in the table. Numbers play no part, so that censored results are judged too.
    Of a sample that was measured twice each plate counts once.

    References
    ----------
    .. [1] Freeman GH, Halton JH. Note on an exact treatment of contingency, goodness of fit and other problems of
       significance. Biometrika. 1951;38:141-9.
    """
    rows = own_and_linked(run_input).with_columns(pl.concat_str("run", pl.lit("|"), "plate").alias("batch"))
    own = rows.filter(pl.col("ordinal").is_not_null()).select(KIND).unique(maintain_order=True)
    visits = rows.group_by(*KIND, "subject").agg(pl.col("visit").n_unique().alias("n"))
    with_two = set(visits.filter(pl.col("n") > 1).select(KIND).iter_rows())
    tables = {unit: _tables(rows, unit) for unit in WORDS}
    found: list[Finding] = []
    for kind in own.iter_rows():
        key = {"analyte": str(kind[0]), "matrix": str(kind[1])}
        if kind not in with_two:
            found += [_open(key, limits)] if limits["required"].value else []
            continue
        of_kind = ((unit, tables[unit].get(kind, (0, ()))) for unit in WORDS)
        found += [said for unit, one in of_kind if (said := _judged(run_input, unit, one, key, limits)) is not None]
    return found


def _tables(rows: pl.DataFrame, unit: str) -> dict[tuple[object, ...], tuple[int, Counts]]:
    """Return, by analyte and matrix, how many subjects are split over units, and the table of units by visits."""
    known = rows.filter(pl.col(unit) != "").select(*KIND, "subject", "visit", unit).unique()
    split = known.group_by(*KIND, "subject").agg(
        pl.col(unit).n_unique().alias("n_units"), pl.col("visit").n_unique().alias("n_visits")
    )
    is_split = (pl.col("n_units") > 1) & (pl.col("n_visits") > 1)
    n_split = {(*kind,): n for *kind, n in split.filter(is_split).group_by(KIND).len().iter_rows()}
    cells: dict[tuple[object, ...], dict[str, dict[str, int]]] = {}
    for *kind, name, visit, n in known.group_by(*KIND, unit, "visit").len().iter_rows():
        cells.setdefault((*kind,), {}).setdefault(name, {})[visit] = n
    return {kind: (n_split.get(kind, 0), _counts(by_unit)) for kind, by_unit in cells.items()}


def _counts(by_unit: Mapping[str, Mapping[str, int]]) -> Counts:
    visits = sorted({visit for row in by_unit.values() for visit in row})
    return tuple(sorted(tuple(row.get(visit, 0) for visit in visits) for row in by_unit.values()))


def _judged(
    run_input: RunInput, unit: str, table: tuple[int, Counts], key: Mapping[str, str], limits: Mapping[str, Limit]
) -> Finding | None:
    n_split, counts = table
    if n_split < limits["min_subjects"].value:
        return None
    tested = _tested(run_input, counts, limits["alpha"].value)
    is_whole = all(sum(count > 0 for count in row) == 1 for row in counts)
    if tested is None or (tested.p >= limits["alpha"].value and not is_whole):
        return None
    sentence = (
        f"{WORDS[unit].capitalize()} is confounded with visit: {n_split} subjects have their visits on different "
        f"{WORDS[unit]}s, and {WORDS[unit]}s go with visits ({_p_words(tested)})."
    )
    return Finding(
        "design.plate_and_visit",
        Verdict.WARN,
        Scope.ANALYTE,
        {**key, "unit": WORDS[unit]},
        sentence,
        observed=tested.p,
        unit="1",
        limits=(limits["alpha"], limits["min_subjects"]),
        suggestion="Measure all visits of a subject on one plate with one lot; else a change may be the plate's.",
    )


def _p_words(tested: TableTest) -> str:
    return f"{'exact test' if tested.is_exact else 'tables drawn at random'}, p = {tested.p:.3g}"


def _tested(run_input: RunInput, counts: Counts, alpha: float) -> TableTest | None:
    # What was measured together has one table of plates by visits, however many analytes it has.
    return run_input.once(("exact_table", counts, alpha), lambda: exact_table_test(counts, alpha=alpha))


def _open(key: Mapping[str, str], limits: Mapping[str, Limit]) -> Finding:
    text = "No subject has two visits in this analyte, so that plate and visit cannot be told apart or together."
    given = (limits["required"],)
    return Finding("design.plate_and_visit", Verdict.NOT_EVALUABLE, Scope.ANALYTE, dict(key), text, limits=given)
