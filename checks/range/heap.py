"""Rule range.heap: results that pile up at one lowest or highest number lie beyond a limit that nobody declared."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.arithmetic.counts.heaps import Heap, HeapLimits, heap_at_end
from checks.range.equal_numbers import COLUMN, columns_with_equal
from checks.range.put_in_limit import limit_behind
from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

_ID = "range.heap"
_BOUNDS = ("alpha", "min_values", "min_equal", "min_fraction", "beyond_fraction", "count_ratio", "density_ratio")
_PARTS = {"visit": "visit", "plate": "plate"}
"""Columns by which a run is looked at in parts, and what a part is called: never which."""
_DIGITS = 12
"""Digits that are kept of a number that is turned back into the unit it was written in."""
_WORDS = {True: "lowest", False: "highest"}


@rule(_ID, scope=Scope.ANALYTE, limits=[*_BOUNDS, "required"])
def heap(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every analyte with far more results at one extreme number than the numbers beside it explain.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: numbers without a bound, as they were written, with visit, plate and the limits of
        quantification that the file or the catalogue states.
    limits : mapping of str to Limit
        ``alpha``: p below which equal numbers are not put down to chance, above 0 and below 1. ``min_values``: numbers
        from which on an analyte is judged. ``min_equal``: equal numbers from which on they are a heap.
        ``min_fraction``: share of the numbers that a heap holds, 0 to 1. ``beyond_fraction``: share that may lie beyond
        it, 0 to 1. ``count_ratio``: how many times as often as any other number but one it occurs.
        ``density_ratio``: how much denser numbers may lie at the end of a smooth column than beside it. ``required``: 1
        if an analyte with too few numbers is held, 0 if it is silent.

    Returns
    -------
    list of Finding
        One ``warn`` for each analyte and matrix with a heap: its number, count and share, in the run and in its visits,
        and how to declare it. A heap in one visit or on one plate alone is told as that; which one is not said.
        ``not_evaluable``, where it is required, for each with too few numbers.

    Notes
    -----
    Results below or above a limit are often given as the limit, its half, or the limit over the square root of 2, and
    then ranked and averaged as if they had been measured; limits that differ between visits make a change of their own.
    Which of these it is is guessed from the next number, which must lie above the limit. Instruments that report whole
    numbers or few digits put many results on every number, and are not flagged. Shorter columns are silent.

    References
    ----------
    .. [1] Helsel DR. Fabricating data: how substituting values for nondetects can ruin results, and what can be done
       about it. Chemosphere. 2006;65(11):2434-2439. doi:10.1016/j.chemosphere.2006.04.051. The limits are Assaygate's
       proposal.
    """
    is_plain = (pl.col("censor").fill_null("") == "") & pl.col("value").is_finite().fill_null(False)
    factor = pl.coalesce("unit_factor", 1.0)
    written = (pl.col("value") / factor).round_sig_figs(_DIGITS).alias("written")
    rows = run_input.results.filter(is_plain).with_columns(written)
    bounds = HeapLimits(**{name: limits[name].value for name in _BOUNDS})
    columns = columns_with_equal(rows, "written", (None, *_PARTS), bounds)
    if not columns and not limits["required"].value:
        return []
    found = []
    for column, own in rows.group_by(*COLUMN, maintain_order=True):
        ends = (_end_of(own, is_low=is_low, bounds=bounds) for is_low in (True, False) if column in columns)
        said = [end for end in ends if end is not None]
        if said:
            found.append(_finding(own, said, limits))
        elif limits["required"].value and own.height < limits["min_values"].value:
            found.append(_open(own, limits))
    return found


def _end_of(own: pl.DataFrame, *, is_low: bool, bounds: HeapLimits) -> tuple[str, str, Heap] | None:
    """Return what is said of one end, how to declare it, and the heap; None where there is none."""
    end_heap = heap_at_end(own["written"].to_numpy(), is_low=is_low, limits=bounds)
    for column, part in _PARTS.items():
        apart = _in_one_part(own, column, is_low=is_low, bounds=bounds)
        if apart is not None:
            heap, others = apart
            return _sentence_of_part(heap, others, part), _declaration(heap, own), heap
    if end_heap is None:
        return None
    return _sentence(end_heap, own), _declaration(end_heap, own), end_heap


def _in_one_part(own: pl.DataFrame, column: str, *, is_low: bool, bounds: HeapLimits) -> tuple[Heap, pl.Series] | None:
    """Return the largest heap of a part at a number that others go beyond, with the numbers of the others."""
    best: tuple[Heap, pl.Series] | None = None
    parts = own.filter(pl.col(column).fill_null("") != "")
    for name in parts[column].unique(maintain_order=True):
        inside, others = (
            parts.filter(chosen)["written"] for chosen in (pl.col(column) == name, pl.col(column) != name)
        )
        heap = heap_at_end(inside.to_numpy(), is_low=is_low, limits=bounds)
        if heap is None or not others.len():
            continue
        n_beyond = ((others < heap.value) if is_low else (others > heap.value)).sum()
        is_apart = n_beyond > bounds.beyond_fraction * others.len()
        if is_apart and (best is None or heap.n_equal > best[0].n_equal):
            best = (heap, others)
    return best


def _sentence(heap: Heap, own: pl.DataFrame) -> str:
    end = _WORDS[heap.is_low]
    text = f"{heap.n_equal} of {heap.n_values} results are {plain(heap.value)}, the {end} value"
    text += f" but for {heap.n_beyond}" if heap.n_beyond else ""
    visits = own.filter(pl.col("visit").fill_null("") != "").group_by("visit")
    counts = visits.agg((pl.col("written") == heap.value).sum().alias("n"), pl.len().alias("of")).sort("n", "of")
    if counts.height > 1:
        text += f" ({', '.join(f'{n} of {of}' for n, of in counts.select('n', 'of').iter_rows())} by visit)"
    return f"{text}: results {'below' if heap.is_low else 'above'} a limit that is not marked?"


def _sentence_of_part(heap: Heap, others: pl.Series, part: str) -> str:
    end, reach = (_WORDS[heap.is_low], others.min() if heap.is_low else others.max())
    n_there = int((others == heap.value).sum())
    return (
        f"{heap.n_equal} of {heap.n_values} results of one {part} are {plain(heap.value)}, the {end} there; all others "
        f"reach {'down' if heap.is_low else 'up'} to {plain(float(str(reach)))} and have {n_there} of "
        f"{plain(heap.value)}: two limits?"
    )


def _declaration(heap: Heap, own: pl.DataFrame) -> str:
    known = own.select(pl.col("lloq" if heap.is_low else "uloq") / pl.coalesce("unit_factor", 1.0)).to_series()
    limit, words = limit_behind(heap, known.drop_nulls().unique().to_list())
    sign, unit = "<" if heap.is_low else ">", own["unit_text"][0]
    if limit is None:
        return f"Is {plain(heap.value)} {unit} {words}? Give them as '{sign}' with the limit of the method."
    return f"Is {plain(heap.value)} {unit} {words}? Give them as '{sign}{plain(limit)}'."


def _key(own: pl.DataFrame) -> dict[str, str]:
    return {name: str(own[name][0]) for name in ("analyte", "matrix")}


def _open(own: pl.DataFrame, limits: Mapping[str, Limit]) -> Finding:
    text = f"{own.height} numbers are too few to tell a heap at one of them from chance."
    used = (limits["min_values"], limits["required"])
    return Finding(_ID, Verdict.NOT_EVALUABLE, Scope.ANALYTE, _key(own), text, limits=used)


def _finding(own: pl.DataFrame, said: list[tuple[str, str, Heap]], limits: Mapping[str, Limit]) -> Finding:
    heap = max((heap for _, _, heap in said), key=lambda one: one.n_equal)
    return Finding(
        _ID,
        Verdict.WARN,
        Scope.ANALYTE,
        _key(own),
        " ".join(sentence for sentence, _, _ in said),
        observed=heap.n_equal / heap.n_values,
        unit="1",
        limits=(limits["alpha"], limits["min_fraction"], limits["count_ratio"]),
        suggestion=f"{' '.join(how for _, how, _ in said)} Approve them only if each was read as this number.",
    )
