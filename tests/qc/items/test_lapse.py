"""What makes a decision lapse, case by case: pure, without a lab."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from qc.items.decisions import Act
from qc.items.lapse import SaidOfItem, items_that_stand, still_stands
from schemas.finding import Scope, Verdict

SHARE = SaidOfItem("serum_run.share_flagged", 1, Verdict.REJECT, Scope.ANALYTE, '{"analyte":"iron"}', 0.31, (1 / 6,))
CV = SaidOfItem("replicates.cv", 1, Verdict.WARN, Scope.RESULT, '{"result":1}', 25.0, (20.0,))
DUPLICATE = SaidOfItem("identity.duplicate_result", 1, Verdict.WARN, Scope.RESULT, '{"result":1}', 2.0)
SHIFT = SaidOfItem("serum_run.shift", 1, Verdict.WARN, Scope.ANALYTE, '{"analyte":"iron"}', -0.7, (-0.5, 0.5))
CONTROL = SaidOfItem("westgard.1-3s", 1, Verdict.REJECT, Scope.CONTROL, '{"analyte":"iron"}', -3.4, (3.0,))


@pytest.mark.parametrize(
    ("then", "now", "stands"),
    [
        ([SHARE], [replace(SHARE, observed=0.29)], True),
        ([SHARE], [], True),
        ([SHARE], [replace(SHARE, observed=0.4)], False),
        ([SHARE], [SHARE, SHIFT], False),
        ([SHIFT], [replace(SHIFT, observed=-0.6)], True),
        ([SHIFT], [replace(SHIFT, observed=0.6)], False),
        ([SHIFT], [replace(SHIFT, observed=-0.8)], False),
        ([CONTROL], [replace(CONTROL, observed=-3.2)], True),
        ([CONTROL], [replace(CONTROL, observed=-3.402)], True),
        ([CONTROL], [replace(CONTROL, observed=-3.6)], False),
        ([DUPLICATE], [replace(DUPLICATE, observed=1.0)], True),
        ([DUPLICATE], [replace(DUPLICATE, observed=3.0)], False),
        ([CV], [replace(CV, observed=24.0)], False),
        ([CV], [replace(CV, verdict=Verdict.REJECT)], False),
        ([CV], [replace(CV, version=2)], False),
        ([replace(CV, verdict=Verdict.REJECT)], [CV], True),
        ([CV], [replace(CV, key='{"result":2}')], False),
        ([CV], [replace(CV, observed=None)], False),
        ([replace(CV, observed=None)], [replace(CV, observed=None)], True),
        ([replace(SHARE, observed=0.0)], [replace(SHARE, observed=0.2)], False),
        ([replace(SHIFT, observed=0.0)], [replace(SHIFT, observed=0.4)], False),
    ],
)
def test_an_approval_stands_while_nothing_new_and_nothing_worse_is_said(then, now, stands):
    assert still_stands(Act.APPROVE, then, now) is stands


@pytest.mark.parametrize("act", [Act.REJECT, Act.REPEAT, Act.DILUTE])
@pytest.mark.parametrize(
    ("then", "now", "stands"),
    [
        ([], [CV], True),
        ([SHARE], [], True),
        ([DUPLICATE], [], True),
        ([CV, DUPLICATE], [DUPLICATE], False),
        ([CV], [replace(CV, observed=30.0), SHARE], True),
        ([CV, replace(CV, rule="range.hard", verdict=Verdict.REJECT)], [CV], False),
        ([CV, replace(CV, rule="range.soft")], [CV], True),
        ([CONTROL], [], False),
    ],
)
def test_a_rejection_stands_while_something_of_its_own_grounds_is_said(act, then, now, stands):
    assert still_stands(act, then, now) is stands


class Facts:
    """Findings of two assessments, as the table of findings holds them."""

    def __init__(self, then, now):
        self.rows = [
            (number, "R1.1", one.rule, one.version, one.verdict, one.scope, one.key, one.observed, LIMITS)
            for number, said in ((1, then), (2, now))
            for one in said
        ]

    def execute(self, _, values):
        assert values["items"] == ["R1.1"]
        return self

    def fetchall(self):
        return self.rows


LIMITS = '[{"value": 20.0}]'
DECIDED = {"R1.1": SimpleNamespace(act=Act.APPROVE, assessment_id=1, judged_sha256="then", values_sha256="value")}


@pytest.mark.parametrize(
    ("now", "values_sha256", "standing"),
    [
        ([CV], "value", {"R1.1"}),
        ([], "value", {"R1.1"}),
        ([CV, DUPLICATE], "value", set()),
        ([CV], "another value", set()),
        ([], "another value", set()),
    ],
    ids=["same words", "fewer words", "more words", "another value", "another value, no words"],
)
def test_what_was_judged_again_stands_by_its_words_and_never_with_another_value(now, values_sha256, standing):
    judged = {"R1.1": SimpleNamespace(assessment_id=2, sha256="now", values_sha256=values_sha256)}

    assert items_that_stand(Facts([CV], now), DECIDED, judged) == standing
