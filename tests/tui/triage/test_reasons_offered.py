from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

import qc
from checks.registry import rules
from qc.items.decisions import Act
from qc.lab.reasons import read_reasons
from qc.triage.decision_preview import decision_preview
from qc.triage.selection_summary import SelectionSummary
from schemas.finding import Verdict
from tui.dialogs.decision import DecisionDialog

STARTER = Path(qc.__file__).parent / "lab" / "starter" / "reasons.toml"
LAB = SimpleNamespace(paths=SimpleNamespace(reasons=STARTER))


def asked(act, *rules):
    at = datetime(2026, 11, 29)
    summary = SelectionSummary(
        name="R1.1",
        n_items=1,
        n_runs=1,
        n_analytes=1,
        first_at=at,
        last_at=at,
        worst=Verdict.REJECT,
        n_by_rule=dict.fromkeys(rules, 1),
        goes_over=True,
    )
    return decision_preview(LAB, act, summary)


@pytest.mark.parametrize(
    ("act", "rule", "code"),
    [
        (Act.REJECT, "preanalytic.csf_blood", "haemolysed"),
        (Act.REJECT, "preanalytic.tube", "sample_handling"),
        (Act.REPEAT, "replicates.cv", "replicates_disagree"),
        (Act.REPEAT, "calibration.range", "dilution"),
        (Act.APPROVE, "westgard.1-3s", "control_failure_explained"),
    ],
)
def test_the_reason_that_answers_what_was_found_is_offered_first_then_what_was_said_of_late(act, rule, code):
    preview = asked(act, rule)
    recent = [("other", "a note"), ("clerical", "")]

    async def offered():
        return [reason.code for reason in DecisionDialog(preview, recent)._reasons]

    codes = asyncio.run(offered())

    assert preview.reasons[0].code == code
    n_answering = sum(reason.answers(rule) for reason in preview.reasons)
    assert codes[n_answering : n_answering + 2] == [code for code, _ in recent if code in codes[n_answering:]][:2]
    assert codes[0] == code


def test_every_rule_that_a_reason_answers_is_there():
    known = rules()

    named = {name for reason in read_reasons(STARTER).values() for name in reason.rules}

    assert [name for name in sorted(named) if not any(rule.startswith(name) for rule in known)] == []
