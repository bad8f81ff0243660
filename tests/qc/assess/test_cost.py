from __future__ import annotations

import cProfile
import importlib.util
import pstats
from dataclasses import dataclass
from pathlib import Path

import pytest

FEW, MANY = 1920, 2560
CALLS_PER_RESULT = 100
"""Calls of Python for one result more, with all that is found and stored of it; about 75 are needed."""


@dataclass(frozen=True)
class Cost:
    n_calls: int
    n_frames: int
    n_statements: int
    n_tables: int


def tidy_lab(folder: Path, n_results: int):
    path = Path(__file__).parents[2] / "benchmarks" / "tidy_lab.py"
    spec = importlib.util.spec_from_file_location("tidy_lab", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.make_tidy_lab(folder, n_results, n_runs=2)


def cost_of(lab) -> Cost:
    profile = cProfile.Profile()
    profile.runcall(lab.assess)
    n_by_name: dict[str, int] = {}
    stats = pstats.Stats(profile)
    for (path, _, name), (_, n_calls, *_) in stats.stats.items():
        for key in (name, f"{Path(path).name}:{name}"):
            n_by_name[key] = n_by_name.get(key, 0) + n_calls
    return Cost(
        n_calls=stats.total_calls,
        n_frames=n_by_name["<method 'collect' of 'builtins.PyLazyFrame' objects>"],
        n_statements=sum(n_by_name[name] for name in ("frames.py:query", "facts.py:insert", "facts.py:_open")),
        n_tables=n_by_name["exact_table.py:exact_table_test"],
    )


@pytest.fixture(scope="module")
def costs(tmp_path_factory) -> tuple[Cost, Cost]:
    folder = tmp_path_factory.mktemp("cost")
    tidy_lab(folder / "warm", 64).assess()
    few, many = (tidy_lab(folder / f"lab-{n}", n) for n in (FEW, MANY))
    return cost_of(few), cost_of(many)


def test_one_result_more_costs_few_calls(costs):
    few, many = costs

    assert (many.n_calls - few.n_calls) / (MANY - FEW) < CALLS_PER_RESULT


def test_statements_do_not_grow_with_the_results_and_frames_by_far_less(costs):
    few, many = costs

    assert many.n_statements == few.n_statements
    # People with equally many results are weighed in one frame: more results make more such groups.
    assert many.n_frames - few.n_frames < (MANY - FEW) / 10


def test_plates_by_visits_are_tested_once_a_run_however_many_analytes_there_are(costs):
    assert [cost.n_tables for cost in costs] == [2, 2]
