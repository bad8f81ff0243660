"""Rule design.plate_and_visit: plates and kit lots must not go with the visit."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.arithmetic.counts.exact_table import TableTest, exact_table_test
from checks.neighbours import own_and_linked
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

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
    own = rows.filter(pl.col("ordinal").is_not_null()).select("analyte", "matrix").unique(maintain_order=True)
    found: list[Finding] = []
    for analyte, matrix in own.iter_rows():
        kind = rows.filter((pl.col("analyte") == analyte) & (pl.col("matrix") == matrix))
        key = {"analyte": str(analyte), "matrix": str(matrix)}
        visits = kind.group_by("subject").agg(pl.col("visit").n_unique().alias("n"))
        if not visits.filter(pl.col("n") > 1).height:
            found += [_open(key, limits)] if limits["required"].value else []
            continue
        found += [said for unit in WORDS if (said := _judged(run_input, kind, unit, key, limits)) is not None]
    return found


def _judged(
    run_input: RunInput, kind: pl.DataFrame, unit: str, key: Mapping[str, str], limits: Mapping[str, Limit]
) -> Finding | None:
    known = kind.filter(pl.col(unit) != "").select("subject", "visit", unit).unique()
    split = known.group_by("subject").agg(
        pl.col(unit).n_unique().alias("n_units"), pl.col("visit").n_unique().alias("n_visits")
    )
    n_split = split.filter((pl.col("n_units") > 1) & (pl.col("n_visits") > 1)).height
    if n_split < limits["min_subjects"].value:
        return None
    table = known.pivot(on="visit", index=unit, values="subject", aggregate_function="len").fill_null(0)
    counts = tuple(sorted(table.select(sorted(table.drop(unit).columns)).iter_rows()))
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


def _tested(run_input: RunInput, counts: tuple[tuple[int, ...], ...], alpha: float) -> TableTest | None:
    # What was measured together has one table of plates by visits, however many analytes it has.
    return run_input.once(("exact_table", counts, alpha), lambda: exact_table_test(counts, alpha=alpha))


def _open(key: Mapping[str, str], limits: Mapping[str, Limit]) -> Finding:
    text = "No subject has two visits in this analyte, so that plate and visit cannot be told apart or together."
    given = (limits["required"],)
    return Finding("design.plate_and_visit", Verdict.NOT_EVALUABLE, Scope.ANALYTE, dict(key), text, limits=given)
