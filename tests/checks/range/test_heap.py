from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest

from checks.arithmetic.counts.heaps import SHIPPED, heap_at_end
from checks.profile import load_profile
from checks.range.heap import heap
from checks.run_input import RunInput
from schemas.finding import Finding
from schemas.run import Run

LIMITS = load_profile("sample-rules").limits_by_rule["range.heap"]
HONEST = {
    "log-normal in hundredths": lambda rng, n: np.round(rng.lognormal(1, 0.5, n), 2),
    "log-normal in tenths near zero": lambda rng, n: np.round(rng.lognormal(-1, 1.2, n), 1),
    "log-normal in whole numbers": lambda rng, n: np.round(rng.lognormal(3, 0.6, n)),
    "few whole numbers": lambda rng, n: rng.poisson(1.0, n).astype(float),
    "falling whole numbers": lambda rng, n: np.floor(rng.exponential(1.0, n)),
    "three digits that count": lambda rng, n: np.array([float(f"{x:.3g}") for x in rng.lognormal(3, 1.2, n)]),
    "percent that cannot exceed 100": lambda rng, n: np.minimum(100, np.round(rng.normal(96, 1.5, n))),
}


def judged(values: np.ndarray, *, visits: list[str] | None = None, lloq: float | None = None) -> list[Finding]:
    n = values.size
    columns = {
        "analyte": ["tnf_alpha"] * n, "matrix": ["serum"] * n, "unit_text": ["pg/mL"] * n, "unit_factor": [1.0] * n,
        "value": values, "censor": [""] * n, "visit": visits or [""] * n, "plate": [""] * n,
        "lloq": [lloq] * n, "uloq": [None] * n,
    }  # fmt: skip
    results = pl.DataFrame(columns, schema_overrides={"lloq": pl.Float64, "uloq": pl.Float64})
    none = pl.DataFrame()
    run_input = RunInput(run=Run(run="R"), wells=none, results=results, controls=none, control_history=none)
    return heap.judge(run_input, LIMITS)


@pytest.mark.parametrize("kind", HONEST)
def test_honest_columns_raise_no_alarm_however_coarse(kind: str, is_long: bool) -> None:
    rng = np.random.default_rng(7)
    columns = [HONEST[kind](rng, n) for n in (12, 40, 120, 600) for _ in range(1000 if is_long else 60)]

    alarms = sum(heap_at_end(one, is_low=low) is not None for one in columns for low in (True, False))

    assert alarms <= 0.002 * len(columns)


@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["floor", "ceiling"])
@pytest.mark.parametrize("share", [0.2, 0.35, 0.6, 0.9])
def test_a_limit_is_found_with_its_count(share: float, sign: float) -> None:
    rng = np.random.default_rng(8)
    values = sign * HONEST["log-normal in hundredths"](rng, 60)
    limit = float(np.quantile(values, share if sign > 0 else 1 - share, method="nearest"))
    cut = np.maximum(values, limit) if sign > 0 else np.minimum(values, limit)

    found = heap_at_end(cut, is_low=sign > 0)

    assert found is not None
    assert (found.value, found.n_equal) == (limit, int((cut == limit).sum()))


def test_the_numbers_of_the_profile_are_those_that_a_release_is_tested_by() -> None:
    assert dataclasses.asdict(SHIPPED) == {name: LIMITS[name].value for name in dataclasses.asdict(SHIPPED)}


@pytest.mark.parametrize(
    ("number", "lloq", "words"),
    [
        (0.25, None, "Is 0.25 pg/mL half of a limit of 0.5? Give them as '<0.5'."),
        (0.35, None, "Is 0.35 pg/mL a limit of 0.5 over the square root of 2? Give them as '<0.5'."),
        (0.25, 0.25, "Is 0.25 pg/mL a limit? Give them as '<0.25'."),
        (0.5, None, "Is 0.5 pg/mL a limit? Give them as '<0.5'."),
        (0.0, None, "Is 0 pg/mL a number put in for results below a limit? Give them as '<' with the limit"),
    ],
)
def test_what_was_put_in_is_named_with_the_way_to_declare_it(number: float, lloq: float | None, words: str) -> None:
    rest = [0.52, 0.61, 0.83, 1.1, 1.43, 2.2, 3.4, 5.7, 8.9, 12.3]

    (found,) = judged(np.array([number] * 14 + rest), lloq=lloq)

    assert found.sentence.startswith(f"14 of 24 results are {number:g}, the lowest value")
    assert found.suggestion.startswith(words)


def test_a_second_floor_in_one_visit_is_told_without_the_visit() -> None:
    rng = np.random.default_rng(9)
    first, second = (np.round(rng.lognormal(1.2, 0.6, 60), 2) for _ in range(2))
    visits = ["baseline"] * 60 + ["week 12"] * 60

    (found,) = judged(np.concatenate([np.maximum(first, 1.37), np.maximum(second, 5.23)]), visits=visits)

    n = int((second <= 5.23).sum())
    assert f"{n} of 60 results of one visit are 5.23, the lowest there; all others reach down to 1.37" in found.sentence
    assert found.sentence.endswith("two limits?")
    assert "week" not in found.sentence + found.suggestion
