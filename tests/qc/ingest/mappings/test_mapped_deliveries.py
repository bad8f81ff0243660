from __future__ import annotations

from pathlib import Path

from qc.cli.main import _outcome

FOREIGN = "Analyser 9\n\nVial no,Assay code,Reading,Dim\nx{n},NfL,12.5,pg/mL\ny{n},NfL,9.75,pg/mL\n"


def test_later_files_of_the_shape_come_in_by_the_mapping_which_is_kept_with_them(fresh_lab, tmp_path, capsys):
    root, files = fresh_lab.paths.root, [tmp_path / f"run{n}.csv" for n in (1, 2)]
    for n, file in enumerate(files, start=1):
        file.write_text(FOREIGN.format(n=n))

    refused = _outcome(["ingest", str(files[0]), "--lab", str(root)])
    guessed = _outcome(["map", str(files[0]), "--lab", str(root)])
    written = _outcome(["map", str(files[0]), "--accept", "--lab", str(root)])
    taken = fresh_lab.ingest(*files)
    known = fresh_lab.ingest(*files)

    assert (refused, guessed, written) == (3, 1, 0)
    assert [(one.outcome, one.n_rows) for one in taken] == [("in", 2), ("in", 2)]
    assert [one.outcome for one in known] == ["known", "known"]
    with fresh_lab.facts.reading() as con:
        parts = con.execute("SELECT part, file_name FROM sources ORDER BY source_id").fetchall()
        samples = con.execute("SELECT sample, text FROM reported ORDER BY 1").fetchall()
    assert parts == [("main", "run1.csv"), ("mapping", "run.toml"), ("main", "run2.csv"), ("mapping", "run.toml")]
    assert samples == [("x1", "12.5"), ("x2", "12.5"), ("y1", "9.75"), ("y2", "9.75")]


def test_a_mapping_that_is_gone_or_changed_leaves_what_is_in_as_it_was(fresh_lab, tmp_path):
    root, file = fresh_lab.paths.root, tmp_path / "run1.csv"
    file.write_text(FOREIGN.format(n=1))
    _outcome(["map", str(file), "--accept", "--lab", str(root)])
    fresh_lab.ingest(file)

    next(Path(root / "mappings").glob("*.toml")).unlink()

    assert fresh_lab.verify() == []


def test_a_faulty_mapping_ends_every_command_that_reads_with_its_name(fresh_lab, tmp_path, capsys):
    (fresh_lab.paths.root / "mappings" / "bad.toml").write_text('[fits]\ntitels = ["a", "b"]\n')
    file = tmp_path / "a.csv"
    file.write_text("sample,analyte,value\nA1,ferritin,1\n")

    code = _outcome(["ingest", str(file), "--lab", str(fresh_lab.paths.root)])

    assert code == 2
    assert "mappings/bad.toml" in capsys.readouterr().err


def test_a_run_sheet_wins_over_the_mapping_and_the_mapping_over_the_words_of_the_lab(fresh_lab, tmp_path):
    root, file = fresh_lab.paths.root, tmp_path / "run1.csv"
    (root / "words.toml").write_text('[columns]\nReading = "lloq"\n')
    (root / "mappings" / "m.toml").write_text(
        '[fits]\ntitles = ["Vial", "Reading"]\n[run]\nanalyte = "nfl"\nunit = "pg/mL"\nmatrix = "serum"\n'
        '[columns]\nVial = "sample"\nReading = "value"\n'
    )
    file.write_text("Vial,Reading\nx1,12.5\n")
    file.with_name("run1.run.toml").write_text('[run]\nmatrix = "csf"\n')

    fresh_lab.ingest(file)

    with fresh_lab.facts.reading() as con:
        assert con.execute("SELECT analyte, matrix, unit, text FROM reported").fetchall() == [
            ("nfl", "csf", "pg/mL", "12.5")
        ]
