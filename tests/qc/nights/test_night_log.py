from __future__ import annotations

import csv
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import qc
from qc.cli.main import _outcome
from qc.nights import night_log as log_room
from qc.nights.night_log import night_log

STUDY = Path(__file__).resolve().parents[3] / "sample_runs" / "study"


@pytest.fixture(scope="module")
def rehearsed(made_once):
    """A lab with a full inbox, rehearsed: what each file of it was before and after, then its night."""

    def make(folder):
        lab = qc.init_lab(folder, name="log", settings={"lab.default_study": "ALS-1"})
        for path in [*STUDY.glob("s*s.csv"), STUDY / "controls.csv", *(STUDY / "plates").glob("serum-tnf-1.*")]:
            shutil.copyfile(path, lab.paths.inbox / path.name)
        sample = next(csv.DictReader((STUDY / "samples.csv").open()))["sample"]
        faulty = f"sample,analyte,value,unit\n{sample},iron,5,ug/dL\n{sample},iron\n"
        (lab.paths.inbox / f"of {sample}.csv").write_text(faulty)
        before = bytes_of(folder)
        told = lab.rehearse_night().as_json()
        unchanged = bytes_of(folder) == before
        lab.nightly()
        known = [one.outcome for one in lab.rehearse_night().files]
        (folder / "told.json").write_text(json.dumps([told, unchanged, known]))

    return made_once("rehearsed", make)


def bytes_of(folder):
    """Every file of a lab but the empty ones that locks leave, and the index that SQLite keeps of its open file."""
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {path: content for path, content in files.items() if content and path.suffix != ".sqlite-shm"}


def test_a_rehearsal_says_what_the_night_then_does_and_changes_nothing(rehearsed):
    told, unchanged, known = json.loads((rehearsed / "told.json").read_text())
    night = json.loads(next((rehearsed / "reports" / "nightly").glob("*.json")).read_text())

    outcome_by_file = {one["file"]: one["outcome"] for one in told["files"]}

    assert unchanged
    assert {name for name, outcome in outcome_by_file.items() if outcome == "in"} == {
        one["file"] for one in night["new"]
    }
    assert [name for name, outcome in outcome_by_file.items() if outcome == "refused"] == [
        one["file"] for one in night["failed"]
    ]
    assert [run for one in told["files"] for run in one["runs"]] == ["serum-tnf-1"]
    assert known == []


def test_the_log_is_json_and_names_no_sample_subject_or_file(rehearsed):
    lines = (rehearsed / "logs" / "night.log").read_text().splitlines()
    rows = list(csv.DictReader((STUDY / "samples.csv").open()))
    names = {row["sample"] for row in rows} | {row["subject"] for row in rows}
    files = {path.name for path in STUDY.rglob("*.*")}

    events = [json.loads(line) for line in lines]

    assert [event["event"] for event in events[:1] + events[-1:]] == ["night began", "night ended"]
    assert {event["event"] for event in events} == {"night began", "file", "judged", "night ended"}
    assert events[-1]["n_refused"] == 1
    assert set(events[-1]["seconds"]) == {"ingest", "assess", "queue", "page"}
    assert [name for name in names | files if any(name in line for line in lines)] == []


def test_a_log_is_rotated_and_one_that_cannot_be_written_stops_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(log_room, "_LARGEST_BYTES", 2_000)

    with night_log(tmp_path, "night") as tell:
        for number in range(200):
            tell("file", number=number)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "logs").write_text("in the way")
    with night_log(tmp_path / "other", "night") as tell:
        tell("file")

    logs = sorted((tmp_path / "logs").iterdir())
    assert len(logs) == 1 + log_room._N_KEPT
    assert max(path.stat().st_size for path in logs) <= 2_000
    assert json.loads((tmp_path / "logs" / "night.log").read_text().splitlines()[-1])["number"] == 199


def test_a_night_since_friday_tells_what_the_weekend_brought_as_new_and_not_as_worse(rehearsed, tmp_path, capsys):
    shutil.copytree(rehearsed, tmp_path / "lab")
    lab = qc.open_lab(tmp_path / "lab")
    first = next((lab.paths.reports / "nightly").glob("*.json"))
    waited = {item["item"] for item in json.loads(first.read_text())["waiting"]}

    plain = lab.nightly()
    since = lab.nightly(since=datetime.now(UTC) - timedelta(days=3))
    _outcome(["nightly", "--since", "2000-01-01", "--json", "--lab", str(tmp_path / "lab")])

    assert plain.changed.newly_waiting == ()
    assert set(since.changed.newly_waiting) == waited != set()
    assert since.worse == ()
    page, before = (json.loads(path.with_suffix(".json").read_text()) for path in (since.page, plain.page))
    assert ({one["outcome"] for one in page["files"]}, before["files"]) == ({"in", "quarantined"}, [])
    assert [one["run"] for one in page["runs"]] == ["serum-tnf-1"]
    assert page["plates"]
    assert set(json.loads(capsys.readouterr().out)["changed"]["newly_waiting"]) == waited
