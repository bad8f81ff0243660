from __future__ import annotations

import pytest

from checks.contrasts.plan import Endpoint, parse_plan
from checks.contrasts.plan_template import default_plan_text
from schemas.errors import ConfigError

ENDPOINTS = [("tnf_alpha", "csf"), ("iron", "serum")]
SHORT = 'study = "S"\nbaseline = 0\nfollowup = 3\nendpoints = [{ analyte = "iron", matrix = "serum" }]\n'


def test_the_recommended_plan_is_read_back_with_everything_written_out() -> None:
    plan = parse_plan(default_plan_text("ALS-1", ENDPOINTS))

    assert plan.study == "ALS-1"
    assert plan.endpoints == (Endpoint("tnf_alpha", "csf"), Endpoint("iron", "serum"))
    assert (plan.baseline, plan.followup, plan.below_lloq, plan.zeros) == ("0", "3", "ladder", "wilcox")
    assert (plan.alpha, plan.correction, plan.minimum_pairs) == (0.05, "holm", 6)


def test_a_short_plan_means_the_recommended_one() -> None:
    assert parse_plan(SHORT) == parse_plan(default_plan_text("S", [("iron", "serum")]))


def test_the_hash_passes_over_comments_and_sees_every_setting() -> None:
    plan = parse_plan(SHORT)

    assert parse_plan("# why\n" + SHORT).sha256 == plan.sha256
    assert parse_plan(SHORT + "alpha = 0.01\n").sha256 != plan.sha256


def test_the_hash_of_a_plan_that_was_locked_stays() -> None:
    written = """
        study = " S "
        baseline = " 0"
        followup = 3
        other_followups = [1, " 2"]
        equivalence_ratio = 2
        endpoints = [{ analyte = " iron ", matrix = "serum " }, { analyte = "ck", matrix = "csf", gate = 1 }]
    """

    # computed when the plan was still read by hand: visits keep their blanks, analyte and matrix do not
    assert parse_plan(written).sha256 == "0461005164e569509d5b1dae4fdd3c0923d55769890958292c0add723dd72ce6"


def test_visits_that_are_missing_are_not_named_twice() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_plan("")

    assert [fault.where for fault in caught.value.faults] == [
        f"key '{key}'" for key in ("study", "endpoints", "baseline", "followup")
    ]


def test_a_study_with_quotes_survives() -> None:
    assert parse_plan(default_plan_text('The "A" \\ study', ENDPOINTS)).study == 'The "A" \\ study'


def test_all_faults_are_told_at_once_with_the_nearest_key() -> None:
    text = """
    study = ""
    baseline = "0"
    followup = "0"
    alfa = 0.05
    alpha = 5
    below_lloq = "delete"
    minimum_pairs = 1
    endpoints = [
        { analyte = "iron", matrx = "serum" },
        { analyte = "ck", matrix = "csf" },
        { analyte = "ck", matrix = "csf" },
    ]
    """

    with pytest.raises(ConfigError) as caught:
        parse_plan(text)

    told = str(caught.value)
    for said in (
        "'alpha' meant",
        "'matrix' meant",
        "'5' is out of range",
        "'delete'",
        "'1' is out",
        "baseline too",
        "twice",
    ):
        assert said in told
    assert "'' is no text" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("study = ", "not TOML"),
        ("", "'endpoints' is missing"),
        (SHORT.replace("baseline = 0", "baseline = true"), "no visit"),
        (SHORT + "alpha = true\n", "out of range"),
        (SHORT + 'zeros = ["wilcox"]\n', "not known"),
        ('study = "S"\nbaseline = 0\nfollowup = 3\nendpoints = ["iron"]\n', "no endpoint"),
    ],
)
def test_a_faulty_plan_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse_plan(text)


def test_substitution_is_labelled_as_sensitivity() -> None:
    assert "sensitivity" in parse_plan(SHORT + 'below_lloq = "substitute_half"\n').policy_words
