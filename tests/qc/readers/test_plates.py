from __future__ import annotations

from pathlib import Path

import pytest
from documents import FORMATS

from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read, read_plate, sniff
from qc.readers.text.source import Source
from schemas.errors import ReaderError

LETTERS = "ABCDEFGH"


def source(text: str, name: str = "plate.csv") -> Source:
    return Source(Path(name), text.encode())


def grid(values: dict[str, str], delimiter: str = ",", default: str = "0.1") -> str:
    columns = range(1, 13)
    rows = [[letter, *(values.get(f"{letter}{column}", default) for column in columns)] for letter in LETTERS]
    return "".join(delimiter.join(row) + "\n" for row in [["", *map(str, columns)], *rows])


MAP = "well,role,name,conc,dilution\nA1,standard,s1,100,\nA2,std,5,,\nB1,sample,S1,,4\nC1,QC,low,,\nD1,blank,,,\n"
SHEET = RunSheet(run={"analyte": "tnf_alpha", "run": "R1"})


def wells(intake) -> dict[str, dict[str, object]]:  # type: ignore[no-untyped-def]
    return {row["well"]: row for row in intake.tables["wells"].iter_rows(named=True)}


def test_one_grid_and_a_map_make_a_plate():
    export = source("My reader\nRaw Data (450)\n\n" + grid({"A1": "2.5", "A2": "OVRFLW", "B1": "0.75"}))

    intake = read(export, run_sheet=SHEET, plate_map=source(MAP))

    by_well = wells(intake)
    assert intake.kind == "plate"
    assert [run.run for run in intake.runs] == ["R1"]
    assert len(by_well) == 96
    assert (by_well["A1"]["role"], by_well["A1"]["conc"], by_well["A1"]["signal"]) == ("calibrator", 100.0, 2.5)
    assert by_well["A2"]["conc"] == 5.0
    assert (by_well["A2"]["signal"], by_well["A2"]["signal_text"], by_well["A2"]["flag"]) == (
        None,
        "OVRFLW",
        "overflow",
    )
    assert (by_well["B1"]["name"], by_well["B1"]["dilution"], by_well["B1"]["line"]) == ("S1", 4.0, 6)
    assert (by_well["C1"]["role"], by_well["C1"]["material"]) == ("control", "low")
    assert by_well["D1"]["role"] == "blank"
    assert by_well["H12"]["role"] == "empty"
    assert by_well["A1"]["plate"] == "plate"


def test_two_blocks_and_nothing_said_is_refused_with_their_names():
    text = "Raw Data (450)\n" + grid({}) + "\nRaw Data (620)\n" + grid({})

    with pytest.raises(ReaderError) as caught:
        read(source(text), run_sheet=SHEET, plate_map=source(MAP))

    assert "'Raw Data (450)', 'Raw Data (620)'" in str(caught.value)
    assert "reference_signal" in str(caught.value)


def test_the_reference_is_subtracted_well_by_well():
    text = "Raw Data (450)\n" + grid({"A1": "2.4447"}) + "\nRaw Data (620)\n" + grid({"A1": "0.0724"})
    sheet = RunSheet(run=SHEET.run, signal="450", reference_signal="620")

    first = wells(read(source(text), run_sheet=sheet, plate_map=source(MAP)))["A1"]

    assert first["signal"] == 2.3723
    assert first["signal_text"] == "2.4447 - 0.0724"


def test_a_block_that_is_not_there_is_named():
    sheet = RunSheet(run=SHEET.run, signal="562")

    with pytest.raises(ReaderError, match="signal '562' is in none of the blocks; the plate has 'signal'"):
        read(source(grid({})), run_sheet=sheet, plate_map=source(MAP))


def test_an_export_without_a_map_asks_for_one_but_shows_its_blocks():
    with pytest.raises(ReaderError, match="a plate map is needed"):
        read(source(grid({})))

    assert [block.name for block in read_plate(source(grid({})))[0].blocks] == ["signal"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (grid({}).replace("H,", "X,"), "missing: H"),
        (grid({}).replace("C,0.1,", "C,"), "11 readings"),
        (grid({}).replace("C,0.1,", "C,0.1,0.1,"), "beside the last column"),
        (grid({}) + "\n" + grid({}), "the file does not say of which plate each is"),
        (grid({"A1": "0,1"}, ";"), "decimal mark"),
    ],
    ids=["row lost", "cell lost", "cell too many", "two grids of one name", "two decimal marks"],
)
def test_a_grid_that_is_not_whole_is_refused(text: str, sentence: str):
    with pytest.raises(ReaderError, match=sentence):
        read(source(text), run_sheet=SHEET, plate_map=source(MAP))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("I1,sample,S9,,", "Well I1 is outside plate 'plate' of 8 rows and 12 columns"),
        ("H12,sample,S9,,", "Well H12 of plate 'plate' is mapped as sample, but the export has no reading"),
        ("A1,sample,S9,,", "Well A1 stands in line 2 already"),
        ("A3,standard,top,,", "Calibrator 'top' has no concentration"),
        ("A3,wizard,S9,,", "Role 'wizard' is not known"),
        ("A3,sample,S9,,0", "is no dilution"),
        ("A0,sample,S9,,", "'A0' is not a well"),
    ],
)
def test_a_map_that_does_not_fit_is_refused(row: str, sentence: str):
    with pytest.raises(ReaderError) as caught:
        read(source(grid({"H12": ""})), run_sheet=SHEET, plate_map=source(MAP + row + "\n"))

    assert sentence in str(caught.value)


def test_a_plate_without_an_analyte_is_refused():
    with pytest.raises(ReaderError, match="set analyte in"):
        read(source(grid({})), plate_map=source(MAP))


def test_a_grid_map_takes_calibrators_from_the_run_sheet():
    names = grid({"A1": "s1", "A2": "s8", "B1": "P1", "C1": "Control", "D1": "blank 1"}, default="")
    sheet = RunSheet(run=SHEET.run, standards={"S1": 3000.0, "s8": 0.0})

    by_well = wells(read(source(grid({})), run_sheet=sheet, plate_map=source(names, "plate.map.csv")))

    assert [by_well[w]["role"] for w in ("A1", "A2", "B1", "C1", "D1", "E1")] == [
        "calibrator", "calibrator", "sample", "control", "blank", "empty",
    ]  # fmt: skip
    assert (by_well["A1"]["conc"], by_well["A2"]["conc"]) == (3000.0, 0.0)


def test_a_calibrator_of_the_run_sheet_that_no_well_holds_is_refused():
    sheet = RunSheet(run=SHEET.run, standards={"s9": 3000.0})

    with pytest.raises(ReaderError, match="Calibrator 's9' of the run sheet is in no well"):
        read(source(grid({})), run_sheet=sheet, plate_map=source(grid({"A1": "P1"}, default="")))


def test_a_well_list_gives_one_block_for_each_column_of_readings():
    text = "Well Row,Well Col,CONTENT,Raw (450) 1,Raw (620) 1\nA,1,X1,1.5,0.2\nA,02,X2,OVER,0.3\n"

    plate = read_plate(source(text))[0]

    assert sniff(source(text)).name == "well_list"
    assert [(block.name, {w: r.text for w, r in block.readings.items()}) for block in plate.blocks] == [
        ("Raw (450) 1", {"A1": "1.5", "A2": "OVER"}),
        ("Raw (620) 1", {"A1": "0.2", "A2": "0.3"}),
    ]


def softmax(name: str, data: str, rest: str = "") -> str:
    head = f"Plate:\t{name}\t1.3\tTimeFormat\tEndpoint\tAbsorbance\tRaw\tFALSE\t1" + "\t" * 6
    head += "2\t450 620 \t1\t12\t96\t1\t8\t\n"
    wells = "\t".join(f"{letter}{column}" for letter in LETTERS for column in range(1, 13))
    readings = "\t".join([data] + ["0.1"] * 95)
    return f"{head}\tTemperature(\u00b0C)\t{wells}\n\t24\t{readings}\n\n\t24\t{readings}\n~End\n{rest}"


GROUP = "Group: Standards\nSample\tConc\tWells\tValue\n1\t10\tA1\tMasked\n \t \tA2\t0.1\n\n~End\n"


def test_a_number_between_asterisks_is_a_masked_well_of_gen5_and_keeps_its_number():
    export = source("My reader\nRaw Data (450)\n\n" + grid({"A1": "*2.5*", "A2": "*****"}))

    by_well = wells(read(export, run_sheet=SHEET, plate_map=source(MAP)))

    assert (by_well["A1"]["signal"], by_well["A1"]["flag"]) == (2.5, "masked")
    assert (by_well["A2"]["signal"], by_well["A2"]["flag"]) == (None, "overflow")


def test_softmax_keeps_what_the_analyst_masked_with_its_number():
    text = "##BLOCKS= 2\n" + softmax("P1", "1.5", GROUP)
    sheet = RunSheet(run=SHEET.run, signal="450")

    by_well = wells(read(Source(Path("a.txt"), text.encode("mac_roman")), run_sheet=sheet, plate_map=source(MAP)))

    assert (by_well["A1"]["signal"], by_well["A1"]["flag"]) == (1.5, "masked")
    assert by_well["A2"]["flag"] == ""
    assert by_well["A1"]["plate"] == "P1"


def test_two_softmax_plates_of_one_name_are_named_by_the_file_and_the_map_holds_for_both():
    text = softmax("P", "1.5", GROUP) + softmax("P", "2.5")
    sheet = RunSheet(run=SHEET.run, signal="450")

    intake = read(source(text, "a.txt"), run_sheet=sheet, plate_map=source(MAP))

    firsts = [row for row in intake.tables["wells"].iter_rows(named=True) if row["well"] == "A1"]
    assert [(row["plate"], row["signal"], row["flag"]) for row in firsts] == [("a", 1.5, "masked"), ("a-2", 2.5, "")]
    assert len(intake.runs) == 1


def test_masked_wells_after_two_plates_in_a_row_are_refused():
    with pytest.raises(ReaderError, match="masks well A1, but not clearly of which plate"):
        read_plate(source(softmax("P", "1.5") + softmax("Q", "2.5", GROUP), "a.txt"))


def test_a_softmax_row_that_is_cut_short_is_refused_with_its_line():
    text = softmax("P", "1.5").replace("\t0.1\n\n", "\n\n")

    with pytest.raises(ReaderError, match="line 3: The header names 96 wells, but this row has 95 readings"):
        read_plate(source(text, "a.txt"))


def test_a_kinetic_softmax_plate_has_a_block_for_each_wavelength_and_time():
    text = softmax("P", "1.5").replace("Endpoint", "Kinetic").replace("FALSE\t1\t", "FALSE\t2\t")
    first, second = [line for line in text.splitlines(keepends=True) if line.startswith("\t24")]
    later = second.replace("1.5", "2.5")
    text = text.replace(first + "\n" + second, "".join("0:00" + one + "0:30" + later for one in (first, first)))

    (plate,) = read_plate(source(text, "a.txt"))

    first_wells = [(block.name, block.readings["A1"].text) for block in plate.blocks]
    assert first_wells == [
        ("450 at 0:00", "1.5"),
        ("450 at 0:30", "2.5"),
        ("620 at 0:00", "1.5"),
        ("620 at 0:30", "2.5"),
    ]
    with pytest.raises(
        ReaderError, match="'0:00' is expected to say when or where these readings were taken, each once"
    ):
        read_plate(source(text.replace("0:30", "0:00"), "a.txt"))


def test_a_blank_line_that_a_spreadsheet_widened_ends_a_softmax_plate():
    head = "Plate:\tP\t1.3\tPlateFormat\tEndpoint\tAbsorbance\tRaw\tFALSE\t1" + "\t" * 6 + "1\t450 \t1\t12\t96\t1\t8\n"
    grid_lines = "\tT\t" + "\t".join(map(str, range(1, 13))) + "\n" + ("\t24\t" + "\t".join(["0.1"] * 12) + "\n") * 8

    (plate,) = read_plate(source(head + grid_lines + " \t \t \t \n~End\n", "a.txt"))

    assert len(plate.blocks[0].readings) == 96


def test_a_softmax_export_with_its_groups_comes_in_without_a_map():
    rows = "Sample\tConc\tWells\tValue\n1\t10\tA1\t1.5\n \t \tA2\t0.1\n\n~End\nGroup: Unknowns\nSample\tWells\n"
    text = softmax("P", "1.5", "Group: Standards\n" + rows + "S-7\tA3\n\n~End\n")

    by_well = wells(read(source(text, "a.txt"), run_sheet=RunSheet(run=SHEET.run, signal="450")))

    roles = {well: (row["role"], row["name"], row["conc"]) for well, row in by_well.items() if row["role"] != "empty"}
    assert roles == {"A1": ("calibrator", "1", 10.0), "A2": ("calibrator", "1", 10.0), "A3": ("sample", "S-7", None)}


def test_what_an_export_does_not_say_of_its_standards_is_asked_once():
    rows = "Sample\tWells\nSt1\tA1\n\tA2\nSt2\tA3\n\n~End\n"
    export = source(softmax("P", "1.5", "Group: Standards\n" + rows), "a.txt")

    with pytest.raises(ReaderError) as caught:
        read(export, run_sheet=RunSheet(run=SHEET.run, signal="450"))
    by_well = wells(read(export, run_sheet=RunSheet(run=SHEET.run, signal="450", standards={"st1": 5, "St2": 2})))

    assert [fault.text for fault in caught.value.faults] == [
        "Nothing says the concentrations of the standards 'St1', 'St2': give them in [standards] of the run sheet."
    ]
    assert [by_well[well]["conc"] for well in ("A1", "A2", "A3")] == [5, 5, 2]


def test_a_row_of_a_softmax_plate_with_more_cells_than_the_others_is_told():
    head = "Plate:\tP\t1.3\tPlateFormat\tEndpoint\tAbsorbance\tRaw\tFALSE\t1" + "\t" * 6 + "1\t450 \t1\t12\t96\t1\t8\n"
    titles = "\tT\t" + "\t".join(map(str, range(1, 13))) + "\n"
    rows = ["\t24\t0.1\t0.2" + "\t" * 10 + "\n"] * 8
    shifted = [*rows[:3], rows[3].replace("0.1\t0.2", "0.1\t\t0.2"), *rows[4:]]

    blank_ends = [rows[0][:-2] + "\n", *rows[1:7], rows[7][:-1] + " \t \n"]

    even, ending, uneven = (
        read_plate(source(head + titles + "".join(part) + "~End\n", "a.txt"))[0] for part in (rows, blank_ends, shifted)
    )

    assert even.words.notes == ending.words.notes == ()
    assert uneven.words.notes[0] == "line 6: The row has 15 cells, the others have 14; its readings may be shifted."


def test_rows_of_times_and_temperatures_below_the_titles_of_magellan_are_no_wells():
    text = "Label1;Label2;Well positions\n0s;0s;\n24.8 \u00b0C;25.1 \u00b0C;\n0.4002;0.3741;A1\n0.046;0.0423;A2\n"

    (plate,) = read_plate(source(text, "m.csv"))

    readings = [(block.name, {well: one.text for well, one in block.readings.items()}) for block in plate.blocks]
    assert readings == [("Label1", {"A1": "0.4002", "A2": "0.046"}), ("Label2", {"A1": "0.3741", "A2": "0.0423"})]
    with pytest.raises(ReaderError):
        read_plate(source(text.replace("A1", "x"), "m.csv"))


def test_a_plate_of_mars_whose_rows_end_with_the_last_well_that_was_read_is_read_and_told():
    rows = [
        f"{letter}," + ",".join(f"{n}{column:02}" for column in range(1, 11)) for n, letter in enumerate(LETTERS, 1)
    ]
    head = "User: USER,Test run no.: 4\nTest name: FI\n\nRaw Data (580/620)\n\n," + ",".join(map(str, range(1, 13)))

    (plate,) = read_plate(source("\n".join([head, *rows]) + "\n"))

    assert len(plate.blocks[0].readings) == 80
    assert "No row is written beyond column 10 of 12" in plate.words.notes[0]


@pytest.mark.parametrize(("n_rows", "n_columns", "is_refused"), [(8, 12, False), (12, 8, False), (12, 12, True)])
def test_rows_and_columns_may_be_announced_in_the_place_of_each_other(n_rows: int, n_columns: int, is_refused: bool):
    export = source(f"{grid({})}\nNumber of Rows,{n_rows}\nNumber of Columns,{n_columns}\n")

    faults = []
    try:
        read_plate(export)
    except ReaderError as error:
        faults = [fault.text for fault in error.faults]

    assert faults == (["The file announces 12 rows, but 8 were read."] if is_refused else [])


def test_rows_of_one_well_are_told_apart_by_the_filter_through_which_they_were_read():
    rows = ["A1,LED490,12,", "A1,LED550,,31", "A2,LED490,14,", "A2,LED550,,33"]
    text = "\n".join(["Well,LED Filter,LED490 Spots,LED550 Spots", *rows]) + "\n"

    (plate,) = read_plate(source(text))

    shown = {block.name: [reading.text for reading in block.readings.values()] for block in plate.blocks}
    assert shown == {"LED490 Spots LED490": ["12", "14"], "LED550 Spots LED550": ["31", "33"]}
    with pytest.raises(ReaderError, match="Well A2 stands twice"):
        read_plate(source(text + "A2,LED550,,34\n"))


def test_the_map_of_each_plate_of_envision_says_what_sits_in_its_wells():
    text = FORMATS["envision"](1)
    begin, layout = text.index("Plate information"), text.index(",01,")
    second = text[begin : text.index("Plate type:")].replace("1,1,", "2,1,").replace("\n1,Absorb", "\n2,Absorb")
    own_map = "\n".join(["," + "".join(f"{n:02}," for n in range(1, 13)), *(f"{a}," + "{}," * 12 for a in LETTERS)])
    maps = "".join(
        f"Plate,,,,{n}\nGroup,,,,1\n\n{own_map.replace('{}', word)}\n\n"
        for n, word in ((1, "STD1"), (2, "UNK7"), (3, "- "))
    )
    whole = text[:begin] + text[begin : text.index("Plate type:")] + second + text[text.index("Plate type:") : layout]

    plates = read_plate(source(f"{whole}{maps}Normalization:\n\nExported with EnVision Workstation\n"))

    said = {plate.name: {(one.name, one.role) for one in plate.words.export_wells} for plate in plates}
    assert said == {"1": {("STD1", "calibrator")}, "2": {("UNK7", "sample")}}
