"""Facts that are lost are made again from the archive, its journal and the ledger."""

from __future__ import annotations

import re
import shutil

import pytest

import qc
import qc.audit.rebuild as rebuilding
from qc.audit.audit_review import review
from qc.audit.evidence.pack import write_pack
from qc.audit.evidence.pack_check import check_pack
from qc.audit.rebuild import rebuild
from qc.audit.verify import verified
from qc.ingest.delivery_journal import JOURNAL
from qc.lab.layout import init_lab
from qc.store.seals import sealed_tables
from schemas.errors import ConfigError

OF_THE_ACT = {"assessment_id", "seal_id", "assessed_at", "sheets_source_id"}
"""Columns of when and as how many-th something was judged: that is another now."""
RUN = """[run]
run = "T1"
study = "S"
matrix = "serum"
unit = "ug/dL"
method = "chemistry"
platform = "P"
instrument = "I1"
started_at = 2025-06-01T09:00:00
profile = "clinical-westgard-n2"
"""
RESULTS = "role,sample,analyte,value,material,level,lot\ncontrol,,iron,50,M,L1,1\ncontrol,,iron,200,M,L2,1\n"
RESULTS += "sample,A0,iron,80,,,\nsample,A3,iron,9999,,,\n"
SAMPLES = "study,sample,subject,visit,matrix\nS,A0,P1,0,serum\nS,A3,P1,3,serum\n"
CONTROLS = """material,level,lot,analyte,matrix,unit,target,sd,active_from,expires_on
M,L1,1,iron,serum,ug/dL,50,5,2025-01-01,2026-01-01
M,L2,1,iron,serum,ug/dL,200,20,2025-01-01,2026-01-01
"""


def hand_in(lab, name, text, run_sheet=""):
    folder = lab.paths.root.parent
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    if run_sheet:
        (folder / f"{name}.run.toml").write_text(run_sheet, encoding="utf-8")
    (outcome,) = lab.ingest(folder / f"{name}.csv")
    return outcome


def contents(lab):
    """Return every row of what came in, and of the newest judgement of each run."""
    found = {}
    with lab.facts.reading() as con:
        tables = {**sealed_tables(con), "run_states": ("", ["run_id", "run", "study", "verdict", "state", "n_results"])}
        for table, (key, columns) in tables.items():
            newest = "SEMI JOIN run_states USING (run_id, assessment_id)" if key == "assessment_id" else ""
            named = ", ".join(f'"{name}"' for name in columns if name not in OF_THE_ACT)
            found[table] = con.execute(f'SELECT {named} FROM "{table}" {newest} ORDER BY ALL').fetchall()
    return found


def lose(lab):
    for path in lab.paths.root.glob("facts.duckdb*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture(scope="module")
def worked_in(tmp_path_factory):
    """Lab in which sheets and runs were corrected, refused and asked for twice, and items were decided."""
    lab = qc.init_lab(tmp_path_factory.mktemp("worked") / "lab", name="lost", settings={"lab.default_study": "S"})
    settings = lab.paths.settings.read_text(encoding="utf-8")
    lab.paths.settings.write_text(re.sub(r"(?m)^suites = .*$", "suites = {}", settings), encoding="utf-8")
    lab = qc.open_lab(lab.paths.root)
    for name, text in {"samples": SAMPLES, "controls": CONTROLS}.items():
        hand_in(lab, name, text)
    hand_in(lab, "T1", RESULTS, RUN)
    lab.assess()
    changed = SAMPLES.replace("A3,P1,3", "A3,P1,2")
    accepted = hand_in(lab, "samples", changed + "S,B0,P2,0,serum\n").correction
    refused = hand_in(lab, "controls", CONTROLS.replace("200,20", "200,10")).correction
    hand_in(lab, "samples", changed + "S,B0,P2,0,serum\nS,C0,P3,0,serum\n")
    lab.decide(refused, "refuse", reason="not_confirmed")
    lab.decide(accepted, "accept", reason="clerical")
    lab.assess()
    run = hand_in(lab, "T1", RESULTS.replace("80,,,", "81,,,"), RUN).correction
    lab.decide(run, "accept", reason="clerical")
    lab.assess()
    for item in lab.queue():
        lab.decide(item, "approve", reason="biologically_plausible")
    lab.assess()
    return lab.paths.root


@pytest.fixture
def lab(worked_in, tmp_path):
    shutil.copytree(worked_in, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def test_nothing_empty_is_made_beside_an_archive(lab):
    lose(lab)

    with pytest.raises(ConfigError, match="nothing was made in its place") as told:
        init_lab(lab.paths.root, name="x")

    assert "'qc rebuild' makes them again" in str(told.value)
    assert not lab.paths.facts.exists()


@pytest.mark.parametrize("left", [None, "[lab\n"])
def test_settings_that_are_lost_or_broken_come_back_as_they_were_kept(lab, left):
    text = lab.paths.settings.read_text(encoding="utf-8")
    lab.paths.settings.unlink()
    if left:
        lab.paths.settings.write_text(left, encoding="utf-8")
        with pytest.raises(ConfigError, match="--anew settings"):
            qc.open_lab(lab.paths.root)

    init_lab(lab.paths.root, name="x", anew=["settings"])

    assert lab.paths.settings.read_text(encoding="utf-8") == text
    assert [path.read_text(encoding="utf-8") for path in lab.paths.root.glob("set-aside/qc.toml-*")] == [left] * bool(
        left
    )
    assert lab.verify() == []


def test_every_row_comes_again_decisions_count_and_all_holds(lab):
    before, states = contents(lab), lab.gate().n_by_state
    lose(lab)

    made = rebuild(lab, actor="tester")

    after = contents(lab)
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}
    assert sum(map(len, after.values())) > 60
    assert (made.n_runs, made.set_aside, lab.gate().n_by_state) == (2, "", states)
    found = verified(lab, reads_again=True, n_runs=None)
    assert found.faults == []
    assert "made again by 'tester'" in found.remarks[0]
    assert [one.actor for one in review(lab) if one.what == "facts_made_again"] == ["tester"]


def test_evidence_of_facts_that_were_made_again_says_which_decisions_see_the_same(lab, tmp_path):
    rebuild(lab, actor="tester")
    write_pack(lab, "T1", tmp_path / "pack", reason="audit")

    checked = check_pack(tmp_path / "pack")

    assert checked.faults == []
    assert "by 'tester'" in checked.remarks[0]
    assert "1 decisions judged what was there before, and 1 of them see the same" in checked.remarks[0]


def test_no_assessment_is_numbered_as_one_before(lab):
    with lab.facts.reading() as con:
        before = {number for (number,) in con.execute("SELECT assessment_id FROM assessments").fetchall()}

    rebuild(lab, actor="tester")
    rebuild(lab, actor="tester")

    with lab.facts.reading() as con:
        after = [number for (number,) in con.execute("SELECT assessment_id FROM assessments").fetchall()]
    assert len(after) == 2
    assert not before & set(after)
    assert len(list((lab.paths.root / "set-aside").iterdir())) == 2
    assert lab.verify() == []


@pytest.mark.parametrize("moment", ["judge_stale", "_set_aside"])
def test_a_kill_at_any_moment_is_made_good_by_the_next_call(lab, moment, monkeypatch):
    class Killed(BaseException):
        pass

    before = contents(lab)
    whole = getattr(rebuilding, moment)

    def die(*arguments, **named):
        whole(*arguments, **named)
        raise Killed

    monkeypatch.setattr(rebuilding, moment, die)
    with pytest.raises(Killed):
        rebuild(lab, actor="tester")
    monkeypatch.undo()

    rebuild(lab, actor="tester")

    assert contents(lab) == before
    assert lab.verify() == []


def test_a_journal_that_says_otherwise_is_named_and_written_anew_by_the_doctor(lab):
    from click.testing import CliRunner

    from qc.cli.main import command

    path = lab.paths.archive / JOURNAL
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"T1.csv"', '"T2.csv"', 1), encoding="utf-8")

    assert [fault.where for fault in lab.verify()] == [f"archive/{JOURNAL}"]
    assert CliRunner().invoke(command, ["doctor", "--lab", str(lab.paths.root)]).exit_code == 0
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("cut", [1, 10_000])
def test_a_journal_that_was_cut_short_is_made_whole_by_whoever_comes_next(lab, cut):
    path = lab.paths.archive / JOURNAL
    content = path.read_bytes()
    path.write_bytes(content[:-cut])

    hand_in(lab, "samples", SAMPLES + "S,D0,P4,0,serum\n")

    assert path.read_bytes().startswith(content)
    assert lab.verify() == []


def test_a_journal_of_whose_files_one_is_lost_says_which(lab):
    lose(lab)
    named = re.search(r'"T1\.csv","([0-9a-f]{64})"', (lab.paths.archive / JOURNAL).read_text(encoding="utf-8"))
    (lab.paths.archive / named[1]).unlink()

    with pytest.raises(ConfigError, match="archive does not give what came in") as told:
        rebuild(lab, actor="tester")

    assert "T1.csv" in str(told.value)
    assert not lab.paths.facts.exists()
