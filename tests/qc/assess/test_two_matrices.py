from __future__ import annotations

from pathlib import Path

import qc

SHEET = "study,sample,subject,visit,matrix\n"
TABLE = "sample,analyte,matrix,value,unit,method\n"


def test_a_run_of_serum_and_csf_lacks_no_result_of_the_other_matrix(tmp_path: Path) -> None:
    lab = qc.init_lab(tmp_path / "lab", name="t", settings={"lab.default_study": "S"})
    samples = [(f"{matrix}-{n}", matrix, n) for matrix in ("serum", "csf") for n in range(6)]
    (tmp_path / "samples.csv").write_text(SHEET + "".join(f"S,{name},P{n},0,{matrix}\n" for name, matrix, n in samples))
    rows = "".join(f"{name},ck,{matrix},{20 + n},U/L,enzymatic\n" for name, matrix, n in samples)
    (tmp_path / "both.csv").write_text(TABLE + rows)
    assert [one.outcome for one in lab.ingest(tmp_path / "samples.csv", tmp_path / "both.csv")] == ["in", "in"]

    lab.assess()

    with lab.facts.reading() as con:
        counts = con.execute("SELECT matrix, n_samples, n_results FROM run_summaries ORDER BY matrix").fetchall()
        said = con.execute("SELECT rule FROM findings WHERE rule LIKE '%.has_results'").fetchall()
    assert counts == [("csf", 6, 6), ("serum", 6, 6)]
    assert said == []
