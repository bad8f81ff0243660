"""Rule identity.copied_block: no stretch of values stands twice in a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from checks.plate_layout import well_place
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("identity.copied_block", version=3, scope=Scope.ANALYTE, limits=["min_length", "min_distinct", "max_expected"])
def copied_block(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every analyte of a run in which a stretch of neighbouring values stands at two places.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` is looked at (signals along rows and along columns), or ``results`` where there are no wells.
    limits : mapping of str to Limit
        ``min_length``: shortest stretch of equal values that is told, 2 or more.
        ``min_distinct``: fewest different values in it, 1 or more: blanks that all read the same are no copy.
        ``max_expected``: most stretches of its length that chance alone may be expected to repeat, above 0: whole
        numbers of a narrow range repeat by themselves.

    Returns
    -------
    list of Finding
        ``warn`` for each analyte (of each plate) with a copied stretch, the longest one, in the order of the file;
        ``not_evaluable`` for each analyte without a value. One value alone repeats none.

    Notes
    -----
    Values are equal if their numbers are. Wells without a signal, results without a number and censored results end a
    stretch. The two places may not overlap. By chance n values repeat a stretch of length L about
    (n - L)^2 / 2 x c^L times, where c is the chance that two of them are equal: the sum of the squared shares of each
    value.

    References
    ----------
    .. [1] Simonsohn U. Just post it: the lesson from two cases of fabricated data. Psychol Sci. 2013;24:1875-88. The
       limits are Assaygate's proposal.
    """
    rows = _from_wells(run_input.wells) if run_input.wells.height else _from_results(run_input.results)
    found = []
    for key, sequences in rows:
        if all(value is None for value in sequences[0]):
            text = "No value of this analyte is there to be compared."
            found.append(Finding("identity.copied_block", Verdict.NOT_EVALUABLE, Scope.ANALYTE, key, text))
            continue
        length = max(_longest(sequence, limits) for sequence in sequences)
        if length:
            found.append(_copied(key, length, limits))
    return found


def _from_wells(wells: pl.DataFrame) -> Iterator[tuple[dict[str, str | int], list[list[float | None]]]]:
    for (plate, analyte), own in wells.group_by("plate", "analyte", maintain_order=True):
        placed = [(well_place(well), signal) for well, signal in own.select("well", "signal").iter_rows()]
        known = [(place, signal) for place, signal in placed if place is not None]
        by_row = [signal for _, signal in sorted(known, key=lambda one: one[0])]
        by_column = [signal for _, signal in sorted(known, key=lambda one: (one[0][1], one[0][0]))]
        yield {"analyte": str(analyte), "plate": str(plate)}, [by_row, by_column]


def _from_results(results: pl.DataFrame) -> Iterator[tuple[dict[str, str | int], list[list[float | None]]]]:
    is_bound = pl.col("censor").fill_null("") != ""
    plain = results.with_columns(pl.when(~is_bound).then("value").alias("number"))
    # An analyte of bounds alone holds no copied numbers, and lacks none either.
    plain = plain.filter((~is_bound).any().over("analyte", "matrix"))
    for (analyte, matrix), own in plain.group_by("analyte", "matrix", maintain_order=True):
        yield {"analyte": str(analyte), "matrix": str(matrix)}, [own["number"].to_list()]


def _is_chance(values: Sequence[float | None], length: int, most: float) -> bool:
    counts = Counter(value for value in values if value is not None)
    n = counts.total()
    equal = sum(count * (count - 1) for count in counts.values()) / (n * (n - 1))
    return (n - length) ** 2 / 2 * equal**length > most


def _longest(values: Sequence[float | None], limits: Mapping[str, Limit]) -> int:
    # Stretches of the least length are looked up by what they hold, then followed as far as both places agree.
    least, distinct = int(limits["min_length"].value), int(limits["min_distinct"].value)
    first_at: dict[tuple[float | None, ...], int] = {}
    best = 0
    for start in range(len(values) - least + 1):
        stretch = tuple(values[start : start + least])
        if None in stretch:
            continue
        earlier = first_at.setdefault(stretch, start)
        if start - earlier >= least:
            best = max(best, _length(values, earlier, start, distinct))
    return 0 if best and _is_chance(values, best, limits["max_expected"].value) else best


def _length(values: Sequence[float | None], earlier: int, start: int, distinct: int) -> int:
    length = 0
    while start + length < len(values) and earlier + length < start:
        one = values[start + length]
        if one is None or one != values[earlier + length]:
            break
        length += 1
    return length if len(set(values[start : start + length])) >= distinct else 0


def _copied(key: Mapping[str, str | int], length: int, limits: Mapping[str, Limit]) -> Finding:
    return Finding(
        "identity.copied_block",
        Verdict.WARN,
        Scope.ANALYTE,
        dict(key),
        f"A stretch of {length} neighbouring values stands at two places of this run.",
        observed=float(length),
        unit="1",
        limits=(limits["min_length"], limits["min_distinct"]),
        suggestion="Compare with the instrument's own file: a block may have been pasted twice.",
    )
