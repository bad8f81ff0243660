"""Rule range.two_scales: some results of an analyte were written in another unit than the others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from checks.arithmetic.counts.heaps import heap_at_end
from checks.arithmetic.reference.two_scales import Person, Spread, Tails, slip_chances, spread_of
from checks.neighbours import own_and_linked
from checks.range.equal_numbers import COLUMN, columns_with_equal
from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict
from schemas.unit_slip import NO_UNIT, known_factors, slip_words

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_ID = "range.two_scales"
_TAILS = ("slip_fraction", "tail_fraction", "tail_widening")
_LIMITS = [*_TAILS, "min_results", "min_pairs", "chance", "chance_alone", "required"]
_SAME_FACTOR = 0.01
"""Relative difference within which a factor is that between two dilutions: both are written as whole numbers."""
_USUAL_SD = 2.0
"""SDs from the middle within which a result is no slip, whatever else there is: one factor of them is far longer."""
_PAIR_SD = 3.0
"""SDs within a person by which two results may differ before either of them is looked at."""
_REFERENCE_SD = 2 * 1.96
"""SDs between the ends of a reference interval, which holds 95 percent."""


@rule(_ID, scope=Scope.RESULT, limits=_LIMITS, version=2)
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
    Known factors are those of ``range.unit_slip``: tens and the one to the usual molar unit. A result that a factor
    explains for which there is no unit is left to its range. What was read from a curve of the run itself has the unit
    of its standards, like all others: there the factor must be the one between its dilution and the usual one.

    People and results are taken as log-normal about the median of the run, both with a wide tail; every combination of
    slips of one person's results is weighed against none, and the share of slips of each unit is that of the run (a
    mixture of scales). A person who is unusual at every visit is a person and no slip. Results of other runs are taken
    as they are. Analytes without a spread to go by are silent, and so are censored results and heaps (``range.heap``).
    What a sentence says tells no other result.

    References
    ----------
    .. [1] McLachlan G, Peel D. Finite Mixture Models. Wiley; 2000. doi:10.1002/0471721182. Section 2. The limits are
       Assaygate's proposal.
    """
    has_number = (pl.col("censor").fill_null("") == "") & (pl.col("value") > 0) & pl.col("value").is_finite()
    counted_results = run_input.results.filter(has_number & ~pl.col("ordinal").is_in(sorted(run_input.set_aside)))
    results = _without_heaps(counted_results)
    people_by_column = _people(results, run_input).partition_by(*COLUMN, as_dict=True)
    found: list[Finding] = []
    for column, own in results.group_by(*COLUMN, maintain_order=True):
        variation = run_input.variations.get((str(column[0]), str(column[1])))
        people = people_by_column[column]
        spread = _spread(own, people, None if variation is None else variation.log_sd, limits)
        if spread is not None:
            found += _judged(own, people, spread, limits, is_read=bool(run_input.wells.height))
        elif limits["required"].value:
            found += [_open(row) for row in own.iter_rows(named=True)]
    return sorted(found, key=lambda finding: int(finding.key["result"]))


def _without_heaps(results: pl.DataFrame) -> pl.DataFrame:
    # Results at a limit that nobody declared (range.heap) lie nowhere: neither middle nor spread is theirs.
    columns = columns_with_equal(results, "value")
    if not columns:
        return results
    parts = []
    for column, own in results.group_by(*COLUMN, maintain_order=True):
        numbers = own["value"].to_numpy()
        ends = (heap_at_end(numbers, is_low=is_low) for is_low in (True, False) if column in columns)
        parts.append(own.filter(~pl.col("value").is_in([heap.value for heap in ends if heap is not None])))
    return pl.concat(parts)


def _people(results: pl.DataFrame, run_input: RunInput) -> pl.DataFrame:
    """Return one row a person and column, all columns at once: polars asks much for each question.

    ``ordinals`` and ``logs`` are its own results, ``others`` logarithms in other runs; ``n``, ``total`` and ``reach``
    are of both, ``apart`` is the difference of its first and last one here, null where there is one alone.
    """
    subject = pl.col("subject").fill_null("")
    person = pl.when(subject == "").then(pl.format("result {}", "ordinal")).otherwise(pl.format("subject {}", subject))
    people = results.group_by(*COLUMN, person.alias("person"), maintain_order=True).agg(
        pl.col("ordinal").alias("ordinals"), pl.col("value").log().alias("logs")
    )
    units = results.group_by(*COLUMN).agg(pl.col("unit").first())
    elsewhere = own_and_linked(run_input).filter(pl.col("ordinal").is_null() & (pl.col("number") > 0))
    there = elsewhere.group_by("analyte", "matrix", "unit", pl.format("subject {}", "subject").alias("person"))
    others = there.agg(pl.col("number").log().alias("others"))
    placed = people.join(units, on=COLUMN, how="left", maintain_order="left", nulls_equal=True).join(
        others, on=["analyte", "matrix", "unit", "person"], how="left", maintain_order="left"
    )
    both = placed.with_columns(pl.col("others").fill_null(pl.lit([], pl.List(pl.Float64)))).with_columns(
        pl.concat_list("logs", "others").alias("both")
    )
    logs, every = pl.col("logs").list, pl.col("both").list
    return both.with_columns(
        n=every.len(),
        total=every.sum(),
        reach=every.max() - every.min(),
        apart=pl.when(logs.len() > 1).then(logs.first() - logs.last()),
    ).drop("both")


def _spread(
    own: pl.DataFrame, people: pl.DataFrame, within: float | None, limits: Mapping[str, Limit]
) -> Spread | None:
    if own.height < limits["min_results"].value:
        return _spread_of_reference(own.row(0, named=True), within)
    differences = people["apart"].drop_nulls().to_numpy()
    known = differences if differences.size >= limits["min_pairs"].value else differences[:0]
    return spread_of(np.log(own["value"].to_numpy()), known, within)


def _spread_of_reference(row: ResultRow, within: float | None) -> Spread | None:
    low, high = row["reference_low"], row["reference_high"]
    if low is None or high is None or not 0 < low < high:
        return None
    total = math.log(high / low) / _REFERENCE_SD
    inside = total / math.sqrt(2) if within is None else min(within, total)
    return Spread(math.log(low * high) / 2, math.sqrt(max(total**2 - inside**2, total**2 / 10)), inside)


def _judged(
    own: pl.DataFrame, people: pl.DataFrame, spread: Spread, limits: Mapping[str, Limit], *, is_read: bool
) -> Iterator[Finding]:
    first = own.row(0, named=True)
    factors = known_factors(first["unit_factor"] or 1.0, first["molar_factor"])
    shifts = [math.log(factor) for factor in factors]
    odd = _odd(people, shifts, spread)
    if not odd.height:
        return
    persons = [
        Person(np.array(logs), np.array(others))
        for logs, others in zip(odd["logs"].to_list(), odd["others"].to_list(), strict=True)
    ]
    tails = Tails(**{name: limits[name].value for name in _TAILS})
    own_ordinals = own["ordinal"].to_numpy()
    usual = float(own["dilution"].mode().sort()[0]) if is_read else None
    chances = slip_chances(persons, own.height, shifts, spread, tails)
    for person, ordinals, chance in zip(persons, odd["ordinals"].to_list(), chances, strict=True):
        least = limits["chance" if person.own.size + person.others.size > 1 else "chance_alone"]
        for place in np.flatnonzero(chance.sum(axis=0) >= least.value):
            row = own.row(int(np.flatnonzero(own_ordinals == ordinals[place])[0]), named=True)
            factor = factors[int(chance[:, place].argmax())]
            slip = _slip(row, factor) if usual is None else _slip_of_dilution(row, factor, usual)
            if slip is not None:
                yield _finding(row, factor, slip, (float(chance[:, place].sum()), least))


class _Slip(NamedTuple):
    """What was mistaken: in a condition, and as advice."""

    condition: str
    advice: str


def _slip(row: ResultRow, factor: float) -> _Slip | None:
    words = slip_words(str(row["unit_text"]), factor, unit=str(row["unit"]), molar_unit=str(row["molar_unit"]))
    # Ten times as much creatine kinase is a sore muscle: without a unit of that size nothing was mistaken.
    if words.startswith(NO_UNIT):
        return None
    other = words.removeprefix("looks like ").partition(" entered as")[0].partition(":")[0]
    return _Slip(f"the number is in {other}", f"{words[0].upper()}{words[1:]}. Ask who wrote it; nothing was changed.")


def _slip_of_dilution(row: ResultRow, factor: float, usual: float) -> _Slip | None:
    own = float(row["dilution"])
    if own == usual or not math.isclose(factor, usual / own, rel_tol=_SAME_FACTOR):
        return None
    advice = (
        f"Looks like the dilution 1:{plain(usual)} entered as 1:{plain(own)}. Ask who diluted; nothing was changed."
    )
    return _Slip(f"its dilution is 1:{plain(usual)}, as of the others", advice)


def _odd(people: pl.DataFrame, shifts: Sequence[float], spread: Spread) -> pl.DataFrame:
    """Return the people with a result that a factor brings nearer to where it should lie: all others are no slips."""
    n_own = people["logs"].list.len().to_numpy()
    logs = people["logs"].explode().to_numpy()
    n, total, reach = (np.repeat(people[name].to_numpy(), n_own) for name in ("n", "total", "reach"))
    # Of one alone the middle of the run is all that is known.
    person = np.where(n > 1, (total - logs) / np.maximum(n.astype(np.float64) - 1, 1), spread.centre)
    is_far = np.abs(logs - spread.centre) > _USUAL_SD * math.hypot(spread.between_sd, spread.within_sd)
    is_apart = reach > _PAIR_SD * spread.within_sd
    is_odd = (is_far & _is_nearer(logs, spread.centre, shifts)) | (is_apart & _is_nearer(logs, person, shifts))
    return people[np.unique(np.repeat(np.arange(people.height), n_own)[is_odd])]


def _is_nearer(logs: Floats, middle: Floats | float, shifts: Sequence[float]) -> Flags:
    gap = logs - middle
    return np.asarray(np.min([np.abs(gap + shift) for shift in shifts], axis=0) < np.abs(gap), dtype=np.bool_)


def _open(row: ResultRow) -> Finding:
    sentence = f"{result_name(row)} has too few results in this run, and no reference limits, to tell a scale by."
    return about_result(_ID, Verdict.NOT_EVALUABLE, row, sentence)


def _finding(row: ResultRow, factor: float, slip: _Slip, chance: tuple[float, Limit]) -> Finding:
    observed, least = chance
    value, unit = float(row["value"]), str(row["unit"])
    right = plain(float(f"{value * factor:.3g}"))
    sentence = (
        f"{result_name(row)} of {plain(value)} {unit} is {right} {unit} if {slip.condition}: so it fits the "
        "person and the other results of this run, and as it is written it does not."
    )
    evidence = Evidence(observed, "1", (least, *limits_of(row, "reference_low", "reference_high")))
    return about_result(_ID, Verdict.WARN, row, sentence, evidence=evidence, suggestion=slip.advice)
