from __future__ import annotations

import json
from pathlib import Path

import pytest

import qc
from qc.cli.main import _outcome
from qc.release.recount import recounted

ROOT = Path(__file__).resolve().parents[2] / "sample_runs"
FAULTS = sorted(path.parent for path in (ROOT / "faults").glob("*/expected.json"))


@pytest.fixture
def lab_with_sheets(tmp_path):
    lab = qc.init_lab(tmp_path / "lab", name="test", settings={"lab.default_study": "ALS-1"})
    sheets = [ROOT / "study" / name for name in ("subjects.csv", "samples.csv", "controls.csv")]
    sheets += [ROOT / "faults" / name for name in ("subjects.csv", "samples.csv") if (ROOT / "faults" / name).is_file()]
    for outcome in lab.ingest(*sheets):
        assert outcome.outcome == "in"
    return lab


@pytest.mark.parametrize("folder", FAULTS, ids=[folder.name for folder in FAULTS])
def test_each_fault_is_found_or_quarantined_as_expected(folder, lab_with_sheets, tmp_path, capsys):
    lab = lab_with_sheets
    expected = json.loads((folder / "expected.json").read_text())
    files = sorted(path for path in folder.iterdir() if path.name != "expected.json")

    codes = [_outcome(["ingest", *map(str, files), "--lab", str(lab.paths.root)])]
    codes.append(_outcome(["assess", "--lab", str(lab.paths.root)]))
    talk = capsys.readouterr().err

    with lab.facts.reading() as con:
        rows = con.execute("SELECT rule, verdict, scope FROM findings").fetchall()
        assert list(recounted(con)) == []  # whatever was found, an honest lab counts as it is stored
    found = {tuple(row) for row in rows}
    wanted = {(one["rule"], one["verdict"], one["scope"]) for one in expected["findings"]}
    quarantined = sorted(reason.parent.name[13:] for reason in lab.paths.quarantine.glob("*/reason.json"))
    assert wanted - found == set(), f"found {sorted(found)}"
    assert quarantined == sorted(Path(name).name for name in expected["quarantined"])
    assert max(codes) == expected["exit"], talk
