from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

import qc
from qc.cli.main import command
from qc.triage.lab_status import lab_status
from qc.triage.last_night import last_night


def status_at(lab, now):
    with lab.facts.reading() as con:
        return lab_status(lab, con, now=now)


def summary(folder, at, faults):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{at:%Y%m%dT%H%M%S%f}Z.json").write_text(json.dumps({"faults": faults, "waiting": []}))


def test_the_last_good_night_is_the_newest_without_a_fault(tmp_path):
    day = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
    summary(tmp_path, day, [])
    summary(tmp_path, day + timedelta(days=1), ["a fault"])
    (tmp_path / f"{day + timedelta(days=2):%Y%m%dT%H%M%S%f}Z.json").write_text("cut o")

    found = last_night(tmp_path)

    assert found.good_at == day
    assert found.began_at == day + timedelta(days=2)
    assert found.n_faults == 1
    assert last_night(tmp_path / "none").began_at is None


def test_a_demo_lab_is_told_by_numbers_and_gets_into_trouble_with_time(demo_folder):
    done = CliRunner().invoke(
        command, ["status", "--lab", str(demo_folder), "--json", "--prometheus", str(demo_folder / "lab.prom")],
        standalone_mode=False,
    )  # fmt: skip
    now = json.loads(done.stdout)
    later = status_at(qc.open_lab(demo_folder), datetime.now(UTC) + timedelta(hours=40))
    metrics = (demo_folder / "lab.prom").read_text().splitlines()

    assert now["n_waiting"] == sum(now["n_waiting_by_verdict"].values()) > 0
    assert not any("good night" in trouble for trouble in now["troubles"])
    assert any("40 hours old" in trouble for trouble in later.troubles)
    waiting = [line for line in metrics if line.startswith("assaygate_waiting{")]
    assert sum(float(line.rsplit(" ", 1)[1]) for line in waiting) == now["n_waiting"]
    assert all(line.startswith(("# HELP assaygate_", "# TYPE assaygate_", "assaygate_")) for line in metrics)


@pytest.mark.parametrize("name", ['a "quoted" lab', "back\\slash"])
def test_labels_are_escaped_for_prometheus(demo_folder, name):
    from qc.cli.prometheus_text import prometheus_text

    lab = qc.open_lab(demo_folder)
    status = replace(status_at(lab, datetime.now(UTC)), lab=name)
    labels = {
        line.split("{", 1)[1].split(",")[0].rsplit("}", 1)[0] for line in prometheus_text(status).splitlines()[2:3]
    }

    assert labels == {'lab="' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'}
