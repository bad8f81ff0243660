from __future__ import annotations

import shutil

import pytest

import qc
from qc.audit.trace.trace import trace
from schemas.errors import ConfigError


@pytest.fixture(scope="module")
def lab(released_demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("traced") / "lab"
    shutil.copytree(released_demo, folder)
    return qc.open_lab(folder)


def test_a_p_value_is_walked_back_to_every_result_well_and_file(lab):
    graph = trace(lab, "tnf_alpha/csf")

    assert graph.nodes[graph.target].details["n_pairs"] == 15
    counts = graph.counts()
    assert (counts["result"], counts["well"], counts["release"], counts["plan"]) == (30, 60, 1, 1)
    assert counts["file"] == 6  # two plates, each with its map and run sheet
    archive = {path.name for path in lab.paths.archive.iterdir()}
    assert {node.details["sha256"] for node in graph.nodes.values() if node.kind == "file"} <= archive


def test_every_node_of_a_contrast_hangs_on_its_target(lab):
    graph = trace(lab, "tnf_alpha/csf")
    reached, waiting = set(), [graph.target]
    while waiting:
        one = waiting.pop()
        reached.add(one)
        waiting += [below for below, above in graph.edges if above == one and below not in reached]

    assert reached == set(graph.nodes)


def test_a_well_is_followed_up_to_its_p_value(lab):
    with lab.facts.reading() as con:
        sql = """SELECT r.run_id, r.wells FROM latest_results r JOIN latest_samples s USING (study, sample)
            WHERE r.analyte = 'tnf_alpha' AND r.matrix = 'csf' AND s.visit = '0' LIMIT 1"""
        run_id, wells = con.execute(sql).fetchall()[0]

    well = f"R{run_id}@{wells.split(',')[0]}"
    lab.paired()

    lines = list(trace(lab, well).lines())

    up = "\n".join(lines[lines.index("carries") :])
    assert "release ALS-1-R1" in up
    assert "contrast tnf_alpha/csf: p 0.0001" in up


def test_a_rejected_result_is_traced_to_its_decision_and_to_no_release(lab):
    graph = trace(lab, "R9.5")

    told = [node.label for node in graph.nodes.values() if node.kind in ("decision", "finding")]
    assert any("preanalytic.haemolysis" in label and "limit haemolysis 100 mg/dL" in label for label in told)
    assert any("reject by demo-script" in label for label in told)
    assert "release" not in graph.counts()


def test_the_lines_of_the_file_are_told(lab):
    graph = trace(lab, "R15.22")

    assert {node.details["line"] for node in graph.nodes.values() if node.kind == "well"} == {12}
    graph = trace(lab, "R19.3")
    (result,) = [node for node in graph.nodes.values() if node.kind == "result"]
    (main,) = [node for node in graph.nodes.values() if node.kind == "file" and node.details["part"] == "main"]
    line = (lab.paths.archive / main.details["sha256"]).read_text().splitlines()[result.details["line"] - 1]
    assert result.details["text"] in line
    assert result.details["analyte"] in line.lower()


def test_a_trace_of_a_run_or_a_sample_holds_all_its_results(lab):
    with lab.facts.reading() as con:
        n_results = con.execute("SELECT count(*) FROM latest_results WHERE run_id = 15").fetchall()[0][0]
    code = lab.show("R9.5").shown.code

    assert trace(lab, "R15").counts()["result"] == n_results + 1
    assert trace(lab, code).counts()["result"] == 9


@pytest.mark.parametrize("target", ["tnf_alpha/urine", "R99.1", "nonsense"])
def test_what_is_not_there_is_told(lab, target):
    with pytest.raises(ConfigError):
        trace(lab, target)
