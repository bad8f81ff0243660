from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.read import read_plate
from qc.readers.text.source import Source
from qc.store.frames import query
from schemas.errors import ReaderError

# SYNTHETIC: not a measurement. y = 20000 - 19980 / (1 + (x / 100)) for TNF-alpha, half the dose for NfL.
DOSES = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0]
ROWS = ["A", "B", "C", "D", "E", "F", "G"]


def mfi(dose):
    return round(20000 - 19980 / (1 + dose / 100), 1)


def table(kind, value_of, samples):
    lines = [f'"DataType:","{kind}"', '"Location","Sample","TNF-alpha","NfL","Total Events"']
    for number, (well, name, doses) in enumerate(samples, 1):
        lines.append(f'"{number}(1,{well})","{name}","{value_of(doses[0])}","{value_of(doses[1])}","812"')
    return "\n".join(lines)


def samples():
    standards = [
        (f"{row}1", f"Standard{n}", (dose, dose)) for n, (row, dose) in enumerate(zip(ROWS, DOSES, strict=True), 1)
    ]
    return [*standards, ("H1", "Background0", (0.0, 0.0)), ("A2", "S1", (25.0, 60.0)), ("B2", "S2", (5.0, 400.0))]


def export(*tables):
    head = '"Program","xPONENT","","LX200"\n"Build","4.3"\n"Batch","SYNTHETIC"\n\n"Results"\n\n'
    return head + "\n\n".join(tables) + '\n\n"DataType:","Units"\n"Analyte:","TNF-alpha","NfL"\n'


def whole():
    return export(table("Median", mfi, samples()), table("Net MFI", lambda dose: mfi(dose) - 20, samples()))


def plates_of(text):
    return read_plate(Source(Path("beads.csv"), text.encode()))


def test_each_measurement_of_each_analyte_is_a_block_of_the_plate():
    (plate,) = plates_of(whole())

    names = [(block.name, block.analyte) for block in plate.blocks]
    assert names == [
        ("Median TNF-alpha", "TNF-alpha"),
        ("Median NfL", "NfL"),
        ("Net MFI TNF-alpha", "TNF-alpha"),
        ("Net MFI NfL", "NfL"),
    ]
    assert plate.blocks[0].readings["A2"].text == str(mfi(25.0))
    assert (plate.samples["A2"], len(plate.samples)) == ("S1", 10)


@pytest.mark.parametrize(
    "text, words",
    [
        (export(table("Count", lambda _: 90, samples())), "so no signal"),
        (whole().replace("1(1,A1)", "A1"), "Location 'A1'"),
        (whole().replace('"812"', '"811.5"', 1), "'811.5' is no whole number, and events are counted"),
        (whole().replace("2(1,B1)", "2(1,A1)"), "Well A1 stands twice"),
        (whole().replace('"NfL","Total', '"tnf-alpha","Total'), "stands twice in the header"),
        (whole().replace('"Location","Sample"', '"Place","Sample"'), "has no header 'Location'"),
    ],
)
def test_an_export_that_is_not_whole_is_refused_in_a_sentence(text, words):
    with pytest.raises(ReaderError) as refused:
        plates_of(text)

    assert words in str(refused.value)


def plate_map():
    lines = ["well,role,name,analyte,conc"]
    for row, dose in zip(ROWS, DOSES, strict=True):
        lines += [f"{row}1,calibrator,S,TNF-alpha,{dose}", f"{row}1,calibrator,S,NfL,{dose / 2}"]
    return "\n".join([*lines, "H1,blank,B,,", "A2,sample,S1,,", "B2,sample,S2,,"]) + "\n"


def test_all_analytes_of_a_bead_plate_come_in_as_one_run_with_a_curve_each(fresh_lab):
    folder = fresh_lab.paths.root
    (folder / "beads.csv").write_text(whole())
    (folder / "beads.map.csv").write_text(plate_map())
    run = {"run": "B1", "matrix": "serum", "unit": "pg/mL", "method": "bead", "weight": "1/y2"}

    (outcome,) = fresh_lab.ingest(folder / "beads.csv", signal="Median", **run)
    fresh_lab.assess()

    assert (outcome.outcome, outcome.n_rows) == ("in", 20)
    with fresh_lab.facts.reading() as con:
        results = query(con, "SELECT sample, analyte, value FROM results ORDER BY analyte, sample").rows()
        curves = query(con, "SELECT analyte FROM curves ORDER BY analyte")["analyte"].to_list()
    assert curves == ["nfl", "tnf_alpha"]
    found = {(sample, analyte): value for sample, analyte, value in results}
    assert found == {
        ("S1", "nfl"): pytest.approx(30, rel=1e-3),
        ("S2", "nfl"): pytest.approx(200, rel=1e-3),
        ("S1", "tnf_alpha"): pytest.approx(25, rel=1e-3),
        ("S2", "tnf_alpha"): pytest.approx(5, rel=1e-3),
    }


def test_two_batches_in_one_file_are_never_blended_to_one_plate():
    text = export(table("Median", mfi, samples()), table("Median", mfi, [("A2", "S9", (1.0, 1.0))]))

    with pytest.raises(ReaderError) as caught:
        plates_of(text)

    assert [fault.text for fault in caught.value.faults] == [
        "Table 'Median' stands 2 times in one export.",
        "Well A2 stands twice for 'Median' of analyte 'TNF-alpha'.",
        "Well A2 stands twice for 'Median' of analyte 'NfL'.",
    ]


def test_two_exports_in_one_file_are_refused_with_the_names_of_both_batches():
    with pytest.raises(ReaderError, match=r"2 xPONENT exports: batch 'SYNTHETIC' and batch 'B2'"):
        plates_of(whole() + whole().replace("SYNTHETIC", "B2"))


def test_a_run_of_one_analyte_reads_its_column_alone(fresh_lab):
    folder = fresh_lab.paths.root
    (folder / "beads.csv").write_text(whole())
    (folder / "beads.map.csv").write_text("\n".join(line for line in plate_map().splitlines() if "NfL" not in line))

    (outcome,) = fresh_lab.ingest(folder / "beads.csv", signal="Net MFI", run="B2", analyte="TNF-alpha", unit="pg/mL")

    assert (outcome.outcome, outcome.n_rows) == ("in", 10)


def test_a_measurement_that_is_not_there_is_refused_and_the_median_is_taken_where_none_is_told(fresh_lab):
    folder = fresh_lab.paths.root
    (folder / "beads.csv").write_text(whole())
    (folder / "beads.map.csv").write_text(plate_map())

    (refused,) = fresh_lab.ingest(folder / "beads.csv", run="B3", signal="Peak")
    (taken,) = fresh_lab.ingest(folder / "beads.csv", run="B3")

    assert any("'Peak' is none of them" in fault.text for fault in refused.faults)
    assert taken.outcome == "in"
    assert any("'Median' was taken as the signal" in note for note in taken.notes)


def test_the_drlumi_export_gives_ninety_six_wells_of_thirty_analytes(shared):
    path = shared / "data" / "luminex_drlumi" / "plate1.csv"

    (plate,) = read_plate(Source(path, path.read_bytes()))

    medians = [block for block in plate.blocks if block.name.startswith("Median ")]
    assert len(medians) == 30
    assert {len(block.readings) for block in medians} == {96}
    tnf = next(block for block in medians if block.analyte == "TNFa")
    assert (tnf.readings["A1"].text, plate.samples["B1"]) == ("8", "Control1")
