from __future__ import annotations

import pytest

from checks.one_fault import is_led, led_by
from schemas.finding import Finding, Limit, Scope, Verdict

WARN, REJECT, UNJUDGED = Verdict.WARN, Verdict.REJECT, Verdict.NOT_EVALUABLE
RESULT, ANALYTE = "R1.5", "R1/nfl"
LIMIT = Limit("reversal_sd", 2, "SD", "a test")


def said(rule, verdict=WARN, limits=()):
    return Finding(rule, verdict, Scope.RESULT, {"result": 5}, "Something.", limits=limits)


def that_hold(*placed):
    """Return the rules that hold an item; what is said of the result stands below the analyte."""
    led = led_by([(item, ANALYTE if item == RESULT else None, finding) for item, finding in placed])
    return [finding.rule for item, finding in placed if not is_led(finding, led.get((item, finding.rule)))]


ONE_FAULT = {
    "two wells apart": (["replicates.cv", "replicates.difference"], "replicates.cv"),
    "a well stands apart": (["replicates.cv", "replicates.outlier"], "replicates.outlier"),
    "blood in CSF": (["preanalytic.csf_blood", "preanalytic.csf_blood_share"], "preanalytic.csf_blood_share"),
    "a unit slip": (["range.soft", "range.unit_slip", "range.two_scales", "identity.delta"], "range.two_scales"),
    "an unusual value of a person": (["range.soft", "identity.delta"], "range.soft"),
    "two tubes swapped": (["identity.patient_swap", "identity.delta"], "identity.patient_swap"),
}


@pytest.mark.parametrize(("rules", "leader"), ONE_FAULT.values(), ids=ONE_FAULT)
def test_one_fault_is_told_by_one_rule_in_whatever_order_rules_were_asked(rules, leader):
    for order in (rules, rules[::-1]):
        assert that_hold(*((RESULT, said(rule)) for rule in order)) == [leader]


@pytest.mark.parametrize("rule", sorted({rule for rules, _ in ONE_FAULT.values() for rule in rules}))
def test_a_rule_that_speaks_alone_holds_its_item(rule):
    assert that_hold((RESULT, said(rule))) == [rule]
    assert that_hold((RESULT, said(rule)), ("R1.6", said("range.two_scales"))) == [rule, "range.two_scales"]


def test_what_is_more_than_a_warning_follows_no_warning():
    assert that_hold((RESULT, said("range.hard", REJECT)), (RESULT, said("range.two_scales"))) == ["range.hard"]
    assert that_hold(
        (RESULT, said("preanalytic.csf_blood", UNJUDGED)), (RESULT, said("preanalytic.csf_blood_share"))
    ) == [
        "preanalytic.csf_blood",
        "preanalytic.csf_blood_share",
    ]
    assert that_hold((RESULT, said("range.soft", Verdict.BROKEN)), (RESULT, said("range.unit_slip", REJECT))) == [
        "range.soft",
        "range.unit_slip",
    ]


OF_A_CURVE = ["calibration.standards", "calibration.range", "controls.present", "range.value", "csf_run.control_levels"]


def test_where_there_is_no_curve_nothing_else_is_told_of_the_analyte():
    follows = [(ANALYTE, said(rule, UNJUDGED)) for rule in OF_A_CURVE]

    assert that_hold((ANALYTE, said("calibration.fit", REJECT)), *follows) == ["calibration.fit"]
    # A curve that bends the wrong way is there, and so is what else is wrong.
    bent = said("calibration.fit", REJECT, (LIMIT,))
    assert that_hold((ANALYTE, bent), *follows) == ["calibration.fit", *OF_A_CURVE[:-1]]


def test_too_few_wells_of_one_result_hold_it_and_not_its_analyte():
    few, suite = said("replicates.cv", UNJUDGED), said("own_suite.replicates")

    assert that_hold((RESULT, few), (RESULT, said("replicates.missing")), (ANALYTE, suite)) == ["replicates.cv"]
    assert that_hold((ANALYTE, suite)) == ["own_suite.replicates"]
    assert that_hold((RESULT, said("replicates.cv")), (RESULT, said("replicates.missing"))) == [
        "replicates.cv",
        "replicates.missing",
    ]
