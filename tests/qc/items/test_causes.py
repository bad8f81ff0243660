from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest

import qc
from qc.cli.queue_text import queue_table
from qc.decide.ignore_tests import ignore_tests, ignored_tests
from qc.decide.queue_causes import by_cause
from qc.store.entry import Kind
from schemas.errors import ConfigError

SHEET = "sample,subject,visit,matrix,study\n" + "".join(f"K{n},P{n},0,serum,S\n" for n in range(1, 9))
RUN = "run,started_at,sample,role,analyte,result,unit,material,level,lot\n"
CONTROLS = "material,level,lot,analyte,matrix,target,sd,unit\n" + "".join(
    f"QC,{level},7,{analyte},serum,{target},{sd},{unit}\n"
    for analyte, unit, sd in (("ferritin", "ng/mL", 4), ("iron", "ug/dL", 4))
    for level, target in (("L1", 80), ("L2", 150))
)


@pytest.fixture(scope="module")
def judged_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("causes")
    lab = qc.init_lab(folder / "lab", name="test", settings={"lab.default_study": "S"})
    rows = [
        f"T,2026-03-02T08:00:00,{name},sample,{analyte},{100 + n},{unit},,,"
        for n, name in enumerate(["K1", "K2", "X-77", "K-7", "K3", "K4"])
        for analyte, unit in (("ferritin", "ng/mL"), ("iron", "ug/dL"))
    ]
    rows += [
        f"T,2026-03-02T08:00:00,QC,control,{analyte},{value},{unit},QC,{level},7"
        for analyte, unit in (("ferritin", "ng/mL"), ("iron", "ug/dL"))
        for level, value in (("L1", 81), ("L2", 149))
    ]
    for name, text in (("samples", SHEET), ("controls", CONTROLS), ("T", RUN + "\n".join(rows) + "\n")):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        lab.ingest(folder / f"{name}.csv")
    lab.assess()
    return lab.paths.root


@pytest.fixture
def lab_with_unknown_samples(judged_once, tmp_path):
    shutil.copytree(judged_once, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def the_cause(lab):
    (cause,) = by_cause(lab.queue()).causes
    return cause


def decided(lab):
    return {
        entry.object: (entry.body["act"], entry.body["judged_sha256"])
        for entry in lab.ledger.entries(kinds=[Kind.DECISION])
    }


def test_every_item_of_the_queue_is_in_one_cause_or_alone(judged_demo):
    queue = qc.open_lab(judged_demo).queue()

    told = by_cause(queue)

    named = Counter([name for cause in told.causes for name in cause.items] + [one.shown.item for one in told.alone])
    assert named == Counter(item.shown.item for item in queue)
    assert all(cause.n_items > 1 for cause in told.causes)


def test_samples_that_no_sheet_knows_are_one_item_of_their_run(lab_with_unknown_samples):
    cause = the_cause(lab_with_unknown_samples)

    assert (cause.n_items, cause.n_results, cause.rules) == (4, 4, ("identity.sample_known",))
    assert by_cause(lab_with_unknown_samples.queue()).n_items == 1


def test_who_may_see_codes_reads_which_code_is_unknown_where_it_stands_and_which_is_near(lab_with_unknown_samples):
    cause = the_cause(lab_with_unknown_samples)

    assert "'K-7' (T.csv, lines 8, 9) is in no sample sheet. Did you mean 'K7'?" in cause.way_on
    assert "'X-77' (T.csv, lines 6, 7) is in no sample sheet. 'K-7'" in cause.way_on


def test_who_may_not_unblind_reads_no_code(lab_with_unknown_samples):
    settings = lab_with_unknown_samples.paths.root / "qc.toml"
    text = settings.read_text(encoding="utf-8")
    assert 'unblind = ["qa", "statistician"]' in text
    settings.write_text(text.replace('unblind = ["qa", "statistician"]', "unblind = []"), encoding="utf-8")

    lab = qc.open_lab(lab_with_unknown_samples.paths.root)

    assert "K7" not in the_cause(lab).way_on + str(lab.show("R1.5").as_json())


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("R1.99", "R1 has 12 results"),
        ("R1/ferrtin", "Did you mean 'R1/ferritin'?"),
        ("R8", "The newest run is R1."),
    ],
)
def test_an_item_that_is_not_there_is_refused_with_what_is_near(lab_with_unknown_samples, name, hint):
    with pytest.raises(ConfigError, match=re.escape(hint)):
        lab_with_unknown_samples.show(name)


def test_an_item_that_is_not_there_costs_no_reassurance(lab_with_unknown_samples):
    with pytest.raises(ConfigError, match=r"There is no such item\. R1 has 12 results"):
        lab_with_unknown_samples.pair_cost(["R1.99"])


def test_a_decision_on_a_cause_is_the_decision_on_each_of_its_items(lab_with_unknown_samples, tmp_path):
    lab = lab_with_unknown_samples
    shutil.copytree(lab.paths.root, tmp_path / "other")
    other, cause = qc.open_lab(tmp_path / "other"), the_cause(lab)

    lab.decide(cause.cause, "reject", reason="identity_in_doubt", exceptions=cause.items[:1])
    for item in cause.items[1:]:
        other.decide(item, "reject", reason="identity_in_doubt")

    assert decided(lab) == decided(other)
    assert [item.shown.item for item in lab.queue()] == [cause.items[0]]
    assert {entry.body["bulk"]["n"] for entry in lab.ledger.entries(kinds=[Kind.DECISION])} == {3}
    assert {tuple(entry.body["bulk"]["exceptions"]) for entry in lab.ledger.entries(kinds=[Kind.DECISION])} == {
        cause.items[:1]
    }


def test_what_was_decided_on_a_cause_is_taken_back_by_its_name(lab_with_unknown_samples):
    lab, cause = lab_with_unknown_samples, the_cause(lab_with_unknown_samples)
    lab.decide(cause.cause, "reject", reason="identity_in_doubt")

    lab.undo(cause.cause)

    assert the_cause(lab) == cause
    assert lab.verify() == []


def test_an_exception_that_is_no_item_of_the_cause_is_refused(lab_with_unknown_samples):
    cause = the_cause(lab_with_unknown_samples)

    with pytest.raises(ConfigError, match="no item of the causes"):
        lab_with_unknown_samples.decide(cause.cause, "reject", reason="identity_in_doubt", exceptions=["R1.1"])

    assert lab_with_unknown_samples.ledger.entries(kinds=[Kind.DECISION]) == []


def test_the_command_line_shows_a_cause_and_decides_on_it(lab_with_unknown_samples):
    lab, cause = lab_with_unknown_samples, the_cause(lab_with_unknown_samples)
    words = [sys.executable, "-m", "qc"]
    at = ["--lab", str(lab.paths.root)]

    queue = subprocess.run([*words, "queue", "--json", *at], capture_output=True, text=True)
    table = subprocess.run([*words, "queue", *at], capture_output=True, text=True)
    shown = subprocess.run([*words, "show", cause.cause, *at], capture_output=True, text=True)
    act = ["decide", "reject", cause.cause, "--reason", "identity_in_doubt", *at]
    done = subprocess.run([*words, *act], capture_output=True, text=True)

    told = json.loads(queue.stdout)
    assert (told["n_causes"], told["n_results"], [one["cause"] for one in told["causes"]]) == (1, 4, [cause.cause])
    assert {item["cause"] for item in told["items"]} == {cause.cause}
    assert table.stdout.splitlines()[-2].startswith("1 item, 4 results wait.")
    assert all(item in shown.stdout.split() for item in cause.items)
    assert (done.returncode, lab.queue()) == (0, [])


def test_tests_that_are_none_of_the_study_are_one_item_and_set_aside_for_good(tmp_path):
    lab = qc.init_lab(tmp_path / "lab", name="test", settings={"lab.default_study": "S"})
    rows = [f"{{run}},2026-03-02T08:00:00,K{n},sample,{name},{n},ng/mL,,," for n in (1, 2) for name in ("AFP", "CEA")]
    (tmp_path / "samples.csv").write_text(SHEET, encoding="utf-8")
    for run in ("T", "U"):
        (tmp_path / f"{run}.csv").write_text(RUN + "\n".join(rows).format(run=run) + "\n", encoding="utf-8")
    lab.ingest(tmp_path / "samples.csv", tmp_path / "T.csv")
    lab.assess()
    cause = the_cause(lab)

    ignore_tests(lab, [cause.cause], reason="none of the study's", actor="tester")
    lab = qc.open_lab(lab.paths.root)
    lab.ingest(tmp_path / "U.csv")
    lab.assess()

    assert cause.analytes == ("AFP", "CEA")
    assert f"'qc ignore {cause.cause} --reason ...' does so with all 2." in cause.way_on
    assert all(f"'qc ignore \"{name}\" --reason ...'" in cause.way_on for name in cause.analytes)
    assert all(f"'qc catalogue new {name.lower()} --like" in cause.way_on for name in cause.analytes)
    assert lab.queue() == []
    listed = ignored_tests(lab)
    assert (listed.ignored, listed.changes[0].reason) == (("AFP", "CEA"), "none of the study's")

    ignore_tests(lab, ["AFP", "CEA"], reason="they are", is_removed=True, actor="tester")
    lab = qc.open_lab(lab.paths.root)
    lab.assess()

    assert (the_cause(lab).cause, the_cause(lab).n_results) == (cause.cause, 8)
    assert lab.verify() == []


def test_a_finding_of_a_whole_analyte_says_in_the_queue_what_settles_it(tmp_path, capsys):
    lab = qc.init_lab(tmp_path / "lab", name="test", settings={"lab.default_study": "S"})
    rows = [f"T,2026-03-02T08:00:00,K{n},sample,ferritin,{90 + n},mg/mL,,," for n in (1, 2, 3)]
    (tmp_path / "samples.csv").write_text(SHEET, encoding="utf-8")
    (tmp_path / "T.csv").write_text(RUN + "\n".join(rows) + "\n", encoding="utf-8")
    lab.ingest(tmp_path / "samples.csv", tmp_path / "T.csv")
    lab.assess()

    queue_table(lab.queue())

    (told,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  R1/ferritin: ")]
    assert "mg/mL" in told
    assert "hand the file in again" in told
