from __future__ import annotations

import json

import duckdb

from qc.cli.main import run as run_qc


def test_doctor_names_an_approved_result_that_cannot_be_true_by_its_key(demo_folder, capsys, monkeypatch):
    with duckdb.connect(f"duckdb:{demo_folder / 'facts.duckdb'}") as con:
        chosen = "SELECT assessment_id, result_id, sample FROM latest_results WHERE state = 'auto_approved' LIMIT 1"
        assessment_id, result_id, sample = con.execute(chosen).fetchall()[0]
        con.execute("UPDATE results SET value = 1e12, censor = '' WHERE result_id = ?", [result_id])
    monkeypatch.setattr("sys.argv", ["qc", "doctor", "--json", "--lab", str(demo_folder)])

    try:
        run_qc()
    except SystemExit as end:
        code = end.code

    told = json.loads(capsys.readouterr().out)
    places = [fault["where"] for fault in told["faults"] if "no method makes it possible" in fault["text"]]
    assert code == 1
    assert f"table 'results', assessment_id {assessment_id}, result_id {result_id}" in places
    assert not any(sample in fault["where"] + fault["text"] for fault in told["faults"])
