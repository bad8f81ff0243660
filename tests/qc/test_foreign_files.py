from __future__ import annotations

import pytest

from qc.cli.main import _outcome

FOLDERS = ("faults_csvkit", "faults_frictionless_a", "faults_messy_clinical_a")


@pytest.mark.parametrize("name", FOLDERS)
def test_no_foreign_file_is_half_imported_or_refused_without_a_reason(name, shared, fresh_lab, capsys):
    files = sorted(path for path in (shared / "data" / name).iterdir() if path.suffix.lower() not in (".md", ".txt"))
    root = fresh_lab.paths.root

    for file in files:
        code = _outcome(["ingest", str(file), "--lab", str(root)])
        told = capsys.readouterr()

        assert code in (0, 1, 3), file.name
        assert "Traceback" not in told.out + told.err, file.name
        if code == 3:
            assert len(told.out) > len(file.name) + 30, file.name
    assert fresh_lab.verify() == []


def test_what_was_refused_left_nothing_in_the_facts(shared, fresh_lab):
    outcomes = fresh_lab.ingest(*[shared / "data" / name for name in FOLDERS])

    with fresh_lab.facts.reading() as con:
        known = {row[0] for row in con.execute("SELECT delivery_sha256 FROM sources").fetchall()}
    assert known == {outcome.sha256 for outcome in outcomes if outcome.outcome == "in"}
    assert all(outcome.faults or outcome.message for outcome in outcomes if outcome.outcome == "quarantined")
