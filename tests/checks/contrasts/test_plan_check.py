from __future__ import annotations

import pytest

from checks.contrasts.plan import DEFAULTS, parse_plan
from checks.contrasts.plan_check import check_plan
from checks.contrasts.plan_template import default_plan_text
from schemas.errors import ConfigError

SHORT = 'study = "S"\nbaseline = 0\nfollowup = 3\nendpoints = [{ analyte = "iron", matrix = "serum" }]\n'


def test_the_recommended_plan_lacks_nothing() -> None:
    found = check_plan(default_plan_text("S", [("iron", "serum")]))

    assert found.as_json()["is_complete"] is True
    assert found.advice == ()


def test_a_short_plan_is_told_every_key_that_it_leaves_out() -> None:
    found = check_plan(SHORT)

    of_two_arms = {"arms", "arm_test"}  # what a study of one arm does not need
    assert found.missing == {key: value for key, value in DEFAULTS.items() if key not in of_two_arms}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("minimum_pairs = 4", "0.125"),
        ('alternative = "less"', "one-sided"),
        ('below_lloq = "substitute_half"', "invents"),
        ('test = "paired_t"', "largest few"),
        ('resolution = "none"', "ties"),
        ("alpha = 0.01", "belong together"),
        ("sensitivity = []", "leave_one_out"),
        ('estimator = "mean"', "other way"),
    ],
)
def test_what_a_reviewer_would_ask_is_said(setting: str, said: str) -> None:
    assert any(said in sentence for sentence in check_plan(SHORT + setting + "\n").advice)


def test_an_analyte_that_the_catalogue_does_not_know_is_named() -> None:
    assert any("'iron'" in sentence for sentence in check_plan(SHORT, known_analytes=["ck"]).advice)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('excluded_pairs = ["platform"]', "method, lot"),
        ('sensitivity = ["all"]', "'all' is not known"),
        ("other_followups = [3]", "named twice"),
        ("sign_test_above = 0.1", "below 'prentice"),
        ("equivalence_ratio = 0.8", "ratio above 1"),
        ('other_followups = "1"', "list of visits"),
    ],
)
def test_settings_that_cannot_be_followed_are_refused(setting: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse_plan(SHORT + setting + "\n")


def test_gates_without_gatekeeping_are_refused() -> None:
    gated = SHORT.replace('"serum" }', '"serum", gate = 2 }')

    with pytest.raises(ConfigError, match="gatekeeping"):
        parse_plan(gated)
    assert parse_plan(gated + 'correction = "gatekeeping"\n').endpoints[0].gate == 2
