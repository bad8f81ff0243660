from __future__ import annotations

from pathlib import Path

import qc

MESSAGE = "\n".join(
    [
        r"H|\^&|||SYNTHETIC^A1|||||||P|1|20250302090000",
        "O|1|SYN-PC-1||^^^iron|R||||||Q",
        "R|1|^^^iron|{value}|ug/dL||N||F||SYN||20250302091500",
        "L|1|N",
    ]
)
SHEET = "material,level,lot,analyte,matrix,unit,target,sd,active_from,expires_on\n"


def z_of(tmp_path: Path, *lots: str) -> list[tuple[str, str, float | None]]:
    lab = qc.init_lab(tmp_path / "lab", name="t", settings={"lab.default_study": "S"})
    (tmp_path / "controls.csv").write_text(SHEET + "".join(f"{lot}\n" for lot in lots))
    (tmp_path / "a.txt").write_text(MESSAGE.format(value=106))
    (tmp_path / "a.run.toml").write_text('[run]\nmatrix = "serum"\nmethod = "colorimetric"\n')
    assert [one.outcome for one in lab.ingest(tmp_path / "controls.csv", tmp_path / "a.txt")] == ["in", "in"]
    lab.assess()
    with lab.facts.reading() as con:
        return con.execute("SELECT level, lot, z FROM control_results").fetchall()


def test_a_material_with_one_level_and_lot_in_use_is_that_one(tmp_path: Path) -> None:
    found = z_of(
        tmp_path,
        "SYN-PC-1,1,L-24,iron,serum,ug/dL,90,3,2024-01-01,2025-01-31",
        "SYN-PC-1,1,L-25,iron,serum,ug/dL,100,3,2025-02-01,2026-01-31",
        "SYN-PC-2,2,L-25,iron,serum,ug/dL,200,6,,",
    )

    assert found == [("1", "L-25", 2.0)]


def test_a_material_with_several_levels_in_use_stays_without_a_target(tmp_path: Path) -> None:
    found = z_of(tmp_path, "SYN-PC-1,1,L-25,iron,serum,ug/dL,100,3,,", "SYN-PC-1,2,L-25,iron,serum,ug/dL,200,6,,")

    assert [(level, lot, z) for level, lot, z in found] == [("", "", None)]
