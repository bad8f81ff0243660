from __future__ import annotations

import json
import math
import re
from typing import Any

import pytest
from reference_cases import each_case

from checks.trials.paired import paired
from schemas.errors import ConfigError, ReaderError

LOG_RATIO_NAMES = {
    "gmr",
    "gmr_ci95_lo",
    "gmr_ci95_hi",
    "gmr_ci90_lo",
    "gmr_ci90_hi",
    "t",
    "p_two",
    "sd_log",
    "cv_within_percent",
    "hl_ratio",
    "hl_ratio_ci_lo",
    "hl_ratio_ci_hi",
    "gm_pre",
    "gm_post",
    "tost_080_125_p_lower",
    "tost_080_125_p_upper",
}


def pairs_csv(before: list[Any], after: list[Any]) -> str:
    def cell(value: float | None) -> str:
        return "" if value is None else repr(value)

    rows = [f"S{n},{cell(x)},{cell(y)}" for n, (x, y) in enumerate(zip(before, after, strict=True))]
    return "\n".join(["subject,before,after", *rows]) + "\n"


def agree(measured: dict[str, Any], expected: dict[str, Any], names: dict[str, str], rel: float) -> None:
    for ours, theirs in names.items():
        assert measured[ours] == pytest.approx(expected[theirs], rel=rel, abs=1e-13), ours


@pytest.mark.parametrize("case", each_case("paired"))
@pytest.mark.parametrize("zeros", ["wilcox", "pratt"])
def test_the_reference_answers_of_r_are_met(case: dict[str, Any], zeros: str) -> None:
    before, after = case["input"]["pre"], case["input"]["post"]
    reference = case["expected"]
    expected = reference | reference.get("quantised", {})

    outcome = paired(pairs_csv(before, after), decimals=case["input"]["resolution_decimals"], zeros=zeros)

    assert outcome["n_pairs"] == expected["n"]
    assert outcome["n_missing"] == reference["n_subjects"] - expected["n"]
    assert outcome["n_zero"] == expected["n_zero"]
    ranked = expected.get("wilcoxon_exact" if zeros == "wilcox" else "pratt_exact", {"error": "no pairs"})
    same_p = {name: name for name in ("w_plus", "w_minus", "n_used", "p_two", "p_less", "p_greater", "z")}
    same_t = {name: name for name in ("t", "df", "p_two", "p_less", "p_greater", "mean_diff")}
    _block(outcome["wilcoxon"], ranked, same_p, 1e-12)
    _block(outcome["t"], expected.get("t", {"error": ""}), same_t | {"ci_low": "ci95_lo", "ci_high": "ci95_hi"}, 1e-12)
    shift = {"estimate": "estimate", "ci_low": "ci_lo", "ci_high": "ci_hi", "conf_achieved": "conf_achieved"}
    _block(outcome["hodges_lehmann"], expected.get("hl_all", {"error": ""}), shift, 1e-12)
    _block(outcome["shapiro"], expected.get("shapiro", {"error": ""}), {"w": "W", "p": "p"}, 1e-6)


@pytest.mark.parametrize("case", each_case("paired"))
def test_effects_ratios_and_leaving_one_out_meet_the_reference(case: dict[str, Any]) -> None:
    before, after = case["input"]["pre"], case["input"]["post"]
    expected = case["expected"] | case["expected"].get("quantised", {})

    outcome = paired(pairs_csv(before, after), decimals=case["input"]["resolution_decimals"])

    effects = expected.get("effect", {})
    if "error" not in effects and effects:
        agree(outcome["effect"], effects, {"d_z": "d_z", "g_z": "g_z", "d_av": "d_av_rms_sd", "g_av": "g_av"}, 1e-9)
    ranked = expected.get("wilcoxon_exact")
    if ranked is not None:  # W+ less W- over their sum, of the rounded differences
        balance = (ranked["w_plus"] - ranked["w_minus"]) / (ranked["w_plus"] + ranked["w_minus"])
        assert outcome["effect"]["rank_biserial"] == pytest.approx(balance, rel=1e-9)
    if "log_ratio" in expected:
        agree(outcome["log_ratio"], expected["log_ratio"], {name: name for name in LOG_RATIO_NAMES}, 1e-9)
    else:
        assert "error" in outcome["log_ratio"]
    for name, p_values in (expected.get("leave_one_out") or {}).items():
        if "wilcoxon" in name and expected.get("float_ties"):
            continue  # the reference leaves one out without rounding
        assert outcome["leave_one_out"][name] == pytest.approx(p_values, rel=1e-11, abs=1e-13)


def _block(measured: dict[str, Any], expected: dict[str, Any], names: dict[str, str], rel: float) -> None:
    if "error" in expected:
        assert set(measured) == {"error"}
        assert measured["error"].endswith(".")
    else:
        agree(measured, expected, names, rel)


@pytest.mark.parametrize("case", each_case("blq"))
def test_the_reference_answers_for_values_below_the_limit_are_met(case: dict[str, Any]) -> None:
    entry = case["input"]
    rows = zip(entry["pre"], entry["pre_blq"], entry["post"], entry["post_blq"], strict=True)
    cells = [f"S{n},{'<' * a}{x!r},{'<' * b}{y!r}" for n, (x, a, y, b) in enumerate(rows)]

    outcome = paired("\n".join(["subject,before,after", *cells]))

    censored = outcome["censored"]
    for name, expected in case["expected"].items():
        if not isinstance(expected, dict):
            assert censored[name] == expected
            continue
        for quantity, number in expected.items():
            if quantity != "p_wilcoxon_exact":  # the reference subtracts in binary: test_golden_families has decimals
                assert censored[name][quantity] == pytest.approx(number, rel=2e-8, abs=1e-9), (name, quantity)
    assert outcome["wilcoxon"]["p_two"] == censored["recensored_at_highest_limit"]["p_wilcoxon_exact"]


def test_five_falling_pairs_reach_one_sixteenth_and_say_so() -> None:
    outcome = paired(pairs_csv([5, 6, 7, 8, 9], [4, 4, 4, 4, 4]), decimals=0)

    assert outcome["wilcoxon"]["p_two"] == 0.0625
    assert any("0.0625" in note for note in outcome["notes"])


def test_a_tie_in_decimals_counts_as_a_tie() -> None:
    outcome = paired(pairs_csv([0.1, 0.2, 0.3], [0.2, 0.3, 0.1]), decimals=1)

    assert outcome["wilcoxon"]["w_plus"] == 3.0
    assert outcome["wilcoxon"]["n_tied"] == 2


def test_constant_differences_give_a_sentence_and_no_t() -> None:
    outcome = paired(pairs_csv([1.1, 2.2, 3.3], [1.2, 2.3, 3.4]), decimals=1)

    assert "do not vary" in outcome["t"]["error"]
    assert "do not vary" in outcome["effect"]["d_z"]["error"]
    assert outcome["wilcoxon"]["p_two"] == 0.25


def test_all_zero_differences_give_a_sentence_and_no_p() -> None:
    outcome = paired(pairs_csv([1, 2], [1, 2]))

    assert "zero" in outcome["wilcoxon"]["error"]


def test_censored_cells_are_ranked_at_the_highest_limit_and_t_points_to_them() -> None:
    text = "subject,before,after\na,<0.5,<0.9\nb,0.7,2.0\nc,3.0,<0.5\nd,4,\n"

    outcome = paired(text, decimals=1)

    assert (outcome["n_pairs"], outcome["n_missing"], outcome["n_zero"], outcome["n_censored"]) == (3, 1, 1, 2)
    assert outcome["wilcoxon"]["w_plus"] == 1.0
    assert outcome["wilcoxon"]["w_minus"] == 2.0
    assert "censored" in outcome["t"]["error"]
    assert outcome["censored"]["sign_test"]["n_tied_or_unknown"] == 1


def test_two_values_above_the_upper_limit_do_not_differ() -> None:
    outcome = paired("subject,before,after\na,>1000,>900\nb,100,>900\nc,5,7\n")

    assert outcome["n_zero"] == 1
    assert outcome["wilcoxon"]["p_two"] == 0.5
    assert "error" in outcome["censored"]["substitute_half"]


def test_limits_that_cross_in_one_pair_leave_the_others_as_they_are() -> None:
    outcome = paired("subject,before,after\na,<5,>4\nb,1,2\n")

    assert (outcome["wilcoxon"]["n_zero"], outcome["wilcoxon"]["p_two"]) == (1, 1.0)
    assert "not below" in outcome["censored"]["recensored_at_highest_limit"]["error"]


def test_semicolons_come_with_a_decimal_comma() -> None:
    outcome = paired("Subject;before;after\na;1,5;2,5\nb;1,5;3,5\n", decimals=1)

    assert outcome["t"]["mean_diff"] == 1.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("subject,before\na,1\n", "'after'"),
        ("subject,before,after\na,1,2\na,1,2\n", "named twice"),
        ("subject,before,after\n,1,2\n", "empty"),
        ("subject,before,after\na,one,2\n", "'one' is not a number"),
        ("subject,before,after\na,inf,2\n", "'inf' is not a number"),
        ("subject,before,after\na,<,2\n", "'<' is not a number"),
        ("", "subject"),
    ],
)
def test_a_file_that_cannot_be_judged_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(ReaderError, match=re.escape(said)):
        paired(text)


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(ConfigError, match="zsplit"):
        paired("subject,before,after\na,1,2\n", zeros="zsplit")
    with pytest.raises(ConfigError, match="95"):
        paired("subject,before,after\na,1,2\n", conf=95)


def test_the_outcome_is_plain_json() -> None:
    outcome = paired(pairs_csv([1.0, 2.0, math.pi], [2.0, 4.5, 1.0]))

    assert json.loads(json.dumps(outcome, allow_nan=False)) == outcome


def test_equal_decimal_differences_are_ties_without_being_told_the_decimals() -> None:
    # Sizes 0.1, 0.2 and 0.3, each equal to the double next to it only as a decimal: 8 of 16 sign patterns.
    text = "subject,before,after\na,0.1,0.4\nb,0.2,0.5\nc,0.6,0.9\nd,0.7,0.4\n"

    answer = paired(text)

    assert answer["wilcoxon"]["n_tied"] == 4
    assert answer["wilcoxon"]["p_two"] == 10 / 16
    assert answer["hodges_lehmann"]["ci_high"] == 0.3
