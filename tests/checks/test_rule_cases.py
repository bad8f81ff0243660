from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from checks.engine import judge, judge_all
from checks.judged_together import together
from checks.profile import load_profile, profile_names
from checks.registry import rules
from checks.run_input import RunInput, Variation
from checks.several_results import RepeatPolicy, Several, choose
from checks.standard_curves.curve_fits import fit_curves
from schemas.bridging import Bridging
from schemas.errors import NotEvaluableError
from schemas.file_remark import FileRemark, RemarkKind
from schemas.file_seal import FileSeal, SealState
from schemas.finding import Limit, Verdict
from schemas.run import Run
from schemas.tables.samples import seen_by_rules

CASES = Path(__file__).parent / "cases"
A_REPEAT = {
    "run": "R1",
    "started_at": None,
    "plate": "P1",
    "dilution": 1.0,
    "value": None,
    "unit": "ng/mL",
    "method": "",
}
LIMIT_KINDS = ("soft_low", "soft_high", "hard_low", "hard_high", "reference_low", "reference_high")
LIMIT_KINDS += ("haemolysis", "rbc", "freeze_thaw", "least_dilution", "hours_to_freezer", "storage_days", "lob", "lod")

# Column -> (type, default); a default may be a function of the row's position, 0 first. In the files nan is null.
WELLS = {
    "plate": (pl.String, "P1"),
    "well": (pl.String, lambda index: f"{'ABCDEFGH'[index // 12 % 8]}{index % 12 + 1}"),
    "line": (pl.Int64, lambda index: index + 2),
    "role": (pl.String, "sample"),
    "name": (pl.String, lambda index: f"N{index + 1}"),
    "analyte": (pl.String, "nfl"),
    "curve": (pl.String, ""),
    "conc": (pl.Float64, None),
    "dilution": (pl.Float64, 1.0),
    "signal": (pl.Float64, None),
    "signal_text": (pl.String, ""),
    "flag": (pl.String, ""),
    "n_beads": (pl.Int64, None),
    "n_beads_asked": (pl.Int64, None),
    "remark": (pl.String, ""),
    "material": (pl.String, ""),
    "level": (pl.String, ""),
    "lot": (pl.String, ""),
}
# What the sample sheet says of a sample, unknown by default: a column that is declared there can be used in a case.
OF_SAMPLE = {name: (dtype, "" if dtype == pl.String else None) for name, dtype in seen_by_rules().items()}
RESULTS = OF_SAMPLE | {
    "ordinal": (pl.Int64, lambda index: index + 1),
    "sample": (pl.String, lambda index: f"S{index + 1}"),
    "analyte": (pl.String, "ferritin"),
    "matrix": (pl.String, "serum"),
    "method": (pl.String, ""),
    "text": (pl.String, ""),
    "unit_text": (pl.String, ""),
    "value": (pl.Float64, None),
    "unit": (pl.String, "ng/mL"),
    "censor": (pl.String, ""),
    "censor_limit": (pl.Float64, None),
    "flag": (pl.String, ""),
    "value_state": (pl.String, "number"),
    "unit_state": (pl.String, "ok"),
    "unit_sentence": (pl.String, ""),
    "dilution": (pl.Float64, 1.0),
    "n_replicates": (pl.Int64, 1),
    "cv_percent": (pl.Float64, None),
    "plate": (pl.String, ""),
    "wells": (pl.String, ""),
    "line": (pl.Int64, lambda index: index + 2),
    "sample_known": (pl.Boolean, True),
    "subject_known": (pl.Boolean, True),
    "sample_matrix": (pl.String, "serum"),
    "subject": (pl.String, lambda index: f"P{index + 1}"),
    "visit": (pl.String, "0"),
    "sex": (pl.String, ""),
    "age_years": (pl.Float64, None),
    "freezing_hours": (pl.Float64, None),
    "stored_days": (pl.Float64, None),
    "refused_tubes": (pl.String, ""),
    "refused_tubes_source": (pl.String, ""),
    "applicable": (pl.Boolean, True),
    "applicable_sentence": (pl.String, ""),
    "lloq": (pl.Float64, None),
    "uloq": (pl.Float64, None),
    "decimals": (pl.Int64, 2),
    "detection": (pl.String, ""),
    "unit_factor": (pl.Float64, 1.0),
    "molar_unit": (pl.String, ""),
    "molar_factor": (pl.Float64, None),
    **{
        f"{kind}{part}": (pl.String if part else pl.Float64, "test" if part else None)
        for kind in LIMIT_KINDS
        for part in ("", "_unit", "_source", "_status", "_key")
    },
}
CONTROLS = {
    "run_id": (pl.Int64, 1),
    "run": (pl.String, "R1"),
    "started_at": (pl.Datetime("us"), None),
    "position": (pl.Int64, lambda index: index + 1),
    "analyte": (pl.String, "ferritin"),
    "matrix": (pl.String, "serum"),
    "material": (pl.String, "M1"),
    "level": (pl.String, "1"),
    "lot": (pl.String, "L1"),
    "value": (pl.Float64, None),
    "unit": (pl.String, "ng/mL"),
    "target": (pl.Float64, None),
    "sd": (pl.Float64, None),
    "z": (pl.Float64, None),
    "z_state": (pl.String, "ok"),
    "reagent_lot": (pl.String, ""),
    "method": (pl.String, ""),
    "target_kind": (pl.String, "fixed"),
    "basis": (pl.String, "fixed by the control sheet"),
}
EVENTS = {
    "happened_at": (pl.Datetime("us"), None),
    "event": (pl.String, "recalibration"),
    "analyte": (pl.String, ""),
    "instrument": (pl.String, ""),
    "lot": (pl.String, ""),
    "note": (pl.String, ""),
    "recorded_by": (pl.String, "tester"),
}
REANALYSES = {
    "analyte": (pl.String, "ferritin"),
    "matrix": (pl.String, "serum"),
    "initial": (pl.Float64, None),
    "repeat": (pl.Float64, None),
    "n_samples": (pl.Int64, None),
    "n_repeated": (pl.Int64, None),
}

LINKED = {
    "run": (pl.String, "R2"),
    "sample": (pl.String, lambda index: f"L{index + 1}"),
    "subject": (pl.String, lambda index: f"P{index + 1}"),
    "visit": (pl.String, "3"),
    "analyte": (pl.String, "ferritin"),
    "matrix": (pl.String, "serum"),
    "unit": (pl.String, "ng/mL"),
    "censor": (pl.String, ""),
    "method": (pl.String, ""),
    "platform": (pl.String, ""),
    "reagent_lot": (pl.String, ""),
    "calibrator_lot": (pl.String, ""),
    "plate": (pl.String, ""),
    "value": (pl.Float64, None),
    "censor_limit": (pl.Float64, None),
    "started_at": (pl.Datetime("us"), None),
}
COPIED_PLATES = {"plate": (pl.String, "P1"), "n_equal": (pl.Int64, 0), "n_compared": (pl.Int64, 0)}


def variations_of(case):
    def limit(name, value):
        return Limit(name, float(value), "percent", "the case itself", "proposed")

    return {
        (one["analyte"], one.get("matrix", "serum")): Variation(limit("cvi", one["cvi"]), limit("cva", one["cva"]))
        for one in case.get("variations", [])
    }


def case_files():
    return {path.stem: path for path in sorted(CASES.glob("*.toml"))}


def all_cases():
    for rule_id, path in case_files().items():
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield pytest.param(rule_id, case, id=f"{rule_id}: {case['name']}")


def frame(columns, defaults, where):
    strange = set(columns) - set(defaults)
    assert not strange, f"{where} has unknown columns {sorted(strange)}"
    lengths = {len(cells) for cells in columns.values() if isinstance(cells, list)}
    assert len(lengths) <= 1, f"{where} has columns of different lengths"
    n_rows = lengths.pop() if lengths else 0
    filled = {}
    for name, (dtype, default) in defaults.items():
        cells = columns.get(name, [default(index) for index in range(n_rows)] if callable(default) else default)
        cells = cells if isinstance(cells, list) else [cells] * n_rows
        filled[name] = pl.Series(
            name,
            [None if cell != cell or (cell == "" and dtype != pl.String) else cell for cell in cells],
            dtype=dtype,
            strict=True,
        )
    return pl.DataFrame(filled)


def with_z(controls):
    z = (pl.col("value") - pl.col("target")) / pl.col("sd")
    return controls.with_columns(pl.coalesce("z", z))


def profile_of(rule_id, case):
    names = [case["profile"]] if "profile" in case else ["m10-lba", *profile_names()]
    asking = [profile for profile in map(load_profile, names) if rule_id in profile.limits_by_rule]
    assert asking, f"Name the rule '{rule_id}' with its limits in a file of checks/profiles/: no profile asks it."
    return asking[0]


def floats_as_floats(columns, defaults):
    return {
        name: [float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell for cell in cells]
        if isinstance(cells, list) and defaults[name][0] == pl.Float64
        else cells
        for name, cells in columns.items()
        if name in defaults
    } | {name: cells for name, cells in columns.items() if name not in defaults}


def run_input(rule_id, case):
    def table(name, defaults):
        columns = floats_as_floats(case.get(name, {}), defaults)
        return frame(columns, defaults, f"[case.{name}] of '{case['name']}'")

    run = Run(**{"run": "R1", **case.get("run", {})})
    wells = table("wells", WELLS)
    standards = profile_of("calibration.standards", {}).limits_by_rule["calibration.standards"]
    own = limits_of("calibration.standards", case) if rule_id == "calibration.standards" else standards
    return RunInput(
        run=run,
        wells=wells,
        results=table("results", RESULTS),
        controls=with_z(table("controls", CONTROLS)),
        control_history=with_z(table("control_history", CONTROLS)),
        set_aside_controls=frozenset((run_id, analyte) for run_id, analyte in case.get("set_aside_controls", [])),
        superseded_controls=with_z(table("superseded_controls", CONTROLS)),
        events=table("events", EVENTS),
        curves=fit_curves(wells, run, own).curves,
        reanalyses=table("reanalyses", REANALYSES),
        linked=table("linked", LINKED),
        copied_plates=table("copied_plates", COPIED_PLATES),
        variations=variations_of(case),
        bridgings=frozenset(Bridging(**one) for one in case.get("bridgings", [])),
        rejected_samples={int(ordinal): said for ordinal, said in case.get("rejected_samples", {}).items()},
        file_remarks=tuple(
            FileRemark(RemarkKind(one["kind"]), one["where"], one["sentence"]) for one in case.get("file_remarks", [])
        ),
        file_seals=tuple(
            FileSeal(one["kind"], SealState(one["state"]), one["sentence"]) for one in case.get("file_seals", [])
        ),
        duplicates={int(ordinal): count for ordinal, count in case.get("duplicates", {}).items()},
        evidence=frozenset(case.get("evidence", [])),
        repeats=repeats_of(case),
    )


def repeats_of(case):
    policy = RepeatPolicy(several_results="mean_in_range")
    return {
        int(ordinal): choose([Several(**(A_REPEAT | {"result_id": n} | one)) for n, one in enumerate(own)], policy)
        for ordinal, own in case.get("repeats", {}).items()
    }


def limits_of(rule_id, case):
    limits = dict(profile_of(rule_id, case).limits_by_rule[rule_id])
    for name, value in case.get("limits", {}).items():
        unit = limits[name].unit if name in limits else "1"
        limits[name] = Limit(name, float(value), unit, "the case itself", "proposed")
    return limits


def as_said(finding):
    return {"verdict": finding.verdict.value, "scope": finding.scope.value, "key": dict(finding.key)}


def in_order(said):
    return sorted(said, key=lambda one: (one["scope"], sorted(map(str, one["key"].items())), one["verdict"]))


@pytest.mark.parametrize("rule_id, case", list(all_cases()))
def test_a_rule_says_what_its_case_expects(rule_id, case):
    assert rule_id in rules(), f"{rule_id}.toml has cases of a rule that no file of checks/ declares."
    rule = rules()[rule_id]

    try:
        findings = rule.judge(run_input(rule_id, case), limits_of(rule_id, case))
    except NotEvaluableError:
        findings = None

    if case.get("not_evaluable"):
        assert findings is None or {finding.verdict for finding in findings} == {Verdict.NOT_EVALUABLE}
    else:
        assert findings is not None
        assert in_order([as_said(finding) for finding in findings]) == in_order(case["expect"])
        assert all(finding.rule == rule_id for finding in findings)


@pytest.mark.parametrize("rule_id", sorted(rules()))
def test_every_rule_has_a_case_that_passes_one_that_fails_and_one_that_cannot_be_judged(rule_id):
    file = case_files().get(rule_id)
    assert file, f"Write the cases of '{rule_id}' as tests/checks/cases/{rule_id}.toml: there are none."

    cases = tomllib.loads(file.read_text(encoding="utf-8"))["case"]

    assert all(case.get("source") for case in cases), f"A case in {file.name} has no 'source'."
    assert any(case.get("not_evaluable") for case in cases), f"No case in {file.name} says 'not_evaluable = true'."
    passing = [case for case in cases if not case.get("not_evaluable") and not case["expect"]]
    assert passing, f"No case in {file.name} passes ('expect = []')."
    assert any(case.get("expect") for case in cases), f"No case in {file.name} fails."


@pytest.mark.parametrize("rule_id", sorted(rules()))
def test_every_limit_of_a_rule_stands_in_a_shipped_profile_with_its_source(rule_id):
    profiles = [load_profile(name) for name in profile_names()]
    asking = [profile.limits_by_rule[rule_id] for profile in profiles if rule_id in profile.limits_by_rule]

    assert asking, f"Name the rule '{rule_id}' with its limits in a file of checks/profiles/: no profile asks it."
    assert all(set(limits) == set(rules()[rule_id].limits) for limits in asking)
    assert all(limit.source for limits in asking for limit in limits.values())


@pytest.mark.parametrize("rule_id", sorted(rules()))
def test_the_manual_of_a_rule_is_a_numpy_docstring(rule_id):
    first, *rest = rules()[rule_id].manual.splitlines()

    assert first.endswith(".")
    assert {"Parameters", "Returns"} <= set(rest)


def test_every_case_file_belongs_to_a_rule():
    assert set(case_files()) <= set(rules())


def test_the_rules_that_a_profile_names_are_known():
    named = {rule_id for name in profile_names() for rule_id in load_profile(name).limits_by_rule}

    assert named <= set(rules())


BY_ROW = sorted(rule_id for rule_id, rule in rules().items() if rule.by_row)


def runs_of_cases(rule_id):
    cases = tomllib.loads((CASES / f"{rule_id}.toml").read_text(encoding="utf-8"))["case"]
    return [run_input(rule_id, case) for case in cases] * 2


@pytest.mark.parametrize("required", [0.0, 1.0])
@pytest.mark.parametrize("rule_id", BY_ROW)
def test_runs_that_are_judged_together_hear_what_each_hears_alone(rule_id, required):
    inputs, profile = runs_of_cases(rule_id), profile_of(rule_id, {})
    limits = limits_of(rule_id, {"limits": {"required": required}} if "required" in rules()[rule_id].limits else {})
    profile = replace(profile, limits_by_rule={rule_id: limits})

    said = judge_all(inputs, profile, rules())

    assert said == [judge(one, profile, rules()) for one in inputs]
    assert any(one.findings for one in said)


@pytest.mark.parametrize("rule_id", BY_ROW)
def test_rules_that_judge_by_row_look_at_no_more_than_results(rule_id):
    inputs = runs_of_cases(rule_id)
    bare = [one for one in inputs if one.results.height]

    assert bare
    assert together(bare).run_input.wells.is_empty()
    assert together(bare).n_runs == len(bare)


def test_a_rule_that_breaks_on_one_run_is_broken_in_that_run_alone():
    def breaks(run, limits):
        """Break on a sample that is called so."""
        if "breaks" in run.results["sample"]:
            raise ZeroDivisionError
        return []

    profile = replace(profile_of("range.value", {}), limits_by_rule={"range.value": {}})
    odd = replace(rules()["range.value"], judge=breaks)
    case = {"name": "one result", "results": {"sample": ["fine"], "value": [1.0]}}
    broken = {"name": "one result", "results": {"sample": ["breaks"], "value": [1.0]}}

    said = judge_all([run_input("range.value", one) for one in (case, broken, case)], profile, {"range.value": odd})

    assert [[finding.verdict for finding in one.findings] for one in said] == [[], [Verdict.BROKEN], []]
