from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "paired_size_and_coverage.py"
EXACT = {
    "signed rank, wilcox",
    "signed rank, pratt",
    "sign test",
    "sign test, certain signs",
    "sign flip of the mean",
    "Prentice-Wilcoxon, exact",
}
SAMPLING = 4.0  # standard errors that a simulated share may lie above the truth by chance


@pytest.fixture(scope="module")
def simulation() -> ModuleType:
    spec = importlib.util.spec_from_file_location("paired_size_and_coverage", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("scenario", ["continuous", "ties", "ties and zeros", "a fifth below", "half below"])
def test_an_exact_test_rejects_no_more_than_alpha(simulation: ModuleType, scenario: str, is_long: bool) -> None:
    n_studies = 5000 if is_long else 400

    for n_pairs in simulation.SIZES if is_long else (6, 15):
        found = simulation.sizes(n_studies, n_pairs, scenario)
        for (_, _, name), share in found.items():
            if name in EXACT:
                is_costly = "flip" in name or "Prentice" in name or "certain" in name
                n = n_studies // simulation.SLOW if is_costly else n_studies
                assert share <= 0.05 + SAMPLING * (0.05 * 0.95 / n) ** 0.5, (scenario, n_pairs, name)


def test_exact_intervals_cover_what_they_say(simulation: ModuleType, is_long: bool) -> None:
    n_studies = 5000 if is_long else 500

    for n_pairs in (6, 15):
        found = simulation.coverage(n_studies, n_pairs)
        for name in ("Hodges-Lehmann", "t, also of the geometric mean ratio"):
            assert found[name] >= 0.95 - SAMPLING * (0.05 * 0.95 / n_studies) ** 0.5, (n_pairs, name)
