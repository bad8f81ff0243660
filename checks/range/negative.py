"""Rule range.negative: a table of concentrations holds no negative numbers."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("range.negative", scope=Scope.RUN, version=2, limits=["negative_fraction"])
def negative(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag a run whose numbers are negative more often than noise around zero explains.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``text`` of reported numbers and ``value`` of calibrated ones, of every analyte,
        also of those that the catalogue does not know.
    limits : mapping of str to Limit
        ``negative_fraction``: highest fraction of negative numbers, 0 to 1.

    Returns
    -------
    list of Finding
        One ``reject`` for the run: a table that was log-transformed or centred is so as a whole, the columns that
        stay positive by chance included.

    Raises
    ------
    NotEvaluableError
        If none of the results has a number and some are no bounds either.

    Notes
    -----
    Results without a number and bounds are left out; a run of bounds alone is silent. Single negative results are
    left to ``range.hard``.

    References
    ----------
    .. [1] Proposal: no concentration and no activity is negative; a background that is taken off gives a few.
    """
    plain = run_input.results.filter(pl.col("censor").fill_null("") == "").select("analyte", number=_number())
    numbers = plain.filter(pl.col("number").is_finite().fill_null(False))
    if plain.height and not numbers.height:
        raise NotEvaluableError("No result of the run has a number, so its scale cannot be judged.")
    below = numbers.filter(pl.col("number") < 0)
    share = below.height / numbers.height if numbers.height else 0.0
    if share <= limits["negative_fraction"].value:
        return []
    n_analytes, n_below = numbers["analyte"].n_unique(), below["analyte"].n_unique()
    sentence = (
        f"{below.height} of {numbers.height} numbers of the run are negative, in {n_below} of {n_analytes} analytes: "
        "the table does not hold concentrations."
    )
    suggestion = "It looks log-transformed, centred or scaled as a whole: ask for the numbers as they were measured."
    return [
        Finding(
            "range.negative",
            Verdict.REJECT,
            Scope.RUN,
            {},
            sentence,
            observed=share,
            unit="1",
            limits=(limits["negative_fraction"],),
            suggestion=suggestion,
        )
    ]


def _number() -> pl.Expr:
    # An analyte that is not known has no canonical value; its text tells the sign all the same.
    reported = pl.col("text").str.replace("\u2212", "-", literal=True).str.replace(",", ".", literal=True)
    return pl.coalesce(pl.col("value"), reported.cast(pl.Float64, strict=False))
