"""Rows of an older version hold against the archive: columns were added since, and defaults are said elsewhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import qc
from qc.audit.proofs import archive_against_facts
from qc.store.seals import _hashed

PLATES = Path(__file__).resolve().parents[3] / "sample_runs" / "study" / "plates"


@pytest.fixture
def older_lab(fresh_lab, tmp_path):
    for name in ("csf-tnf-1.csv", "csf-tnf-1.map.csv", "csf-tnf-1.run.toml"):
        shutil.copy(PLATES / name, tmp_path)
    sheet = (tmp_path / "csf-tnf-1.run.toml").read_text().replace('model = "4pl"\nweight = "1/y2"\n', "")
    (tmp_path / "csf-tnf-1.run.toml").write_text(sheet)
    fresh_lab.ingest(tmp_path / "csf-tnf-1.csv")
    store_runs(fresh_lab, model="4pl", without="reagent_expires_on")
    return qc.open_lab(fresh_lab.paths.root)


def store_runs(lab, *, model, without):
    """Write the runs and their seal as a version did that had not one of the columns; with all of them, as today's."""
    with lab.facts.writing() as con:
        con.execute("UPDATE runs SET model = ?, weight = '1/y2'", [model])
        [[named]] = con.execute("SELECT columns FROM seals WHERE table_name = 'runs'").fetchall()
        columns = [name for name in {**dict.fromkeys(json.loads(named)), "reagent_expires_on": None} if name != without]
        [[_, n_rows, sha256]] = con.execute(_hashed("runs", "source_id", columns, "")).fetchall()
        con.execute(
            "UPDATE seals SET columns = ?, n_rows = ?, sha256 = ? WHERE table_name = 'runs'",
            [json.dumps(columns, separators=(",", ":")), n_rows, sha256],
        )


def told(lab):
    with lab.facts.reading() as con:
        return [str(fault) for fault in archive_against_facts(lab, con)]


def test_runs_of_an_older_version_are_those_of_the_archive(older_lab):
    assert told(older_lab) == []


@pytest.mark.parametrize("model, without", [("5pl", "reagent_expires_on"), ("4pl", "")])
def test_another_curve_is_none_that_an_older_version_stored_for_a_silent_sheet(older_lab, model, without):
    store_runs(older_lab, model=model, without=without)

    assert told(older_lab) == ["facts, table 'runs', source 1: The archive, read again, gives other rows."]
