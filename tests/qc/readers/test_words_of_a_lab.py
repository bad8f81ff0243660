from datetime import datetime
from pathlib import Path

import pytest

from qc.readers.lab_sheets.run_sheet import read_run_sheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ConfigError, ReaderError
from schemas.lab_words import LabWords, WideColumn, read_lab_words

NO_WORDS = LabWords()


def rows(text, words=NO_WORDS, run_sheet=None, table="reported"):
    sheet = read_run_sheet(run_sheet) if run_sheet else None
    known = sheet.own_words.over(words) if sheet else words
    return read(Source(Path("t.csv"), text.encode(), known), run_sheet=sheet).tables[table].to_dicts()


def faults(text, words=NO_WORDS):
    with pytest.raises(ReaderError) as refused:
        rows(text, words)
    return str(refused.value)


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Result (ng/mL)", "ng/mL"),
        ("Ergebnis [\u00b5g/l]", "\u00b5g/l"),
        ("Conc, pg/mL", "pg/mL"),
        ("value mg/dL", "mg/dL"),
    ],
)
def test_a_unit_in_a_header_is_read(title, unit):
    (row,) = rows(f"sample;analyte;{title}\nA1;ferritin;3.5\n")

    assert (row["text"], row["unit"]) == ("3.5", unit)


def test_a_unit_in_a_header_that_its_column_of_units_contradicts_is_refused():
    assert "is not that of the header" in faults("sample,analyte,Result (ng/mL),unit\nA1,ferritin,3.5,pg/mL\n")


def test_two_results_in_two_units_are_refused():
    text = "sample,analyte,Result (ng/mL),Result (pg/mL)\nA1,ferritin,3.5,3500\n"

    assert "could each be the result" in faults(text)


def test_german_headers_are_read_and_material_beside_samples_is_the_matrix():
    (row,) = rows("Probe;Analyt;Material;Wert;Einheit\nA1;Ferritin;Serum;215,6;ng/mL\n")

    assert [row[name] for name in ("sample", "analyte", "matrix", "material", "text", "unit", "decimal_comma")] == [
        "A1", "Ferritin", "serum", "", "215,6", "ng/mL", True,
    ]  # fmt: skip


def test_a_material_that_is_no_matrix_stays_a_control_material():
    (row, control) = rows("sample,analyte,material,level,value\nA1,iron,,,5\n,iron,CHEM,L1,6\n")

    assert (row["role"], control["role"], control["material"]) == ("sample", "control", "CHEM")


def test_w_is_a_woman_and_a_lab_adds_its_own_words():
    (woman, other) = rows(
        "Patient;Geschlecht;Geburtsjahr\nM1;w;1955\nM2;k;1956\n", LabWords(words={"K": "female"}), table="subjects"
    )

    assert (woman["sex"], other["sex"]) == ("female", "female")


def test_columns_of_a_lab_are_read_by_its_words_and_a_column_that_no_table_has_is_refused():
    text = "Code,Test short,Outcome\nA1,iron,5\n"
    words = LabWords(columns={"Code": "sample", "test SHORT": "analyte", "outcome": "value"})

    assert rows(text, words)[0]["text"] == "5"
    assert "Did you mean 'sample'?" in faults(text, LabWords(columns={"Code": "sampel"}))


def test_one_column_an_analyte_is_read_once_declared():
    text = "sample,matrix,FERR(ng/mL),Fe\nA1,serum,215.6,86\nB2,serum,<0.5,\n"
    sheet = '[wide]\n"FERR(ng/mL)" = "ferritin"\nFe = { analyte = "iron", unit = "ug/dL" }\n'

    read_rows = [(r["sample"], r["analyte"], r["text"], r["unit"], r["line"]) for r in rows(text, run_sheet=sheet)]

    assert read_rows == [
        ("A1", "ferritin", "215.6", "ng/mL", 2),
        ("A1", "iron", "86", "ug/dL", 2),
        ("B2", "ferritin", "<0.5", "ng/mL", 3),
    ]


def test_a_table_with_one_column_an_analyte_is_refused_with_its_declaration():
    told = faults("Sample No,Patient ID,Info,FERR(ng/mL),FE(ug/dL)\nA1,P1,ok,118.2,95\n")

    assert "one column an analyte" in told
    declared = read_lab_words(told[told.index("[wide]") :])
    assert declared.wide == {"FERR(ng/mL)": "ferritin", "FE(ug/dL)": "iron"}


def test_a_column_of_an_analyte_at_a_visit_is_declared_as_both():
    text = "sample,Ferritin M0,Ferritin M3,NfL V1 (pg/mL)\nS1,12.5,13.5,9.1\nS2,11.5,12.5,8.1\n"
    told = faults(text)

    declared = told[told.index("[wide]") :].replace('unit = ""', 'unit = "ug/L"')
    read_rows = [(r["sample"], r["analyte"], r["unit"]) for r in rows(text, run_sheet=declared)]

    assert read_rows[:3] == [("S1 0", "ferritin", "ug/L"), ("S1 3", "ferritin", "ug/L"), ("S1 1", "nfl", "pg/mL")]


def test_the_line_most_like_a_header_is_named_with_a_declaration_that_reads_the_file():
    preamble = "Analyser X,,,\nPeriod,,,\n2025-05-05 08:00,,,\n"
    text = preamble + "Sample code no,Test short,Outcome,Outcome unit\nA1,iron,5,ug/dL\n"

    told = faults(text)

    assert "line 4" in told
    assert rows(text, read_lab_words(told[told.index("[columns]") :]))[0]["text"] == "5"


def test_the_start_of_a_run_is_taken_from_its_column_and_a_run_sheet_that_says_otherwise_is_a_fault():
    text = "started_at,sample,analyte,value\n2025-05-05T09:00:00,A1,iron,5\n2025-05-05 08:30:00,B2,iron,6\n"

    intake = read(Source(Path("t.csv"), text.encode()))

    assert intake.runs[0].started_at == datetime(2025, 5, 5, 8, 30)
    with pytest.raises(ReaderError, match="by the run sheet"):
        rows(text, run_sheet="[run]\nstarted_at = 2025-05-06T09:00:00\n")


def test_two_instruments_of_one_run_are_refused():
    assert "as its instrument" in faults("sample,analyte,value,instrument\nA1,iron,5,AN-1\nB2,iron,6,AN-2\n")


def test_a_control_lot_that_is_being_established_needs_no_target():
    (row,) = rows(
        "material,level,lot,analyte,matrix,unit,target_from\nCHEM,L1,C2,iron,serum,ug/dL,establishment\n",
        table="controls",
    )

    assert (row["target"], row["sd"], row["target_from"]) == (None, None, "establishment")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("started_at = 05.05.2025", "started_at: write 2025-05-05T09:00:00"),
        ("started_at = 03/04/2025 08:15", "started_at: write 2025-03-04T08:15 or 2025-04-03T08:15"),
        ("operator = J. Doe", 'operator = "J. Doe"'),
    ],
)
def test_a_value_that_is_no_toml_is_told_how_it_is_written(line, hint):
    with pytest.raises(ReaderError, match="not well-formed") as refused:
        read_run_sheet(f"[run]\n{line}\n")

    assert hint in str(refused.value)


def test_words_of_a_lab_are_held_to_their_declaration():
    with pytest.raises(ConfigError, match="Did you mean 'columns'"):
        read_lab_words('[colums]\nProbe = "sample"\n')
    assert read_lab_words('[wide]\nFe = { analyte = "iron", unit = "ug/dL" }\n').wide == {
        "Fe": WideColumn("iron", "ug/dL")
    }


def test_the_name_of_a_control_well_stands_for_what_the_run_sheet_says():
    wells = "Well,OD\nA1,0.1\nA2,0.2\nB1,0.3\nB2,0.4\n"
    plate_map = "well,role,name,conc,dilution\nA1,calibrator,S1,10,1\nA2,control,C1,,1\nB1,sample,A1,,1\nB2,blank,,,1\n"
    sheet = read_run_sheet('[run]\nanalyte = "iron"\n[controls]\nC1 = { material = "CHEM", level = "L1", lot = "X" }\n')

    intake = read(
        Source(Path("p.csv"), wells.encode()), run_sheet=sheet, plate_map=Source(Path("m.csv"), plate_map.encode())
    )

    control = next(row for row in intake.tables["wells"].to_dicts() if row["role"] == "control")
    assert [control[name] for name in ("material", "level", "lot")] == ["CHEM", "L1", "X"]
