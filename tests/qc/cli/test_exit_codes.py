from __future__ import annotations

import json

import pytest

from qc.cli.main import _outcome


@pytest.fixture
def qc_command(capsys):
    def call(*arguments):
        code = _outcome([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_an_unknown_command_is_wrong_usage(qc_command):
    assert qc_command("frobnicate")[0] == 2


def test_a_folder_without_a_lab_is_wrong_usage(qc_command, tmp_path):
    code, _, talk = qc_command("queue", "--lab", tmp_path)

    assert (code, "qc.toml" in talk) == (2, True)


def test_a_file_that_is_not_there_is_wrong_usage(qc_command, fresh_lab):
    assert qc_command("ingest", fresh_lab.paths.root / "none.csv", "--lab", fresh_lab.paths.root)[0] == 2


def test_a_refused_file_gives_3_and_names_its_faults_as_json(qc_command, fresh_lab):
    file = fresh_lab.paths.root.parent / "bad.csv"
    file.write_text("sample,analyte,value\nA,iron,1,2\n")

    code, out, _ = qc_command("ingest", file, "--json", "--lab", fresh_lab.paths.root)

    assert code == 3
    assert json.loads(out)["files"][0]["faults"]


def test_a_queue_with_items_gives_1(qc_command, demo_folder):
    code, out, _ = qc_command("queue", "--json", "--lab", demo_folder)

    assert code == 1
    assert json.loads(out)["n_waiting"] == len(json.loads(out)["items"]) > 0


def test_a_closed_gate_gives_1_and_says_why(qc_command, demo_folder):
    code, out, _ = qc_command("gate", "--json", "--lab", demo_folder)

    told = json.loads(out)
    assert (code, told["open"], bool(told["reasons"])) == (1, False, True)


def test_a_release_behind_a_closed_gate_gives_1_and_makes_nothing(qc_command, demo_folder):
    code, _, talk = qc_command("release", "--lab", demo_folder)

    assert code == 1
    assert "closed" in talk
    assert not [path for path in (demo_folder / "releases").iterdir() if path.is_dir()]


def test_paired_tests_without_a_locked_plan_give_2(qc_command, demo_folder):
    import qc
    from qc.api.demo import decide_all

    lab = qc.open_lab(demo_folder)
    decide_all(lab)
    lab.release(actor="tester")

    code, _, talk = qc_command("paired", "--lab", demo_folder)

    assert (code, "No plan is locked" in talk) == (2, True)


def test_a_store_that_another_process_holds_gives_4(qc_command, demo_folder):
    toml = demo_folder / "qc.toml"
    toml.write_text(toml.read_text().replace("wait_s = 30", "wait_s = 0.2"))
    import qc

    with qc.open_lab(demo_folder).facts.writing():
        code, _, talk = qc_command("gate", "--lab", demo_folder)

    assert code == 4
    assert talk


def test_a_fault_of_ours_gives_5_without_a_traceback_or_the_message(qc_command, demo_folder, monkeypatch, tmp_path):
    monkeypatch.setattr("platformdirs.user_log_dir", lambda *_, **__: str(tmp_path / "log"))
    monkeypatch.setattr("qc.decide.queue_and_show.queue", _raise_with_patient_data)

    code, out, talk = qc_command("queue", "--lab", demo_folder)

    (log,) = (tmp_path / "log").iterdir()
    assert code == 5
    assert "Traceback" not in out + talk
    assert "Jane Roe" not in out + talk + log.read_text()
    assert "ZeroDivisionError" in log.read_text()


def _raise_with_patient_data(*_):
    raise ZeroDivisionError("Jane Roe, born 1950")


def test_a_decision_without_a_needed_reason_gives_2_and_records_nothing(qc_command, demo_folder):
    import qc

    lab = qc.open_lab(demo_folder)
    item = next(one for one in lab.queue() if one.verdict == "reject").shown.item
    before = lab.ledger.head()

    code, _, talk = qc_command("decide", "approve", item, "--lab", demo_folder)

    assert (code, "A reason is needed" in talk) == (2, True)
    assert lab.ledger.head() == before
