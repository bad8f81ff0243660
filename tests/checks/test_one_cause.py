from __future__ import annotations

import polars as pl
import pytest

from checks.followers import without_followers
from checks.lifted_findings import lifted
from schemas.finding import Finding, Scope, Verdict

RESULTS = pl.DataFrame(
    {
        "ordinal": [1, 2, 3, 4, 5],
        "analyte": ["ferritin", "iron", "ferritin", "iron", "ferritin"],
        "unit_text": ["mg/mL", "ug/dL", "mg/mL", "ug/dL", "mg/mL"],
        "method": [""] * 5,
    }
)


def of_result(ordinal, sentence="Unit 'mg/mL' is not known."):
    return Finding("range.unit", Verdict.REJECT, Scope.RESULT, {"result": ordinal}, sentence)


def test_what_is_said_of_all_results_of_an_analyte_is_one_finding_of_the_analyte():
    (finding,) = lifted([of_result(1), of_result(3), of_result(5)], RESULTS)

    assert (finding.scope, dict(finding.key)) == (Scope.ANALYTE, {"analyte": "ferritin", "unit": "mg/mL"})
    assert "all 3 results of ferritin" in finding.sentence


@pytest.mark.parametrize(
    "findings",
    [
        [of_result(1), of_result(3)],
        [of_result(1), of_result(3), of_result(5, "Unit 'g' is not known.")],
        [of_result(2, "A."), of_result(4, "B.")],
        [of_result(1)],
    ],
    ids=["some results", "two units", "own words", "one result"],
)
def test_what_is_not_said_of_all_in_the_same_words_stays_with_each_result(findings):
    assert lifted(findings, RESULTS) == findings


def unjudged(rule, analyte="", scope=Scope.ANALYTE, verdict=Verdict.NOT_EVALUABLE):
    return Finding(rule, verdict, scope, {"analyte": analyte} if analyte else {}, "No target.")


def test_rules_on_controls_without_a_target_follow_from_the_lot():
    lot = unjudged("controls.life", "nfl", Scope.CONTROL)
    follows = [
        unjudged("controls.present", "nfl"),
        unjudged("westgard.1-3s", scope=Scope.RUN),
        unjudged("controls.repeats", scope=Scope.RUN),
    ]

    assert without_followers([lot, *follows], ["nfl"]) == [lot]


def test_a_finding_of_the_run_stays_while_an_analyte_of_it_has_no_cause_that_holds_it():
    lot, of_run = unjudged("controls.life", "nfl", Scope.CONTROL), unjudged("westgard.1-3s", scope=Scope.RUN)

    assert without_followers([lot, of_run], ["nfl", "gdnf"]) == [lot, of_run]


def test_a_failure_never_follows_from_what_could_not_be_judged():
    lot = unjudged("controls.life", "nfl", Scope.CONTROL)
    failures = [unjudged("controls.count", "nfl", verdict=Verdict.REJECT), unjudged("plate.edge", "nfl")]

    assert without_followers([lot, *failures], ["nfl"]) == [lot, *failures]


@pytest.mark.parametrize("scope", [Scope.RESULT, Scope.ANALYTE])
def test_a_run_without_a_number_is_told_by_its_results_and_not_by_rules_on_its_scale(scope):
    key = {"result": "1"} if scope is Scope.RESULT else {"analyte": "nfl"}
    cause = Finding("range.value", Verdict.NOT_EVALUABLE, scope, key, "The cell holds text.")
    follows = [
        Finding(rule, Verdict.NOT_EVALUABLE, Scope.RUN, {}, "No number.") for rule in ("range.negative", "range.scale")
    ]

    assert without_followers([*follows, cause], ["nfl"], {"nfl"}) == [cause]
    assert without_followers([*follows, cause], ["nfl"]) == [*follows, cause]
    assert without_followers(follows, ["nfl"], {"nfl"}) == follows


def test_an_analyte_without_a_number_is_told_by_its_results_beside_others_that_have_numbers():
    cause = Finding("range.value", Verdict.NOT_EVALUABLE, Scope.RESULT, {"result": 1}, "The cell holds text.")
    block, other = (
        Finding("identity.copied_block", Verdict.NOT_EVALUABLE, Scope.ANALYTE, {"analyte": name}, "No value.")
        for name in ("nfl", "gdnf")
    )

    assert without_followers([block, other, cause], ["nfl", "gdnf"], {"nfl"}) == [other, cause]


def test_controls_that_lack_a_number_for_want_of_a_unit_are_told_by_the_unit():
    cause = Finding("range.unit", Verdict.REJECT, Scope.ANALYTE, {"analyte": "nfl", "unit": ""}, "No unit is given.")
    follows = [unjudged("controls.present", "nfl"), unjudged("westgard.1-3s", "nfl", Scope.CONTROL)]
    others = unjudged("controls.present", "gdnf")

    assert without_followers([*follows, others, cause], ["nfl", "gdnf"], {"nfl"}, {"nfl"}) == [others, cause]
    assert without_followers([*follows, cause], ["nfl"], {"nfl"}, {"gdnf"}) == [follows[0], cause]
    assert without_followers([*follows, cause], ["nfl"], (), {"nfl"}) == [follows[0], cause]
