"""Rule identity.digit_preference: the last digits of measured values are as good as random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import polars as pl

from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

DIGITS = "0123456789"


@rule("identity.digit_preference", scope=Scope.ANALYTE, limits=["alpha", "min_values", "min_steps", "required"])
def digit_preference(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every analyte whose results end in some digits far too often.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``text``, the values as reported.
    limits : mapping of str to Limit
        ``alpha``: p below which the digits are not put down to chance, above 0 and below 1.
        ``min_values``: fewest values with the same number of decimals that can be judged.
        ``min_steps``: fewest steps of the last digit that the values must span, so that its digit is free.
        ``required``: 1 if an analyte that cannot be judged is held, 0 if it is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each analyte and matrix whose last digits are uneven; ``not_evaluable``, where it
        is required, for each with too few values or too few steps between them.

    Notes
    -----
    Chi-square of equal frequencies over the values with the most frequent number of decimals. Where no value ends in
    0, trailing zeros were cut off, and the other nine digits are judged. Censored values, and what is not a plain
    number, are left out. Calibrated results have no reported text and are silent.

    References
    ----------
    .. [1] Mosimann JE, Wiseman CV, Edelman RE. Data fabrication: can people generate random digits? Account Res.
       1995;4:31-55. The limits are Assaygate's proposal.
    """
    found = []
    plain = run_input.results.filter(pl.col("text").str.strip_chars().str.contains(r"^[0-9]+(?:[.,][0-9]+)?$"))
    for (analyte, matrix), own in plain.group_by("analyte", "matrix", maintain_order=True):
        texts = _same_decimals(own["text"].str.strip_chars().to_list())
        said = _judged({"analyte": str(analyte), "matrix": str(matrix)}, texts, limits)
        found += [said] if said else []
    return found


def _same_decimals(texts: list[str]) -> list[str]:
    decimals = [len(text.replace(",", ".").partition(".")[2]) for text in texts]
    usual = max(Counter(decimals).items(), key=lambda one: (one[1], one[0]), default=(0, 0))[0]
    return [text for text, own in zip(texts, decimals, strict=True) if own == usual]


def _judged(key: dict[str, str | int], texts: list[str], limits: Mapping[str, Limit]) -> Finding | None:
    steps = [int(text.replace(",", "").replace(".", "")) for text in texts]
    if len(texts) < limits["min_values"].value or max(steps) - min(steps) < limits["min_steps"].value:
        return _open(key, limits) if limits["required"].value else None
    from scipy import stats

    counts = Counter(text[-1] for text in texts)
    digits = DIGITS if counts["0"] else DIGITS[1:]
    p = float(stats.chisquare([counts[digit] for digit in digits]).pvalue)
    if p >= limits["alpha"].value:
        return None
    most, n_most = counts.most_common(1)[0]
    return Finding(
        "identity.digit_preference",
        Verdict.WARN,
        Scope.ANALYTE,
        key,
        f"Of {len(texts)} reported values, {n_most} end in {most} (p = {p:.2g} if all digits were alike).",
        observed=p,
        unit="1",
        limits=(limits["alpha"], limits["min_values"]),
        suggestion="Ask whether values were rounded, typed or read off by hand; take in the instrument's own file.",
    )


def _open(key: dict[str, str | int], limits: Mapping[str, Limit]) -> Finding:
    text = "The values are too few, or lie too close together, for their last digits to be judged."
    given = (limits["min_values"], limits["min_steps"])
    return Finding("identity.digit_preference", Verdict.NOT_EVALUABLE, Scope.ANALYTE, key, text, limits=given)
