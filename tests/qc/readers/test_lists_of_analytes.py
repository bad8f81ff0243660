"""Exports that name bead regions or spots: INTELLIFLEX and Methodical Mind, and what the run sheet calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qc.readers.read import read_plate
from qc.readers.text.source import Source
from qc.store.frames import query
from schemas.errors import ReaderError

# SYNTHETIC, both: not a measurement.
FLEX = (
    "INSTRUMENT TYPE,PLATE NAME,WELL LOCATION,SAMPLE ID,R25: RP1 MEDIAN,R25: RP1 COUNT,R27: RP1 MEDIAN,R27: RP1 COUNT\n"
    "INTELLIFLEX,P1,A1,Unknown1,130.5,28,101.6,43\n"
    "INTELLIFLEX,P1,B1,Unknown2,129.3,30,98.7,31\n"
)
MIND = (
    "FileName :\tx.txt\nBarcode1 :\t<2CM0>\nType     :\t96 Multi-Spot 2\nVersion  :\tMMPR 1.0.38\n"
    "==========Data==========\n\t1\t2\nA\t10\t20\n\t11\t21\nC\t30\t40\n\t31\t41\n==========Processing==\nRadius :\t4\n"
)


def source(text, name="export.csv"):
    return Source(Path(name), text.encode())


def values(text):
    (plate,) = read_plate(source(text))
    return {(block.name, well): reading.text for block in plate.blocks for well, reading in block.readings.items()}


def test_a_bead_region_of_intelliflex_is_an_analyte_and_each_statistic_a_measurement():
    (plate,) = read_plate(source(FLEX))

    assert [(block.name, block.analyte) for block in plate.blocks][:2] == [
        ("RP1 MEDIAN R25", "R25"),
        ("RP1 COUNT R25", "R25"),
    ]
    assert (plate.name, plate.samples["B1"]) == ("P1", "Unknown2")
    assert values(FLEX)["RP1 MEDIAN R27", "B1"] == "98.7"


def test_spots_of_methodical_mind_are_numbered_from_the_top_of_each_plate_row():
    found = values(MIND)

    assert found["Signal Spot 1", "C2"] == "40"
    assert found["Signal Spot 2", "A1"] == "11"
    assert len(found) == 8


@pytest.mark.parametrize(
    "text, words",
    [
        (FLEX.replace(",B1,", ",A1,"), "Well A1 stands twice"),
        (FLEX.replace(",B1,", ",Q99x,"), "'Q99x' in column 'WELL LOCATION'"),
        (FLEX.replace(",98.7,31", ""), "is cut short"),
        (FLEX.replace("R27: RP1 MEDIAN", "R25: RP1 MEDIAN"), "stands twice in the header"),
        (MIND.replace("\t31\t41\n", ""), "Row C has 1 rows of counts; the file announces 2 spots"),
        (MIND.replace("\t31\t41\n", "\t31\n"), "fewer than 2 counts"),
        (MIND.replace("\t1\t2\n", "\t1\t3\n"), "numbers of the columns"),
        (MIND.replace("C\t30", "?\t30"), "'?' is not the letter"),
    ],
)
def test_a_list_that_is_not_whole_is_refused_in_a_sentence(text, words):
    with pytest.raises(ReaderError) as refused:
        read_plate(source(text))

    assert words in str(refused.value)


def test_two_columns_that_may_each_be_the_result_are_asked_about(fresh_lab):
    file = fresh_lab.paths.root / "two.csv"
    file.write_text("sample,analyte,matrix,unit,Concentration,Calc. Concentration\nS1,nfl,serum,pg/mL,50,48\n")

    (outcome,) = fresh_lab.ingest(file)

    assert outcome.outcome == "quarantined"
    assert any("'Concentration' and 'Calc. Concentration' could each" in fault.text for fault in outcome.faults)


DOSES = dict(zip("ABCDEFGH", [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 25.0], strict=True))


def flex_export(folder):
    values = {row: 20000 - 19980 / (1 + dose / 100) for row, dose in DOSES.items()}
    rows = [f"INTELLIFLEX,P1,{row}1,x,{value:.1f},50,{value / 2:.1f},50" for row, value in values.items()]
    (folder / "flex.csv").write_text("\n".join([FLEX.splitlines()[0], *rows]) + "\n")
    wells = [f"{row}1,calibrator,S,{dose}" for row, dose in DOSES.items() if row != "H"]
    (folder / "flex.map.csv").write_text("\n".join(["well,role,name,conc", *wells, "H1,sample,S1,"]) + "\n")
    return folder / "flex.csv"


def run_sheet(**analytes):
    named = "\n".join(f'{region} = "{analyte}"' for region, analyte in analytes.items())
    return (
        '[run]\nrun = "F1"\nmatrix = "serum"\nunit = "pg/mL"\nmethod = "bead"\nweight = "1/y2"\n'
        f'[plate]\nsignal = "RP1 MEDIAN"\n[analytes]\n{named}\n'
    )


def test_the_run_sheet_says_which_analyte_a_bead_region_carries(fresh_lab):
    file = flex_export(fresh_lab.paths.root)
    file.with_suffix(".run.toml").write_text(run_sheet(R27="TNF-alpha", R25="NfL"))

    (outcome,) = fresh_lab.ingest(file)
    fresh_lab.assess()

    assert outcome.outcome == "in", outcome
    with fresh_lab.facts.reading() as con:
        results = query(con, "SELECT analyte, sample, value FROM results ORDER BY analyte").rows()
    assert results == [
        ("nfl", "S1", pytest.approx(25, rel=1e-3)),
        ("tnf_alpha", "S1", pytest.approx(25, rel=1e-3)),
    ]


def test_a_plate_map_may_name_the_regions_as_the_export_does(fresh_lab):
    file = flex_export(fresh_lab.paths.root)
    doses = [f"{row}1,calibrator,S,R25,{dose}" for row, dose in DOSES.items() if row != "H"]
    map_lines = ["well,role,name,analyte,conc", *doses, "H1,sample,S1,R25,"]
    file.with_suffix(".map.csv").write_text("\n".join(map_lines) + "\n")
    file.with_suffix(".run.toml").write_text(run_sheet(R25="NfL"))

    (outcome,) = fresh_lab.ingest(file)

    assert (outcome.outcome, outcome.n_rows) == ("in", 8), outcome


@pytest.mark.parametrize(
    "analytes, words",
    [
        ({"R99": "NfL"}, "'R99' is none of what the export measures: R25, R27."),
        ({"R25": "NfL", "R27": "NfL"}, "Analyte 'NfL' is named for two"),
    ],
)
def test_an_analyte_that_does_not_fit_the_export_is_asked_about(fresh_lab, analytes, words):
    file = flex_export(fresh_lab.paths.root)
    file.with_suffix(".run.toml").write_text(run_sheet(**analytes))

    (outcome,) = fresh_lab.ingest(file)

    assert outcome.outcome == "quarantined"
    assert any(words in fault.text for fault in outcome.faults)


@pytest.mark.parametrize(
    "name, kind, n_wells, n_analytes",
    [
        ("luminex_xponent_a/luminex_intelliflex_single_dataset.csv", "RP1 MEDIAN", 3, 14),
        ("msd_a/methodical_test_2.txt", "Signal", 48, 10),
        ("msd_a/methodical_test_data_in_filename.txt", "Signal", 6, 1),
    ],
)
def test_a_real_list_has_the_readings_of_its_accepted_translation(shared, name, kind, n_wells, n_analytes):
    path = shared / "data" / name
    accepted = json.dumps(json.loads((path.parent / "expected" / f"{path.stem}.json").read_text()))

    (plate,) = read_plate(Source(path, path.read_bytes()))

    own = [block for block in plate.blocks if block.name.startswith(kind)]
    assert len(own) == n_analytes
    assert {len(block.readings) for block in own} == {n_wells}
    for block in own:
        for reading in block.readings.values():
            assert f'"value": {float(reading.text)!r}' in accepted
