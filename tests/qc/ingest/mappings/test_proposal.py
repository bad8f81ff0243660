from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from qc.ingest.mappings.fitting import fitting_name
from qc.ingest.mappings.map_file import MapTerms, map_file
from qc.ingest.mappings.mapping_text import mapping_text, write_mapping
from qc.ingest.mappings.proposal import propose
from qc.lab.mappings import mapping_of
from qc.readers.read_view import read
from qc.readers.text.source import Source
from schemas.catalogue import load_catalogue
from schemas.errors import ConfigError, ReaderError
from schemas.headers.visits import parted_visit
from schemas.lab_words import LabWords

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "mapping.md").read_text(encoding="utf-8")


def terms(folder, **more):
    return MapTerms(words=LabWords(), catalogue=load_catalogue(), mappings={}, folder=folder / "mappings", **more)


def proposed(text, name="t.csv", **said):
    content = text if isinstance(text, bytes) else text.encode()
    source = Source(Path(name), content)
    return propose(Path(name), source, load_catalogue(), said=said.get("said", {}), run=said.get("run", {}))


def meanings(proposal):
    return {one.title: f"{one.means} {one.visit}".strip() for one in proposal.columns if one.means}


SHAPES = {
    "units below the header": (
        "Site 4\nprinted 2025-05-05\n\nSample No,Material type,FERR,FE\n,,ng/mL,ug/dL\nA1,serum,118.2,95\n"
        "B2,serum,97.5,88\n",
        {"Sample No": "sample", "Material type": "matrix", "FERR (ng/mL)": "ferritin", "FE (ug/dL)": "iron"},
        [("A1", "ferritin", "118.2", "ng/mL"), ("A1", "iron", "95", "ug/dL"), ("B2", "ferritin", "97.5", "ng/mL"),
         ("B2", "iron", "88", "ug/dL")],
    ),
    "a group above the titles": (
        ",Ferritin,,Iron,\nTube ID,Result (ng/mL),Rank,Result (ug/dL),Rank\nA1,118.2,1,95,2\nB2,97.5,2,88,1\n",
        {"Tube ID": "sample", "Ferritin Result (ng/mL)": "ferritin", "Iron Result (ug/dL)": "iron"},
        [("A1", "ferritin", "118.2", "ng/mL"), ("A1", "iron", "95", "ug/dL"), ("B2", "ferritin", "97.5", "ng/mL"),
         ("B2", "iron", "88", "ug/dL")],
    ),
    "a column a visit, decimal comma": (
        "Subject;Arm;TNF month 0 (pg/mL);TNF month 3 (pg/mL)\nM1;A;1,5;1,2\nM2;B;2,5;<0,5\n",
        {"Subject": "subject", "TNF month 0 (pg/mL)": "tnf_alpha 0", "TNF month 3 (pg/mL)": "tnf_alpha 3"},
        [("M1 0", "tnf_alpha", "1,5", "pg/mL"), ("M1 3", "tnf_alpha", "1,2", "pg/mL"),
         ("M2 0", "tnf_alpha", "2,5", "pg/mL"), ("M2 3", "tnf_alpha", "<0,5", "pg/mL")],
    ),
    "one row a result, words of another laboratory": (
        "Laborbericht\nErstellt;05.05.2025\n\nProbe;Untersuchung;Messergebnis;Masseinheit\nA1;Ferritin;1.118,2;ng/mL\n"
        "B2;NfL;97,5;pg/mL\n",
        {"Probe": "sample", "Untersuchung": "analyte", "Messergebnis": "value", "Masseinheit": "unit"},
        [("A1", "Ferritin", "1.118,2", "ng/mL"), ("B2", "NfL", "97,5", "pg/mL")],
    ),
    "titles that nothing is like": (
        "Vial,Assay code,Reading,Dim,Done\nx1,NfL,12.5,pg/mL,ok\nx2,GDNF,<2,pg/mL,ok\n",
        {"Vial": "sample", "Assay code": "analyte", "Reading": "value", "Dim": "unit"},
        [("x1", "NfL", "12.5", "pg/mL"), ("x2", "GDNF", "<2", "pg/mL")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_foreign_table_is_proposed_and_read_by_what_is_proposed(shape, tmp_path):
    text, right, results = SHAPES[shape]
    file = tmp_path / "t.csv"
    file.write_text(text)

    proposal = proposed(text)
    answer = read(file, mapping=mapping_of(mapping_text(proposal, file=file.name), "t.toml"))

    assert meanings(proposal) == right
    assert [(row["sample"], row["analyte"], row["text"], row["unit"]) for row in answer["rows"]] == results
    account = answer["account"]
    entries = account["flagged"] + account["left_aside"]
    mark = ";" if ";" in text else ","
    n_cells = sum(bool(cell.strip()) for line in text.splitlines() for cell in line.split(mark))
    assert account["n_cells"] == account["n_used"] + sum(one["n_cells"] for one in entries) == n_cells


def test_a_workbook_with_lines_above_its_header_is_proposed_by_the_sheet(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Analyser 9000"], [], ["Vial", "Assay code", "Reading", "Dim"], ["0012", "NfL", 12.5, "pg/mL"],
                ["0013", "NfL", 15.25, "pg/mL"]):  # fmt: skip
        book.active.append(row)
    file = tmp_path / "export.xlsx"
    book.save(file)

    answer = map_file(file, terms(tmp_path, is_accepted=True))

    assert (answer.proposal.header_line, answer.n_rows, answer.error) == (3, 2, "")
    assert [row["sample"] for row in answer.outcome] == ["0012", "0013"]


def test_a_sample_sheet_in_other_words_is_proposed_and_one_that_lacks_a_column_says_which():
    text = "Röhrchen;Proband;Monat;Material;Entnahme am\n" + "".join(
        f"A{n};M0{n};{n};Serum;2025-01-1{n}\n" for n in (1, 2, 3)
    )

    complete, lacking = proposed(text), proposed(text.replace("Monat", "Gruppe"))

    assert (complete.kind, complete.lacks) == ("samples", ())
    assert meanings(complete) == {"Röhrchen": "sample", "Proband": "subject", "Monat": "visit", "Material": "matrix",
                               "Entnahme am": "collected_at"}  # fmt: skip
    assert lacking.kind == "samples" or "lacks visit" in lacking.lacks[0]


def test_a_guess_is_not_written_before_somebody_says_that_it_is_right(tmp_path):
    file = tmp_path / "lab 7.csv"
    file.write_text("Vial,Assay code,Reading,Dim\nx1,NfL,12.5,pg/mL\n")

    unanswered = map_file(file, terms(tmp_path))
    answered = map_file(file, terms(tmp_path, is_accepted=True))

    assert (unanswered.written, len(unanswered.open_questions)) == ("", 1)
    assert Path(answered.written).name == "lab.toml"
    with pytest.raises(ConfigError, match="is there already"):
        map_file(file, terms(tmp_path, is_accepted=True))


def test_what_nothing_says_is_asked_for_and_taken_from_whoever_says_it(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("Vial,Glucose\nx1,5.5\nx2,6.1\n")
    run = {"unit": "ng/mL", "matrix": "serum"}

    unanswered = map_file(file, terms(tmp_path, run=run, said={"Vial": "sample", "Glucose": "analyte=glucose"}))
    known = map_file(file, terms(tmp_path, run=run, said={"Vial": "sample", "Glucose": "analyte=ferritin"}))

    assert "qc catalogue new glucose" in unanswered.open_questions[0]
    assert [(row["analyte"], row["unit"], row["matrix"]) for row in known.outcome] == [
        ("ferritin", "ng/mL", "serum")
    ] * 2
    with pytest.raises(ReaderError, match="'Vail' is no title"):
        map_file(file, terms(tmp_path, said={"Vail": "sample"}))


def test_the_same_shape_fits_under_another_name_and_below_another_preamble_and_no_other_shape_does():
    text, _, _ = SHAPES["units below the header"]
    texts = {"a.toml": mapping_text(proposed(text), file="t.csv")}

    assert fitting_name("other.txt", f"one line more\n{text}".encode(), texts) == "a.toml"
    assert fitting_name("t.csv", text.replace("FERR", "FERRI").encode(), texts) == ""
    with pytest.raises(ReaderError, match=r"fits mappings/a\.toml and mappings/b\.toml"):
        fitting_name("t.csv", text.encode(), {**texts, "b.toml": texts["a.toml"]})


def test_a_mapping_with_a_key_for_a_title_that_it_does_not_hold_is_refused():
    with pytest.raises(ConfigError, match=r"'Outcom' is none of the titles.*Did you mean 'Outcome'\?") as refused:
        mapping_of('[fits]\ntitles = ["Vial", "Outcome"]\n[columns]\nOutcom = "value"\n', "x.toml")
    assert "x.toml" in str(refused.value)


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Visit 1 HR", ("HR", "1")),
        ("TNF_V2", ("TNF", "2")),
        ("Ferritin Monat 3", ("Ferritin", "3")),
        ("week 12 NfL", ("NfL", "week 12")),
        ("NfL baseline", ("NfL", "baseline")),
        ("D-dimer", ("D-dimer", "")),
        ("IL-6", ("IL-6", "")),
        ("Vitamin D 3", ("Vitamin", "d 3")),
    ],
)
def test_a_visit_is_parted_from_what_was_measured(title, parts):
    assert parted_visit(title) == parts


def test_the_example_of_the_manual_is_what_comes_out(tmp_path):
    table, toml = re.findall(r"```(?:csv|toml)\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "lab4.csv"
    file.write_text(table)

    answer = map_file(file, terms(tmp_path, is_accepted=True))

    assert Path(answer.written).name == "lab.toml"
    assert mapping_of(Path(answer.written).read_text(), "a") == mapping_of(toml, "b")
    assert (answer.proposal.header_line, answer.n_rows) == (4, 4)


def test_a_mapping_is_never_written_outside_of_its_folder(tmp_path):
    with pytest.raises(ConfigError, match="is no name of a mapping"):
        write_mapping(tmp_path, "../x", "")
