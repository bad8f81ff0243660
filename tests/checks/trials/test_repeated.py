from __future__ import annotations

import re

import numpy as np
import pytest

from checks.arithmetic.refusal import Refusal
from checks.arithmetic.visits.friedman import friedman_exact_p
from checks.arithmetic.visits.page_trend import PageTrend, page_trend
from checks.arithmetic.visits.visit_model import VisitModel, visit_model
from checks.trials.repeated import repeated
from schemas.errors import ReaderError

ROWS = ((1, 2, 4), (2, 3, 3), (1, 5, 4), (3, 4, 6))


def visits(rows: tuple[tuple[object, ...], ...]) -> str:
    lines = [f"S{n},{time},{value}" for n, row in enumerate(rows) for time, value in enumerate(row)]
    return "\n".join(["subject,time,value", *lines])


def test_three_subjects_that_agree_have_one_chance_in_thirty_six() -> None:
    # 3 subjects, 3 visits: all agree on one of 6 orders, (1/6)^2.
    assert friedman_exact_p(np.array([[1.0, 2, 3], [1, 2, 3], [4, 5, 6]])) == pytest.approx(1 / 36)


def test_a_rise_of_two_subjects_over_three_visits_is_one_in_thirty_six() -> None:
    trend = page_trend(np.array([[1.0, 2, 3], [1, 2, 3]]))

    assert isinstance(trend, PageTrend)
    assert trend.p_increasing == pytest.approx(1 / 36)
    assert trend.p_decreasing == 1.0


def test_a_missing_visit_costs_the_model_that_result_alone() -> None:
    outcome = repeated(visits((*ROWS, (2, "", 5))))

    assert (outcome["n_subjects"], outcome["n_complete"]) == (5, 4)
    assert outcome["mixed_model"]["n_obs"] == 14
    assert outcome["paired_t_vs_first"][1]["n"] == 5


def test_a_censored_value_is_ranked_and_never_averaged() -> None:
    outcome = repeated(visits((*ROWS, ("<1.5", 5, 6))))

    assert "censored" in outcome["mixed_model"]["error"]
    assert "chi2" in outcome["friedman"]
    assert outcome["n_censored"] == 1


def test_balanced_visits_give_the_model_the_f_of_the_analysis_of_variance() -> None:
    outcome = repeated(visits(ROWS))

    assert outcome["mixed_model"]["F"] == pytest.approx(outcome["rm_anova"]["F"], rel=1e-9)
    assert outcome["mixed_model"]["F_df2"] == pytest.approx(outcome["rm_anova"]["df2"], rel=1e-6)


def test_no_variance_between_subjects_is_said_in_words() -> None:
    values = np.array([[1.0, 9, 2], [9, 1, 8], [2, 8, 1], [8, 2, 9]])

    model = visit_model(values)

    assert isinstance(model, VisitModel)
    assert model.singular
    assert model.df_satterthwaite == pytest.approx([9.0] * 3)
    assert "zero" in model.method


def test_subjects_that_move_alike_leave_no_residual() -> None:
    model = visit_model(np.array([[1.0, 2, 3], [2, 3, 4], [7, 8, 9]]))

    assert isinstance(model, Refusal)


def test_times_are_ordered_as_numbers_with_a_decimal_comma() -> None:
    outcome = repeated("subject;time;value\na;10;1,5\na;2;1,0\nb;10;2\nb;2;1\n")

    assert outcome["times"] == [2, 10]
    assert outcome["paired_t_vs_first"][0]["mean_diff"] == 0.75


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("subject,value\na,1\n", "'time'"),
        ("subject,time,value\na,0,1\na,0,2\n", "two values"),
        ("subject,time,value\n,0,1\n", "empty"),
        ("subject,time,value\na,0,x\n", "'x' is not a number"),
    ],
)
def test_a_file_of_visits_that_cannot_be_judged_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(ReaderError, match=re.escape(said)):
        repeated(text)


def test_two_complete_subjects_leave_huynh_and_feldts_epsilon_undefined() -> None:
    # Both sides of its fraction are 0 there, which is no number that JSON could say.
    outcome = repeated(visits(((13, 12, 13), (12, 14, 17))))

    assert set(outcome["rm_anova"]["hf_eps"]) == set(outcome["rm_anova"]["p_hf"]) == {"error"}
    assert outcome["rm_anova"]["gg_eps"] == pytest.approx(0.5)
