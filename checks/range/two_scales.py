"""Rule range.two_scales: some results of an analyte were written in another unit than the others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from checks.arithmetic.counts.heaps import heap_at_end
from checks.arithmetic.reference.two_scales import Person, Spread, Tails, slip_chances, spread_of
from checks.neighbours import own_and_linked
from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict
from schemas.unit_slip import known_factors, slip_words

_ID = "range.two_scales"
_TAILS = ("slip_fraction", "tail_fraction", "tail_widening")
_LIMITS = [*_TAILS, "min_results", "min_pairs", "chance", "chance_alone", "required"]
_USUAL_SD = 1.5
"""SDs from the middle within which a result is no slip, whatever else there is: one factor of them is far longer."""
_PAIR_SD = 3.0
"""SDs within a person by which two results may differ before either of them is looked at."""
_REFERENCE_SD = 2 * 1.96
"""SDs between the ends of a reference interval, which holds 95 percent."""


@dataclass(frozen=True, slots=True)
class _Column:
    """Results of one analyte in one matrix and one written unit."""

    rows: Sequence[ResultRow]
    """Own results with a number above 0."""
    logs: dict[int, float]
    """Natural logarithm of each, by ordinal."""
    people: dict[str, list[int]]
    """Ordinals by person; a result of an unknown person stands alone."""
    elsewhere: dict[str, list[float]]
    """Logarithms of results of the same people in other runs."""
    spread: Spread
    """How the column spreads."""


@rule(_ID, scope=Scope.RESULT, limits=_LIMITS)
def two_scales(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result that fits its person and the other results of its run only in another unit.

    Parameters
    ----------
    run_input : RunInput
        ``results``, ``linked`` and ``variations`` are looked at: numbers above 0 and without a bound of one analyte,
        matrix and written unit, with ``unit_factor``, ``molar_factor`` and the reference limits.
    limits : mapping of str to Limit
        ``slip_fraction``: share of results that are written in another unit, before the run is seen, above 0 and below
        1. ``tail_fraction`` and ``tail_widening``: share of people, and of results, that are unusual without a slip,
        and how many times as far they lie. ``min_results``: results from which on their own middle and spread are
        taken; below, the reference limits. ``min_pairs``: people with two results from which on their differences say
        how much one person varies; below, the catalogue. ``chance``: chance of a slip from which on a result is
        flagged, 0 to 1; ``chance_alone``: the same where the person has no other result. ``required``: 1 if an analyte
        that has no spread to go by is held, 0 if it is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each such result, with the unit that it fits in. Nothing is changed. ``not_evaluable``, where it
        is required, for each result of an analyte with too few of them and without reference limits.

    Notes
    -----
    Known factors are those of ``range.unit_slip``: tens, and the one to the usual molar unit. People and results are
    taken as log-normal about the median of the run, both with a wide tail; every combination of slips of one person's
    results is weighed against none, and the share of slips of each unit is that of the run (a mixture of scales). A
    person who is unusual at every visit is a person and no slip. Results of other runs are taken as they are. Analytes
    without a spread to go by are silent, and so are censored results and heaps (``range.heap``). What a sentence says
    tells no other result.

    References
    ----------
    .. [1] McLachlan G, Peel D. Finite Mixture Models. Wiley; 2000. doi:10.1002/0471721182. Section 2. The limits are
       Assaygate's proposal.
    """
    linked = own_and_linked(run_input).filter(pl.col("ordinal").is_null() & (pl.col("number") > 0))
    has_number = (pl.col("censor").fill_null("") == "") & (pl.col("value") > 0) & pl.col("value").is_finite()
    kept = run_input.results.filter(has_number & ~pl.col("ordinal").is_in(sorted(run_input.set_aside)))
    found: list[Finding] = []
    for (analyte, matrix, _), whole in kept.group_by("analyte", "matrix", "unit_text", maintain_order=True):
        own = _without_heaps(whole)
        others = linked.filter((pl.col("analyte") == analyte) & (pl.col("matrix") == matrix))
        variation = run_input.variations.get((str(analyte), str(matrix)))
        column = _column(own, others, None if variation is None else variation.log_sd, limits)
        if column is not None:
            found += _judged(column, limits)
        elif limits["required"].value:
            found += [_open(row) for row in own.iter_rows(named=True)]
    return sorted(found, key=lambda finding: int(finding.key["result"]))


def _without_heaps(own: pl.DataFrame) -> pl.DataFrame:
    # Results at a limit that nobody declared (range.heap) lie nowhere: neither middle nor spread is theirs.
    numbers = own["value"].to_numpy()
    heaps = [heap_at_end(numbers, is_low=is_low) for is_low in (True, False)]
    return own.filter(~pl.col("value").is_in([heap.value for heap in heaps if heap is not None]))


def _column(
    own: pl.DataFrame, others: pl.DataFrame, within: float | None, limits: Mapping[str, Limit]
) -> _Column | None:
    rows = list(own.iter_rows(named=True))
    if not rows:
        return None
    logs = {int(row["ordinal"]): math.log(row["value"]) for row in rows}
    people: dict[str, list[int]] = {}
    for row in rows:
        people.setdefault(row["subject"] or f"\0{row['ordinal']}", []).append(int(row["ordinal"]))
    elsewhere: dict[str, list[float]] = {}
    for subject, unit, number in others.select("subject", "unit", "number").iter_rows():
        if subject in people and unit == rows[0]["unit"]:
            elsewhere.setdefault(subject, []).append(math.log(number))
    pairs = [logs[places[0]] - logs[places[-1]] for places in people.values() if len(places) > 1]
    differences = np.array(pairs if len(pairs) >= limits["min_pairs"].value else [])
    is_long = len(rows) >= limits["min_results"].value
    numbers = np.array(list(logs.values()))
    spread = spread_of(numbers, differences, within) if is_long else _spread_of_reference(rows[0], within)
    return None if spread is None else _Column(rows, logs, people, elsewhere, spread)


def _spread_of_reference(row: ResultRow, within: float | None) -> Spread | None:
    low, high = row["reference_low"], row["reference_high"]
    if low is None or high is None or not 0 < low < high:
        return None
    total = math.log(high / low) / _REFERENCE_SD
    inside = total / math.sqrt(2) if within is None else min(within, total)
    return Spread(math.log(low * high) / 2, math.sqrt(max(total**2 - inside**2, total**2 / 10)), inside)


def _judged(column: _Column, limits: Mapping[str, Limit]) -> Iterator[Finding]:
    row = column.rows[0]
    factors = known_factors(row["unit_factor"] or 1.0, row["molar_factor"])
    names = [name for name in column.people if _is_odd(column, name)]
    people = [
        Person(np.array([column.logs[one] for one in column.people[name]]), np.array(column.elsewhere.get(name, [])))
        for name in names
    ]
    if not people:
        return
    tails = Tails(**{name: limits[name].value for name in _TAILS})
    shifts = [math.log(factor) for factor in factors]
    by_ordinal = {int(one["ordinal"]): one for one in column.rows}
    chances = slip_chances(people, len(column.rows), shifts, column.spread, tails)
    for name, person, chance in zip(names, people, chances, strict=True):
        least = limits["chance" if person.own.size + person.others.size > 1 else "chance_alone"]
        for place, ordinal in enumerate(column.people[name]):
            total = float(chance[:, place].sum())
            if total >= least.value:
                factor = factors[int(chance[:, place].argmax())]
                yield _finding(by_ordinal[ordinal], factor, total, least)


def _is_odd(column: _Column, name: str) -> bool:
    own = [column.logs[ordinal] for ordinal in column.people[name]]
    both = [*own, *column.elsewhere.get(name, [])]
    spread = column.spread
    usual = _USUAL_SD * math.hypot(spread.between_sd, spread.within_sd)
    is_far = max(abs(log - spread.centre) for log in own) > usual
    return is_far or max(both) - min(both) > _PAIR_SD * spread.within_sd


def _open(row: ResultRow) -> Finding:
    sentence = f"{result_name(row)} has too few results in this run, and no reference limits, to tell a scale by."
    return about_result(_ID, Verdict.NOT_EVALUABLE, row, sentence)


def _finding(row: ResultRow, factor: float, chance: float, least: Limit) -> Finding:
    words = slip_words(str(row["unit_text"]), factor, unit=str(row["unit"]), molar_unit=str(row["molar_unit"]))
    other = words.removeprefix("looks like ").partition(" entered as")[0].partition(":")[0]
    value, unit = float(row["value"]), str(row["unit"])
    right = plain(float(f"{value * factor:.3g}"))
    sentence = (
        f"{result_name(row)} of {plain(value)} {unit} is {right} {unit} if the number is in {other}: so it fits the "
        "person and the other results of this run, and as it is written it does not."
    )
    evidence = Evidence(chance, "1", (least, *limits_of(row, "reference_low", "reference_high")))
    suggestion = f"{words[0].upper()}{words[1:]}. Ask who wrote it; nothing was changed."
    return about_result(_ID, Verdict.WARN, row, sentence, evidence=evidence, suggestion=suggestion)
