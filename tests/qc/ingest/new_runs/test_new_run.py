from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from qc.ingest.new_runs.kit import read_kit
from qc.ingest.new_runs.map_draft import map_text
from qc.ingest.new_runs.new_run import new_run
from qc.readers.lab_sheets.run_sheet import read_run_sheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.catalogue import load_catalogue
from schemas.errors import ConfigError, ReaderError
from schemas.lab_words import LabWords
from schemas.plates.map_well import TO_FILL_IN, MapWell

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "new-run.md").read_text(encoding="utf-8")
KIT, EXPORT, MAP = re.findall(r"```(?:toml|csv)\n(.*?)```", PAGE, re.DOTALL)


def made(folder, text, *, kits=None, kit="", name="P1.csv"):
    file = folder / name
    file.write_text(text)
    return new_run(file, load_catalogue(), kits or {}, words=LabWords(), kit=kit)


def intake_of(folder, export, plate_map):
    sheet = read_run_sheet((folder / "P1.run.toml").read_text())
    return read(Source(Path("P1.csv"), export.encode()), run_sheet=sheet,
                plate_map=Source(Path("P1.map.csv"), plate_map.encode()))  # fmt: skip


def test_the_example_of_the_manual_is_what_comes_out(tmp_path):
    drawn_up = made(tmp_path, EXPORT, kits={"tnf_elisa.toml": KIT}, kit="tnf_elisa")

    assert (tmp_path / "P1.map.csv").read_text() == MAP
    assert drawn_up.to_fill_in == ("the name of the sample of 1 wells (C1)",)
    run = tomllib.loads((tmp_path / "P1.run.toml").read_text())["run"]
    assert run == {"run": "P1", "matrix": "serum", "analyte": "tnf_alpha", "unit": "pg/mL", "method": "elisa",
                   "reagent_lot": "TL-7"}  # fmt: skip


def test_what_was_drawn_up_is_read_once_the_marked_cells_are_filled_in_and_refused_before(tmp_path):
    made(tmp_path, EXPORT, kits={"tnf_elisa.toml": KIT}, kit="tnf_elisa")
    plate_map = (tmp_path / "P1.map.csv").read_text()

    with pytest.raises(ReaderError, match=r"What 1 wells hold is still to be filled in \(C1\)"):
        intake_of(tmp_path, EXPORT, plate_map)
    wells = intake_of(tmp_path, EXPORT, plate_map.replace("?", "A417")).tables["wells"].to_dicts()

    assert [
        (one["well"], one["role"], one["name"], one["conc"], one["lot"]) for one in wells if one["well"] in "A1B3C1"
    ] == [
        ("A1", "calibrator", "S1", 64.0, ""),
        ("B3", "control", "C1", None, "TC-1"),
        ("C1", "sample", "A417", None, ""),
    ]


def test_without_a_kit_a_full_plate_is_asked_about_in_one_sentence(tmp_path):
    export = "Well,OD\n" + "".join(f"{row}{column},0.5\n" for row in "ABCDEFGH" for column in range(1, 13))

    drawn_up = made(tmp_path, export)

    assert drawn_up.n_wells == 96
    assert drawn_up.to_fill_in[-1] == "the role of 96 wells (A1, A2, A3, A4, ...)"
    with pytest.raises(ReaderError) as refused:
        intake_of(tmp_path, export, (tmp_path / "P1.map.csv").read_text())
    assert len(refused.value.faults) == 1


def test_a_kit_is_known_by_what_the_export_writes_and_two_that_fit_are_asked_about(tmp_path):
    export = f"Assay,TNF ELISA 4711\n\n{EXPORT}"
    kits = {"a.toml": KIT, "b.toml": KIT.replace("4711", "9")}

    assert made(tmp_path, export, kits=kits).kit == "a"
    with pytest.raises(ConfigError, match="say with --kit"):
        made(tmp_path, export, kits=kits | {"c.toml": KIT}, name="P2.csv")
    with pytest.raises(ConfigError, match="Did you mean 'tnf_elisa'"):
        made(tmp_path, export, kits={"tnf_elisa.toml": KIT}, kit="tnf_elsa", name="P3.csv")


def test_nothing_that_is_there_is_overwritten(tmp_path):
    (tmp_path / "P1.map.csv").write_text("well,role,name\nA1,blank,\n")

    first = made(tmp_path, EXPORT)

    assert (first.plate_map, (tmp_path / "P1.map.csv").read_text()) == ("", "well,role,name\nA1,blank,\n")
    with pytest.raises(ConfigError, match="is there already"):
        made(tmp_path, EXPORT)


def test_a_table_of_results_is_asked_only_for_what_no_column_says(tmp_path):
    drawn_up = made(tmp_path, "sample,analyte,value,unit\nA1,ferritin,12,ng/mL\nB2,iron,80,ug/dL\n")

    assert (drawn_up.plate_map, drawn_up.to_fill_in) == ("", ("matrix of the run", "method of the run"))


def test_a_kit_with_a_place_that_is_no_well_is_refused():
    with pytest.raises(ConfigError, match="'4' is no row and no well"):
        read_kit('[layout]\n4 = "S1"\n', "k.toml")


def test_a_name_that_a_spreadsheet_would_compute_is_left_to_be_written():
    wells = [
        MapWell(well="A1", line=1, role="sample", name='=HYPERLINK("http://x")'),
        MapWell(well="A2", line=2, role="sample", name="-7"),
    ]

    _, first, second = map_text(wells).splitlines()

    assert first.split(",")[2] == TO_FILL_IN
    assert second.split(",")[2] == "-7"
