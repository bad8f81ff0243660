from __future__ import annotations

import pytest

from checks.shared_cause import FindingPlace, shared_cause
from schemas.finding import Finding, Scope, Verdict


def said(rule, scope=Scope.RESULT, verdict=Verdict.REJECT, key=None, sentence="Something."):
    return Finding(rule, verdict, scope, key or {}, sentence)


def at(run_id=1, **row):
    return FindingPlace(study="S", run_id=run_id, instrument="AU-1", row=row)


def doubted(run_id, rule="replicates.cv", **row):
    return FindingPlace(study="S", run_id=run_id, doubtful=rule, row=row)


def again(runs, **row):
    return FindingPlace(study="S", run_id=1, measured_again=runs, row=row)


UNIT = said("range.unit")
LOT = {"analyte": "nfl", "material": "QC", "level": "L1", "lot": "7"}
CURVE = {"analyte": "nfl", "plate": "P1", "curve": "rat"}
UNJUDGED = Verdict.NOT_EVALUABLE
NO_CONTROLS = Finding("controls.present", UNJUDGED, Scope.ANALYTE, {"analyte": "nfl"}, "No.", observed=0.0)
BENDS = Finding("calibration.parallelism", Verdict.WARN, Scope.RESULT, {}, "Apart.", observed=50, unit="percent")
DIFFERS = Finding(
    "calibration.dilution_agreement", Verdict.WARN, Scope.RESULT, {}, "Apart.", observed=50, unit="percent"
)
BARE, FEW = (
    Finding("serum_run.control_levels", Verdict.REJECT, Scope.ANALYTE, {"analyte": "ck"}, "Few.", observed=n, unit="1")
    for n in (0, 1)
)
LACKS = Finding("calibration.parallelism", UNJUDGED, Scope.RESULT, {}, "None in range.")
SAME = {
    "one unit in two runs of an instrument": [
        (UNIT, at(1, analyte="ferritin", unit_text="mg/mL")),
        (UNIT, at(2, analyte="ferritin", unit_text="mg/mL")),
    ],
    "no unit for two analytes of a run": [
        (UNIT, at(1, analyte="ferritin", unit_text="")),
        (UNIT, at(1, analyte="iron", unit_text="")),
    ],
    "no unit in two runs of an instrument": [
        (UNIT, at(1, analyte="ferritin", unit_text="")),
        (UNIT, at(2, analyte="iron", unit_text="")),
    ],
    "unknown samples of a run": [
        (said("identity.sample_known"), at(1, sample="A")),
        (said("identity.sample_known"), at(1, sample="B")),
    ],
    "controls of two analytes of a run": [
        (said("westgard.1-3s", Scope.CONTROL, key=LOT), at(1)),
        (said("controls.recovery", Scope.ANALYTE, key={"analyte": "gdnf"}), at(1)),
    ],
    "a lot without a target in two runs": [
        (said("controls.life", Scope.CONTROL, UNJUDGED, LOT), at(1)),
        (said("controls.life", Scope.CONTROL, UNJUDGED, LOT | {"level": "L2"}), at(2)),
    ],
    "results of one curve": [
        (said("calibration.standards", key=CURVE), at(1, sample="A")),
        (said("calibration.fit", key=CURVE), at(1, sample="B")),
    ],
    "two analytes of a haemolysed tube": [
        (said("range.flag", verdict=Verdict.WARN, sentence="Of iron: 'hemolysed'."), at(1, sample="A")),
        (said("range.flag", verdict=Verdict.WARN, sentence="Of ck: 'hemolysed'."), at(2, sample="A")),
    ],
    "preliminary results of a file": [
        (said("range.flag", verdict=UNJUDGED, sentence="Of iron: 'pending'."), at(1, sample="A")),
        (said("range.flag", verdict=UNJUDGED, sentence="Of ck: 'preliminary'."), at(1, sample="B")),
    ],
    "CSF and serum of one visit": [
        (said("consistency.csf_serum"), at(1, sample="A", subject="P1", visit="0", analyte="nfl")),
        (said("consistency.csf_serum"), at(2, sample="B", subject="P1", visit="0", analyte="nfl")),
    ],
    "a share of flagged results, and what flags most of them": [
        (said("replicates.cv"), doubted(1, analyte="nfl")),
        (said("serum_run.share_flagged", Scope.ANALYTE, key={"analyte": "nfl"}), doubted(1)),
    ],
    "a plate that was read again as a whole": [
        (said("identity.duplicate_result"), again("2", sample="A")),
        (said("identity.duplicate_result"), again("2", sample="B")),
    ],
    "results without a number, and the share of them": [
        (said("range.value"), doubted(1, rule="range.value", analyte="nfl")),
        (said("serum_run.share_with_number", Scope.ANALYTE, key={"analyte": "nfl"}), doubted(1, rule="range.value")),
    ],
    "runs without any control": [
        (NO_CONTROLS, at(1)),
        (NO_CONTROLS, at(2)),
    ],
    "foreign tests of an instrument": [
        (said("range.catalogue", Scope.ANALYTE, UNJUDGED, {"analyte": "AFP"}), at(1)),
        (said("range.catalogue", Scope.ANALYTE, UNJUDGED, {"analyte": "CEA"}), at(2)),
    ],
    "one sample in two analytes": [
        (said("preanalytic.haemolysis"), at(1, sample="A", analyte="iron")),
        (said("preanalytic.tube"), at(2, sample="A", analyte="nfl")),
    ],
    "two analytes of a sample that contradict each other": [
        (said("consistency.iron_tibc"), at(1, sample="A", analyte="iron")),
        (said("consistency.iron_tibc"), at(1, sample="A", analyte="tibc")),
    ],
    "one tube of another person": [
        (said("identity.patient_swap"), at(1, sample="A", analyte="ck")),
        (said("identity.patient_swap"), at(2, sample="A", analyte="iron")),
    ],
    "one sentence about two runs": [
        (said("westgard.2-2s", Scope.RUN, UNJUDGED, sentence="No time."), at(1)),
        (said("westgard.4-1s", Scope.RUN, UNJUDGED, sentence="No time."), at(2)),
    ],
    "the dilutions of two samples of a run disagree": [
        (BENDS, at(1, sample="A", analyte="nfl")),
        (DIFFERS, at(1, sample="B", analyte="nfl")),
    ],
    "a run without a start, said of the run and of an analyte": [
        (said("controls.repeats", Scope.RUN, UNJUDGED, sentence="The run has no believable start time, so A."), at(1)),
        (said("westgard.2-2s", Scope.ANALYTE, UNJUDGED, sentence="2-2s: the run has no believable start time."), at(1)),
    ],
    "two empty cells of a column": [
        (said("range.value", verdict=UNJUDGED, sentence="It is empty."), at(1, sample="A", analyte="iron")),
        (said("range.value", verdict=UNJUDGED, sentence="It is empty."), at(1, sample="B", analyte="iron")),
    ],
    "two runs without any control": [(BARE, at(1)), (BARE, at(2))],
    "visits over the plates of an analyte": [
        (said("design.plate_and_visit", Scope.ANALYTE, key={"analyte": "nfl", "method": "a"}), at(1)),
        (said("design.plate_and_visit", Scope.ANALYTE, key={"analyte": "nfl", "method": "a"}), at(2)),
    ],
    "a rule that breaks in two runs": [
        (said("range.hard", verdict=Verdict.BROKEN), at(1)),
        (said("range.hard", verdict=Verdict.BROKEN), at(2)),
    ],
}
DIFFERENT = {
    "two units": [(UNIT, at(1, analyte="iron", unit_text="x")), (UNIT, at(1, analyte="iron", unit_text="y"))],
    "two tubes with one mark": [
        (said("range.flag", verdict=Verdict.WARN, sentence="Of iron: 'hemolysed'."), at(1, sample="A")),
        (said("range.flag", verdict=Verdict.WARN, sentence="Of iron: 'hemolysed'."), at(1, sample="B")),
    ],
    "CSF and serum of two visits": [
        (said("consistency.csf_serum"), at(1, subject="P1", visit="0", analyte="nfl")),
        (said("consistency.csf_serum"), at(1, subject="P1", visit="3", analyte="nfl")),
    ],
    "two doubtful runs": [
        (said("replicates.cv"), doubted(1, analyte="nfl")),
        (said("replicates.cv"), doubted(2, analyte="nfl")),
    ],
    "what flags most results, and another rule": [
        (said("range.hard"), doubted(1, analyte="nfl")),
        (said("replicates.cv"), doubted(1, analyte="nfl")),
    ],
    "results of two curves": [
        (said("calibration.standards", key=CURVE), at(1)),
        (said("calibration.standards", key=CURVE | {"curve": "mouse"}), at(1)),
    ],
    "controls of two runs": [
        (said("westgard.1-3s", Scope.CONTROL, key=LOT), at(1)),
        (said("westgard.1-3s", Scope.CONTROL, key=LOT), at(2)),
    ],
    "a name that is nearly one of the catalogue": [
        (said("range.catalogue", Scope.ANALYTE, UNJUDGED, {"analyte": "Ferrtin", "near": "ferritin"}), at(1)),
        (said("range.catalogue", Scope.ANALYTE, UNJUDGED, {"analyte": "AFP"}), at(1)),
    ],
    "a tube of another person and one that is haemolysed": [
        (said("identity.patient_swap"), at(1, sample="A")),
        (said("preanalytic.haemolysis"), at(1, sample="A")),
    ],
    "an empty cell and one that was masked": [
        (said("range.value", verdict=UNJUDGED, sentence="It is empty."), at(1, analyte="iron")),
        (said("range.value", verdict=UNJUDGED, sentence="It was masked."), at(1, analyte="iron")),
    ],
    "two runs with a control level too few": [(FEW, at(1)), (FEW, at(2))],
    "dilutions of two runs disagree": [(BENDS, at(1, analyte="nfl")), (BENDS, at(2, analyte="nfl"))],
    "a series that bends and one without a number in range": [
        (BENDS, at(1, analyte="nfl")),
        (LACKS, at(1, analyte="nfl")),
    ],
    "two samples": [(said("preanalytic.tube"), at(1, sample="A")), (said("preanalytic.tube"), at(1, sample="B"))],
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_findings_with_one_cause_have_one_key(pair):
    first, second = (shared_cause([one]) for one in pair)

    assert first == second != ()


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_findings_with_different_causes_have_different_keys(pair):
    first, second = (shared_cause([one]) for one in pair)

    assert first != second


@pytest.mark.parametrize("rule", ["range.soft", "replicates.cv", "identity.delta", "identity.duplicate_result"])
def test_a_result_with_a_finding_of_its_own_stands_alone_whatever_else_holds_it(rule):
    place = at(1, analyte="ferritin", unit_text="mg/mL", sample="A")

    assert shared_cause([(UNIT, place), (said(rule), place)]) == ()
