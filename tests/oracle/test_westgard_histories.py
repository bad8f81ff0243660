"""First judge: Westgard histories, beside patterns in text and beside the package westgard-python."""

from __future__ import annotations

import re

import numpy as np
import pytest

from checks.arithmetic.charts.westgard import evaluate

# One letter a result, from far above to far below: beyond 3, 2 and 1 SD, and between the mean and 1 SD.
LETTERS = "ABCDdcba"
EDGES = (3.0, 2.0, 1.0, 0.0, -1.0, -2.0, -3.0)
PATTERNS = {
    "1-2s": "[AB]$|[ba]$",
    "1-3s": "A$|a$",
    "2-2s": "[AB]{2}$|[ba]{2}$",
    "4-1s": "[ABC]{4}$|[cba]{4}$",
    "7-x": "[A-D]{7}$|[a-d]{7}$",
    "8-x": "[A-D]{8}$|[a-d]{8}$",
    "9-x": "[A-D]{9}$|[a-d]{9}$",
    "10-x": "[A-D]{10}$|[a-d]{10}$",
    "12-x": "[A-D]{12}$|[a-d]{12}$",
}
NAMES = {"1-2s": "ONE_2S", "1-3s": "ONE_3S", "2-2s": "TWO_2S", "4-1s": "FOUR_1S", "8-x": "EIGHT_X", "9-x": "NINE_X"}
NAMES |= {"10-x": "TEN_X", "12-x": "TWELVE_X", "7-T": "SEVEN_T"}
MANY = pytest.mark.parametrize("n_cases", [80, pytest.param(30_000, marks=pytest.mark.long)])
FEWER = pytest.mark.parametrize("n_cases", [40, pytest.param(10_000, marks=pytest.mark.long)])


def history(rng: np.random.Generator) -> list[float]:
    # Shifted, drifting or scattered more than they should: rules speak often.
    n_runs = int(rng.integers(5, 25))
    shift, drift, spread = rng.choice([0.0, 0.8, -1.5]), rng.choice([0.0, 0.15, -0.1]), rng.choice([1.0, 1.7])
    # Rounding to 0.1 SD puts many results on a limit, or on the mean.
    return [float(z) for z in np.round(shift + drift * np.arange(n_runs) + rng.normal(0, spread, n_runs), 1)]


def broken(z: list[float], rules: list[str]) -> list[set[str]]:
    return [{one.rule for one in run.violations} for run in evaluate([[("L1", value)] for value in z], rules)]


@MANY
def test_one_level_equals_patterns_over_letters(n_cases: int) -> None:
    rng = np.random.default_rng(1981)
    patterns = {name: re.compile(pattern) for name, pattern in PATTERNS.items()}
    for _ in range(n_cases):
        z = [value or 0.05 for value in history(rng)]  # the mean itself has no letter
        z = [value + (0.01 if abs(value) in (1.0, 2.0, 3.0) else 0.0) for value in z]
        text = "".join(LETTERS[sum(value < edge for edge in EDGES)] for value in z)

        found = broken(z, list(PATTERNS))

        expected = [{name for name, one in patterns.items() if one.search(text[: end + 1])} for end in range(len(z))]
        assert found == expected, z


@FEWER
def test_one_level_equals_westgard_python(n_cases: int) -> None:
    pytest.importorskip("westgard.engine", reason="westgard-python is not installed: pip install '.[oracle]'")
    import westgard as theirs

    rng = np.random.default_rng(2025)
    for _ in range(n_cases):
        z = history(rng)
        stream = [_observation(theirs, n, one) for n, one in enumerate(z)]

        found = broken(z, list(NAMES))

        for end, rules in enumerate(found):
            assert rules == {name for name in NAMES if _says(theirs, NAMES[name], stream[: end + 1])}, (z, end)


def _observation(theirs, n: int, z: float):
    run = theirs.RunIdentifier(str(n))
    return theirs.ControlObservation(analyte="x", material="L1", run_id=run, sequence=n, z_score=z)


def _says(theirs, name: str, stream: list) -> bool:
    rule = theirs.RuleName[name]
    is_single = name.startswith("ONE")
    scope = theirs.EvaluationScope.WITHIN_RUN if is_single else theirs.EvaluationScope.WITHIN_MATERIAL
    own = stream[-1:] if is_single else stream
    return theirs.evaluate_rule(rule, tuple(own), scope=scope, stream_name="L1").violated
