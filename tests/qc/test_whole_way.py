from __future__ import annotations

import json

import polars as pl
import pytest

import qc
from qc.release.gated_tests import gated_tests

HEADLINE = ("tnf_alpha", "csf")


@pytest.fixture(scope="module")
def contrasts(looked_at_demo):
    told = gated_tests(qc.open_lab(looked_at_demo)).as_json()
    return {(one["analyte"], one["matrix"]): one for one in told["contrasts"]}


def test_the_synthetic_study_has_sixteen_contrasts(contrasts):
    assert len(contrasts) == 16


def test_csf_tnf_alpha_falls_and_holds_after_holm(contrasts):
    headline = contrasts[HEADLINE]

    assert headline["p_value"] < 0.01
    assert headline["p_holm"] < 0.05
    assert headline["estimate"] < 0


def test_the_other_fifteen_contrasts_do_not_reach_0_05(contrasts):
    others = {key: one["p_value"] for key, one in contrasts.items() if key != HEADLINE}

    assert [key for key, p_value in others.items() if not p_value > 0.05] == []


def test_p_values_equal_those_of_the_generator_where_nothing_was_set_aside(contrasts):
    answers = pl.read_csv(_root() / "sample_runs" / "answers" / "contrasts.csv").filter(pl.col("n_unflagged") == 15)

    for row in answers.iter_rows(named=True):
        contrast = contrasts[row["analyte"], row["matrix"]]
        assert contrast["wilcoxon"]["p_two"] == pytest.approx(row["p_value"], rel=1e-9)
        if contrast["n_censored"] == 0:
            assert contrast["p_value"] == contrast["wilcoxon"]["p_two"]


def _root():
    from pathlib import Path

    return Path(__file__).resolve().parents[2]


def test_results_of_the_pipeline_equal_those_of_the_generator(looked_at_demo):
    release = qc.open_lab(looked_at_demo).open_release()
    answers = pl.read_csv(_root() / "sample_runs" / "answers" / "results.csv", infer_schema_length=None)
    ours = {
        (row["sample"], row["analyte"], row["matrix"]): row
        for row in release.results.filter(pl.col("censor") == "").iter_rows(named=True)
    }

    compared = 0
    for row in answers.iter_rows(named=True):
        found = ours.get((row["sample"], row["analyte"], row["matrix"]))
        if found is not None and row["censor"] in (None, ""):
            last_digit = 10.0 ** -found["decimals"]
            assert round(found["value"], found["decimals"]) == pytest.approx(row["value"], abs=last_digit)
            compared += 1
    assert compared > 900


def test_nothing_vanishes_between_ingest_and_release(looked_at_demo):
    lab = qc.open_lab(looked_at_demo)
    release = lab.open_release()

    with lab.facts.reading() as con:
        n_results = con.execute("SELECT count(*) FROM latest_results").fetchall()[0][0]

    assert release.manifest["n_approved"] + release.manifest["n_set_aside"] == n_results == 960


def test_everything_holds_after_the_whole_way(looked_at_demo):
    assert qc.open_lab(looked_at_demo).verify() == []


def test_a_changed_byte_of_a_release_is_named_and_refused(looked_at_demo, tmp_path):
    import shutil

    from schemas.errors import GateError

    folder = tmp_path / "lab"
    shutil.copytree(looked_at_demo, folder)
    lab = qc.open_lab(folder)
    path = next((folder / "releases").glob("*/results.parquet"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))

    assert [fault.where for fault in lab.verify()] == ["ALS-1-R1/results.parquet"]
    with pytest.raises(GateError, match="not what was released"):
        lab.paired()


def test_a_second_night_does_nothing_more(demo_folder):
    lab = qc.open_lab(demo_folder)

    night = lab.nightly()

    assert (night.ingested, night.assessed, night.changed.newly_waiting) == ((), (), ())


def test_queue_and_show_tell_no_subject_visit_or_sample(demo_folder):
    lab = qc.open_lab(demo_folder)
    with lab.facts.reading() as con:
        sql = "SELECT sample FROM samples UNION SELECT subject FROM samples"
        named = {row[0] for row in con.execute(sql).fetchall()}

    queue = lab.queue()
    told = json.dumps([item.as_json() for item in queue] + [lab.show(item.shown.item).as_json() for item in queue])

    assert [name for name in named if name in told] == []


def test_a_decision_lapses_when_the_sample_sheet_changes_what_was_judged(demo_folder, tmp_path):
    lab = qc.open_lab(demo_folder)
    item = next(one for one in lab.queue() if one.findings[0].rule == "preanalytic.haemolysis").shown.item
    lab.decide(item, "approve", reason="biologically_plausible")
    sheet = tmp_path / "samples.csv"
    text = (_root() / "sample_runs" / "study" / "samples.csv").read_text()
    with lab.facts.reading() as con:
        sql = "SELECT sample FROM samples WHERE haemolysis_index > 100"
        hurt = con.execute(sql).fetchall()[0][0]
        index = con.execute("SELECT haemolysis_index FROM samples WHERE sample = ?", [hurt]).fetchall()[0][0]
    line = next(one for one in text.splitlines() if f",{hurt}," in one)
    sheet.write_text(text.replace(line, line.replace(f",{index:g},", ",500,")))

    (outcome,) = lab.ingest(sheet)
    lab.decide(outcome.correction, "accept", reason="clerical")
    lab.assess()

    again = {one.shown.item: one for one in lab.queue()}
    assert again[item].has_lapsed


def test_a_release_is_not_made_while_a_sheet_is_newer_than_the_assessment(demo_folder):
    from qc.api.demo import decide_all
    from schemas.errors import GateError

    lab = qc.open_lab(demo_folder)
    decide_all(lab)
    text = (_root() / "sample_runs" / "study" / "samples.csv").read_text()
    sheet = demo_folder / "samples-2.csv"
    sheet.write_text(text.replace(",1,SYNTHETIC", ",2,SYNTHETIC"))
    lab.ingest(sheet)

    with pytest.raises(GateError, match="closed"):
        lab.release()


def test_the_ledger_holds_who_decided_what_and_over_which_rule(looked_at_demo):
    from qc.items.decisions import all_decisions

    lab = qc.open_lab(looked_at_demo)
    decisions = all_decisions(lab.ledger)
    with lab.facts.reading() as con:
        warned = {item for (item,) in con.execute("SELECT item FROM held_items WHERE verdict = 'warn'").fetchall()}

    assert {decision.actor for decision in decisions} == {"demo-script"}
    # A warning needs no reason, a failure does.
    assert all(decision.reason or not decision.over or decision.item in warned for decision in decisions)
