from __future__ import annotations

import json

import numpy as np
import pytest

from checks.trials.reference import reference
from qc.cli.main import _outcome

VALUES = np.random.default_rng(8).lognormal(1.0, 0.5, 240).round(2)


def told(values):
    return reference("\n".join(["value", *map(str, values), ""]))


def test_a_bound_that_no_limit_reaches_moves_nothing():
    lowest, highest = np.sort(VALUES)[2], np.sort(VALUES)[-2]
    cells = [f"<{lowest}" if value < lowest else f">{highest}" if value > highest else value for value in VALUES]

    whole, censored = told(VALUES), told(cells)

    assert censored["n_censored"] == 3
    assert censored["nonparametric"] == whole["nonparametric"]
    assert censored["ci90"]["lower_hi"] == whole["ci90"]["lower_hi"]
    assert "n_censored" in whole


def test_a_limit_among_the_bounds_is_told_as_a_bound_and_the_other_one_as_a_number():
    limit = np.sort(VALUES)[40]
    cells = [f"<{limit}" if value < limit else value for value in VALUES]

    whole, censored = told(VALUES), told(cells)

    assert censored["nonparametric"]["upper"] == whole["nonparametric"]["upper"]
    assert censored["ci90"]["upper_lo"] == whole["ci90"]["upper_lo"]
    assert f"lies at or below {limit:g}" in censored["nonparametric"]["lower"]["error"]
    assert (censored["n_below"], censored["n_above"]) == (40, 0)
    assert "known only by a bound" in censored["parametric"]["error"]


def test_values_above_two_different_limits_keep_their_order():
    # 39 values have their 2.5th centile at the lowest and their 97.5th at the highest one.
    cells = [*range(1, 38), ">40", ">30"]

    limits = told(cells)["nonparametric"]

    assert limits["lower"] == 1
    assert "at or above 40" in limits["upper"]["error"]


def test_a_bound_below_a_number_does_not_stand_above_it():
    # The lowest of 39 values is certainly below 0.5, and the second lowest is 0.5 whatever the first one is.
    cells = ["<0.5", 0.5, *range(1, 38)]

    limits = told(cells)["nonparametric"]

    assert "at or below 0.5" in limits["lower"]["error"]
    assert limits["upper"] == 37


def test_a_cell_that_is_neither_a_number_nor_a_bound_is_refused_with_its_line(tmp_path, capsys):
    file = tmp_path / "values.csv"
    file.write_text("value\n1\nlow\n<\n", encoding="utf-8")

    code = _outcome(["try", "reference", str(file), "--json"])

    assert code == 3
    error = json.loads(capsys.readouterr().out)["error"]
    assert "'low'" in error
    assert "line 3" in error
    assert "line 4" in error


@pytest.mark.parametrize("cells", [["<1"] * 20, [">5"] * 50])
def test_bounds_alone_give_sentences_and_no_numbers(cells):
    answer = told(cells)

    limits = answer["nonparametric"]
    assert "error" in limits or "error" in limits["lower"]
