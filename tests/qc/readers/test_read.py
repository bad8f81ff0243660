from __future__ import annotations

from pathlib import Path

from qc.readers.read_view import read

# SYNTHETIC: not a measurement.
ASTM = "\n".join(
    [r"H|\^&|||SYNTHETIC^A1|||||||P|1|20250302090000", "O|1|S-1||^^^iron|R", "R|1|^^^iron|88|ug/dL||N||F", "L|1|N"]
)
MSD = "Sample,Assay,Well,Spot,Dilution,Concentration,Signal\nS001,NfL,A01,1,,900,60000\nP9,NfL,B01,1,4,,700\n"


def test_a_message_tells_its_sender_and_its_rows(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ASTM)

    told = read(tmp_path / "a.txt")

    assert (told["reader"], told["instrument"], told["error"]) == ("astm", "SYNTHETIC A1", None)
    assert [(row["sample"], row["text"]) for row in told["rows"]] == [("S-1", "88")]


def test_an_export_that_is_its_own_map_tells_roles_and_nominal_concentrations(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(MSD)

    wells = read(tmp_path / "m.csv")["wells"]

    told = [(one["well"], one["role"], one["name"], one["conc"], one["dilution"], one["signal"]) for one in wells]
    assert told == [("A1", "calibrator", "S001", 900.0, 1.0, 60000.0), ("B1", "sample", "P9", None, 4.0, 700.0)]


def test_a_file_that_cannot_be_read_gives_a_finding_for_every_fault(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ASTM.replace("O|1|S-1||^^^iron|R\n", "").replace("L|1|N", ""))

    told = read(tmp_path / "a.txt")

    assert told["wells"] == told["rows"] == []
    assert sorted(finding["where"] for finding in told["findings"]) == ["", "record 2"]
