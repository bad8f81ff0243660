"""Rule identity.digit_preference: the last digits of measured values are as good as random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import polars as pl

from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

DIGITS = "0123456789"
N_HEAPS = 2
"""Numbers that results beyond a limit pile up at: one at each end."""
_STEPS = (10.0, 1.0, 0.1, 0.01, 0.001, 0.0001)
"""Last steps of a result in the unit that it was measured in, coarsest first."""
_COARSER = 0.35
"""Half a step of the written unit, in steps of the other one, up to which a lattice can be told from chance."""
_FACTOR_DIGITS = 5e-4
"""Relative error of a conversion factor that was rounded to three or four digits."""
_SAME = 1e-9
"""Relative difference that is rounding of the computer."""


@rule(
    "identity.digit_preference", scope=Scope.ANALYTE, limits=["alpha", "min_values", "min_steps", "required"], version=3
)
def digit_preference(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every analyte whose results end in some digits far too often.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``text``, the values as reported, with ``unit_factor`` and ``molar_factor``.
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
    Chi-square of equal frequencies over the values with the most frequent number of decimals. A last decimal that is 0
    in every value is how software writes whole numbers, and is not one of them. Where no value ends in 0, trailing
    zeros were cut off, and the other nine digits are judged. Values that were measured in mass units and reported in
    molar ones, or the other way round, lie on the lattice of the first unit, and their own last digits are not free:
    where every value is one of that lattice within its rounding, the digits of the measured unit are judged. Digits
    that are uneven because many results are one and the same number are left to ``range.heap``. Censored values, and
    what is not a plain number, are left out. Calibrated results have no reported text and are silent.

    References
    ----------
    .. [1] Mosimann JE, Wiseman CV, Edelman RE. Data fabrication: can people generate random digits? Account Res.
       1995;4:31-55. The limits are Assaygate's proposal.
    """
    found = []
    plain = run_input.results.filter(pl.col("text").str.strip_chars().str.contains(r"^[0-9]+(?:[.,][0-9]+)?$"))
    for (analyte, matrix), own in plain.group_by("analyte", "matrix", maintain_order=True):
        texts = _same_decimals(own["text"].str.strip_chars().to_list())
        said = _judged({"analyte": str(analyte), "matrix": str(matrix)}, texts, _other_unit(own), limits)
        found += [said] if said else []
    return found


def _other_unit(own: pl.DataFrame) -> float | None:
    """Return the factor from the unit as written to the one on the other side of the molar mass; None if unknown."""
    factors = own.select("unit_factor", "molar_factor").unique()
    unit_factor, molar_factor = factors.row(0)
    if factors.height > 1 or not unit_factor or not molar_factor:
        return None
    is_molar = abs(unit_factor / molar_factor - 1) < _SAME
    return float(unit_factor if is_molar else unit_factor / molar_factor)


def _same_decimals(texts: list[str]) -> list[str]:
    decimals = [len(text.replace(",", ".").partition(".")[2]) for text in texts]
    usual = max(Counter(decimals).items(), key=lambda one: (one[1], one[0]), default=(0, 0))[0]
    usual_texts = [text.replace(",", ".") for text, own in zip(texts, decimals, strict=True) if own == usual]
    # Software writes 126 as 126.0: a decimal that is 0 in every value was never read.
    while usual_texts and all("." in text and text.endswith("0") for text in usual_texts):
        usual_texts = [text[:-1].removesuffix(".") for text in usual_texts]
    return usual_texts


def _judged(
    key: dict[str, str | int], texts: list[str], other_unit: float | None, limits: Mapping[str, Limit]
) -> Finding | None:
    steps = [int(text.replace(",", "").replace(".", "")) for text in texts]
    if len(texts) < limits["min_values"].value or max(steps) - min(steps) < limits["min_steps"].value:
        return _open(key, limits) if limits["required"].value else None
    counts = Counter(text[-1] for text in texts)
    p = _p_of(counts)
    if p < limits["alpha"].value:
        # Many results at one number are a limit (range.heap), whatever its digits: no preference for one of them.
        p = max(p, _p_of(Counter(text[-1] for text in _without_heaps(texts))))
    if p < limits["alpha"].value:
        measured = None if other_unit is None else lattice_of(texts, other_unit)
        if measured is not None:
            counts = Counter(str(step % 10) for step in measured)
            p = _p_of(counts) if max(measured) - min(measured) >= limits["min_steps"].value else 1.0
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


def _without_heaps(texts: list[str]) -> list[str]:
    """Leave no number more often than the one that is third most frequent: a floor and a ceiling at most are heaps."""
    counts = Counter(texts).most_common()
    most = counts[min(N_HEAPS, len(counts) - 1)][1]
    return [text for text, n in counts for _ in range(min(n, most))]


def _p_of(counts: Counter[str]) -> float:
    from scipy import stats

    digits = DIGITS if counts["0"] else DIGITS[1:]
    return float(stats.chisquare([counts[digit] for digit in digits]).pvalue)


def lattice_of(texts: list[str], other_unit: float) -> list[int] | None:
    """Return the values in whole steps of the unit that they were measured in, if they were converted from it.

    Parameters
    ----------
    texts : list of str
        Values as written, all with the same number of decimals.
    other_unit : float
        Factor from the unit as written to the other one, above 0.

    Returns
    -------
    list of int or None
        Steps of the coarsest lattice of decimals that holds every value within its rounding; None if there is none that
        is coarser than the rounding itself.
    """
    decimals = len(texts[0].replace(",", ".").partition(".")[2])
    numbers = [float(text.replace(",", ".")) * other_unit for text in texts]
    rounding = 0.5 * 10.0**-decimals * other_unit
    for step in _STEPS:
        # Laboratories convert by factors of four digits.
        step_counts = [round(number / step) for number in numbers]
        gaps = (abs(number - place * step) for number, place in zip(numbers, step_counts, strict=True))
        room = (rounding + abs(number) * _FACTOR_DIGITS + step * _SAME for number in numbers)
        if rounding < step * _COARSER and all(gap <= most for gap, most in zip(gaps, room, strict=True)):
            return step_counts
    return None


def _open(key: dict[str, str | int], limits: Mapping[str, Limit]) -> Finding:
    text = "The values are too few, or lie too close together, for their last digits to be judged."
    given = (limits["min_values"], limits["min_steps"])
    return Finding("identity.digit_preference", Verdict.NOT_EVALUABLE, Scope.ANALYTE, key, text, limits=given)
