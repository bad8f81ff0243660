from dataclasses import replace

import polars as pl

from checks.engine import judge
from checks.profile import load_profile
from checks.registry import rules
from checks.run_input import RunInput
from schemas.run import Run
from schemas.tables.check import columns
from schemas.tables.control_results import ControlResults
from schemas.tables.judged_results import JudgedResults
from schemas.tables.wells import Wells

SAYS = "Analyte 'IL-6' is not in the catalogue."
KNOWN = {"analyte": "ferritin", "matrix": "serum", "unit_state": "ok", "applicable": True} | {
    "sample_known": True,
    "subject_known": True,
}
UNKNOWN = KNOWN | {
    "analyte": "IL-6",
    "unit_state": "unknown",
    "applicable": False,
    "unit_sentence": SAYS,
    "applicable_sentence": SAYS,
}


def frame_of(model, rows):
    schema = columns(model)
    blank = {name: "" if kind == pl.String else None for name, kind in schema.items()}
    return pl.DataFrame([blank | row for row in rows], schema=schema)


def run_of(*results):
    rows = [{"ordinal": n, "sample": f"S{n}", **row} for n, row in enumerate(results, start=1)]
    controls = frame_of(ControlResults, [{"analyte": row["analyte"], "matrix": "serum"} for row in results])
    return RunInput(
        run=Run(run="R1"),
        wells=pl.DataFrame(),
        results=frame_of(JudgedResults, rows),
        controls=controls,
        control_history=controls.clear(),
    )


def test_a_run_of_unknown_names_is_told_by_one_finding_a_name_and_asked_nothing_else():
    judgement = judge(run_of(UNKNOWN, UNKNOWN), load_profile("research-elisa"), rules())

    assert [(f.rule, dict(f.key)) for f in judgement.findings] == [("range.catalogue", {"analyte": "IL-6"})]


def test_rules_meet_only_what_the_catalogue_has_an_entry_for():
    run_input = run_of(KNOWN, UNKNOWN)

    assert run_input.with_entry.results["analyte"].to_list() == ["ferritin"]
    assert run_input.with_entry.controls["analyte"].to_list() == ["ferritin"]
    assert run_of(KNOWN).with_entry.results.height == 1


def test_a_lack_of_controls_is_told_although_no_sheet_knows_the_samples_yet():
    unplaced = run_of(KNOWN | {"sample_known": False}, KNOWN | {"sample_known": False})
    without_controls = replace(unplaced, controls=unplaced.controls.clear(), wells=frame_of(Wells, []))

    told = judge(without_controls, load_profile("research-elisa"), rules()).findings

    assert {(f.rule, str(f.key.get("analyte", ""))) for f in told} == {
        ("identity.sample_known", ""),
        ("controls.present", "ferritin"),
    }
