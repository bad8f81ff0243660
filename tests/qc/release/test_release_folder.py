from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

import qc
from checks.arithmetic.counts.exact_mcnemar import exact_mcnemar
from checks.registry import rules
from qc.cli.main import command
from qc.items.decisions import newest_decisions
from qc.items.result_states import result_states
from qc.items.states import item_states
from qc.release.gate import counted_states
from qc.release.release_account import contrast_accounts, imbalance
from qc.release.release_contents import COLUMNS
from qc.release.release_proof import content_faults, folder_faults
from schemas.canonical import canonical_json
from schemas.errors import ConfigError, RightsError, StoreError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def lab(released_demo, tmp_path):
    shutil.copytree(released_demo, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


@pytest.fixture
def folder(lab):
    return lab.paths.releases / "ALS-1-R1"


def _verify(*words):
    done = CliRunner().invoke(command, ["release", "verify", *words, "--json"], standalone_mode=False)
    return done.return_value, json.loads(done.stdout)


def test_the_manifest_counts_in_and_out_of_each_contrast_with_reasons(lab):
    manifest = lab.open_release().manifest
    counted = {(one["analyte"], one["matrix"]): one for one in manifest["contrasts"]}

    assert len(counted) == 16
    assert {one["n_in"] for one in manifest["contrasts"]} == {60}
    assert sum(one["n_out"] for one in manifest["contrasts"]) == manifest["n_approved"]
    aside = [(one["reason"], one["n"]) for one in counted["ferritin", "serum"]["set_aside"]]
    assert aside == [("haemolysed", 1)]
    pairs = counted["ferritin", "serum"]["pairs"]
    assert (pairs["n_subjects"], pairs["n_pairs"], pairs["minimum"]) == (15, 14, 6)
    assert pairs["lost"] == [{"visit": "baseline", "reason": "rejected: haemolysed", "n": 1}]


def test_nothing_is_released_on_decisions_that_no_entry_says(lab):
    with closing(sqlite3.connect(lab.paths.ledger, isolation_level=None)) as con:
        con.execute("UPDATE decided SET act = 'approve' WHERE act = 'reject'")

    with pytest.raises(StoreError, match="audit verify"):
        lab.release()

    assert any("They are not what entry" in fault.text for fault in lab.verify())


def test_pairs_of_the_manifest_are_those_of_the_tests(lab):
    tested = {(c["analyte"], c["matrix"]): c["n_pairs"] for c in lab.paired().as_json()["contrasts"]}
    counted = {(c["analyte"], c["matrix"]): c["pairs"]["n_pairs"] for c in lab.open_release().manifest["contrasts"]}

    assert counted == tested


def test_the_manifest_names_rules_limits_software_plan_facts_and_ledger(lab):
    manifest = lab.open_release().manifest

    assert {"rule": "replicates.cv", "version": rules()["replicates.cv"].version} in manifest["rules"]
    assert all(limit["source"] and limit["status"] for limit in manifest["limits"])
    assert len(manifest["assessments"]) == 20
    assert manifest["plan"]["version"] == 1
    assert manifest["facts"]["n_seals"] > 100
    assert {"assaygate", "duckdb", "polars"} <= set(manifest["software"])
    assert manifest["ledger"]["seq"] == manifest["plan"]["seq"]


def test_every_column_is_in_the_dictionary_and_csv_is_the_same_table_as_parquet(folder):
    results = pl.read_parquet(folder / "results.parquet")
    dictionary = pl.read_csv(folder / "dictionary.csv")

    assert results.columns == list(COLUMNS) == dictionary["column"].to_list()
    assert dictionary["meaning"].null_count() == 0
    assert results.write_csv() == (folder / "results.csv").read_text()


def test_a_release_verifies_without_the_lab(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(folder, elsewhere)
    shutil.rmtree(folder.parents[1])

    code, told = _verify(str(elsewhere))

    assert (code, told["holds"]) == (0, True)
    assert _verify(str(elsewhere), "--sha256", told["release_sha256"])[1]["holds"]
    assert not _verify(str(elsewhere), "--sha256", "0" * 64)[1]["holds"]


def test_a_folder_whose_hashes_were_made_to_fit_still_does_not_count_up(folder):
    from schemas.canonical import sha256_file

    results = pl.read_parquet(folder / "results.parquet")
    results.head(900).write_parquet(folder / "results.parquet")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["results.parquet"] = sha256_file(folder / "results.parquet")
    (folder / "manifest.json").write_text(canonical_json(manifest))

    assert folder_faults(folder, None) == []
    told = [fault.where for fault in content_faults(folder)]
    assert told == ["manifest.json, n_approved", "results.csv", "manifest.json, contrasts"]


def test_a_result_that_nothing_approves_is_named(folder):
    lines = (folder / "decisions.json").read_text().splitlines()
    kept = [line for line in lines if '"act":"approve"' not in line]
    (folder / "decisions.json").write_text("\n".join(kept))

    assert len(kept) < len(lines)
    assert all("approves it" in fault.text for fault in content_faults(folder))
    assert content_faults(folder)


def test_late_data_make_a_new_version_and_the_released_one_stays(lab, folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    text = (ROOT / "sample_runs" / "study" / "plates" / "serum-tnf-1.csv").read_text()
    plate = lab.paths.root / "late" / "serum-tnf-1.csv"
    plate.parent.mkdir()
    for part in ("map.csv", "run.toml"):
        name = f"serum-tnf-1.{part}"
        shutil.copyfile(ROOT / "sample_runs" / "study" / "plates" / name, plate.parent / name)
    plate.write_text(text + "\n")

    lab.ingest(plate, correct=True, reason="clerical")
    assert not lab.gate().is_open
    lab.assess()
    lab.decide(lab.queue(), "reject", reason="outside_record", note="bench book")
    assert lab.gate().is_open
    again = lab.release()

    assert (again.name, again.manifest["follows"]) == ("ALS-1-R2", "ALS-1-R1")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert lab.verify(reads_again=True) == []
    assert lab.show("R21").corrects.startswith("R")


def test_the_gate_counts_without_the_results_what_the_results_give(demo_folder):
    lab = qc.open_lab(demo_folder)
    lab.decide("R3/gdnf", "reject", reason="outside_record", note="bench book")
    lab.decide("R5", "repeat", reason="repeat_needed")
    lab.decide("R4.1", "reject", reason="outside_record", note="bench book")
    lab.decide("R5.2", "reject", reason="outside_record", note="bench book")
    with lab.facts.reading() as con:
        states = item_states(con, newest_decisions(lab.ledger), datetime.now(UTC))
        counted = counted_states(con, states, "ALS-1")
        table = dict(result_states(con, states, "ALS-1")["state"].value_counts().iter_rows())
        con.execute("SELECT 1")

    assert counted == table
    assert len(counted) == 4


def test_the_gate_reads_neither_results_nor_findings(demo_folder):
    lab = qc.open_lab(demo_folder)
    with lab.facts.writing() as con:
        con.execute("DELETE FROM results")
        con.execute("DELETE FROM findings")

    looked = lab.gate()

    assert sum(looked.n_by_state.values()) == 960
    assert looked.items


def test_the_gate_names_what_holds_it_for_a_machine(demo_folder):
    lab = qc.open_lab(demo_folder)

    told = lab.gate().as_json()

    assert {hold["kind"] for hold in told["holds"]} == {"waiting"}
    hurt = next(hold for hold in told["holds"] if hold["item"] == "R9.5")
    assert (hurt["verdict"], hurt["rules"]) == ("reject", ["preanalytic.haemolysis"])


@pytest.mark.parametrize(
    "first, second, p_value",
    # R: binom.test(min(b, c), b + c)$p.value
    [(0, 0, None), (1, 0, 1.0), (1, 5, 0.21875), (0, 6, 0.03125), (5, 15, 0.04138947), (10, 10, 1.0)],
)
def test_exact_mcnemar_against_r(first, second, p_value):
    found = exact_mcnemar(first, second)

    assert found == (None if p_value is None else pytest.approx(p_value, rel=1e-6))


def _row(subject, visit, state="approved", reason=""):
    told = {"analyte": "nfl", "matrix": "csf", "subject": subject, "visit": visit, "state": state}
    return told | {"approval": "auto", "overridden": False, "reason": reason}


def test_visits_that_lose_unlike_are_told_by_the_exact_test(lab):
    from qc.plan.plan_lock import newest_lock

    plan = newest_lock(lab, "ALS-1").plan
    rows = [_row(f"S{n}", "0") for n in range(8)] + [_row(f"S{n}", "3", "rejected", "other") for n in range(6)]
    rows += [_row("S6", "3"), _row("S7", "3")]

    told = imbalance(rows, plan)
    (account,) = [one for one in contrast_accounts(rows, plan) if one["n_in"]]

    assert told["overall"] == {"n_baseline_only": 0, "n_followup_only": 6, "p_value": 0.03125}
    assert account["pairs"]["lost"] == [{"visit": "followup", "reason": "rejected: other", "n": 6}]
    assert account["pairs"]["n_pairs"] == 2


def test_exclusions_by_visit_are_told_to_the_unblinded_alone_and_recorded(lab):
    from qc.audit.exclusions import exclusions_by_visit

    with pytest.raises(ConfigError, match="reason"):
        exclusions_by_visit(lab, None, reason=" ")
    told = exclusions_by_visit(lab, None, reason="monitoring")
    assert told["overall"]["n_baseline_only"] == 1
    assert lab.ledger.entries(objects=["exclusions:ALS-1"])[0].body == {"reason": "monitoring"}

    text = lab.paths.settings.read_text().replace('unblind = ["qa", "statistician"]', "unblind = []")
    lab.paths.settings.write_text(text)
    with pytest.raises(RightsError, match="may not unblind"):
        exclusions_by_visit(qc.open_lab(lab.paths.root), None, reason="curious")


def test_versions_of_a_plan_stand_side_by_side(lab):
    from qc.plan.plan_lock import plan_locks, side_by_side

    plan = lab.paths.root / "plan.toml"
    plan.write_text(plan.read_text().replace("alpha = 0.05", "alpha = 0.01"))
    lab.lock_plan(plan)

    changed = [one for one in side_by_side(plan_locks(lab, "ALS-1")) if one.has_changed]

    assert [(one.key, one.values) for one in changed] == [("alpha", ("0.05", "0.01"))]


def test_the_manifest_counts_subjects_by_sex_and_age_and_names_none(lab):
    told = lab.open_release().manifest["subjects"]
    people = query_people(lab)

    assert [one["visit"] for one in told] == ["0", "1", "2", "3"]
    for one in told:
        own = [(sex, age) for visit, sex, age in people if visit == one["visit"]]
        assert one["n_subjects"] == len(own) == 15
        assert one["sex"] == {sex: sum(1 for other, _ in own if other == sex) for sex in ("female", "male")}
        assert one["age_years"]["n"] == 15
        assert one["age_years"]["median"] == sorted(age for _, age in own)[7]
    assert "ALS-01" not in json.dumps(told)


def query_people(lab):
    """Return visit, sex and age of every subject of the sheets."""
    study = ROOT / "sample_runs" / "study"
    with (study / "subjects.csv").open(encoding="utf-8") as file:
        born = {row["subject"]: (row["sex"], int(row["birth_year"])) for row in csv.DictReader(file)}
    with (study / "samples.csv").open(encoding="utf-8") as file:
        drawn = {(row["subject"], row["visit"]): int(row["collected_at"][:4]) for row in csv.DictReader(file)}
    return [(visit, born[subject][0], year - born[subject][1]) for (subject, visit), year in drawn.items()]
