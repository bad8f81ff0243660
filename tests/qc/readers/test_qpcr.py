from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.read import read, read_plate
from qc.readers.text.source import Source
from schemas.errors import ReaderError

SETUP = "[Sample Setup]\nWell\tWell Position\tSample Name\tTarget Name\tTask\n"
RESULTS = "[Results]\nWell\tWell Position\tOmit\tSample Name\tTarget Name\tTask\tCT\tQuantity\tNOISE\tComments\n"
ROWS = (
    "1\tA1\tfalse\tS-1\tTNF\tUNKNOWN\t21.5\t\tN\t\n"
    "1\tA1\tfalse\tS-1\t18S\tUNKNOWN\tUndetermined\t\tN\tlow volume\n"
    "2\tA2\tfalse\tD1\tTNF\tSTANDARD\t16.4\t100,000.000\tN\t\n"
    "3\tA3\ttrue\t\tTNF\tNTC\t38.1\t\tN\t\n"
)


def source(text: str, name: str = "q.txt") -> Source:
    return Source(Path(name), text.encode())


def test_a_quantstudio_export_gives_roles_doses_and_a_curve_for_each_target():
    table = read(source(f"* Block Type = 96-Well Block\n\n{RESULTS}{ROWS}\nAnalysis Type = Singleplex\n")).tables[
        "wells"
    ]

    rows = {(row["well"], row["analyte"]): row for row in table.iter_rows(named=True)}
    assert rows["A1", "TNF"]["signal"] == 21.5
    assert (rows["A1", "18S"]["signal"], rows["A1", "18S"]["flag"]) == (None, "not_a_number")
    assert rows["A1", "18S"]["remark"] == "comments: low volume"
    assert (rows["A2", "TNF"]["role"], rows["A2", "TNF"]["conc"]) == ("calibrator", 100_000.0)
    assert (rows["A3", "TNF"]["role"], rows["A3", "TNF"]["flag"]) == ("blank", "masked")


def test_a_well_of_the_setup_that_the_results_lack_is_told():
    setup = SETUP + "1\tA1\tS-1\tTNF\tUNKNOWN\n2\tA2\tD1\tTNF\tSTANDARD\n9\tA9\tS-9\tTNF\tUNKNOWN\n10\tA10\t\t\t\n\n"

    intake = read(source(f"* Block Type = 96-Well Block\n\n{setup}{RESULTS}{ROWS}"))

    told = [remark.sentence for remark in intake.remarks if "setup" in remark.sentence]
    assert ["wells A9 a target" in sentence for sentence in told] == [True]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("2\tA2", "2\tX", "line 7: 'X' is not a well"),
        ("2\tA2\tfalse", "1\tA1\tfalse", "stands twice for 'Cq' of analyte 'TNF'"),
        ("38.1\t\tN\t\n", "38.1\t\tN\t\t\t9\n", "a cell is lost or doubled"),
    ],
)
def test_a_row_of_cq_values_that_does_not_fit_is_refused_with_its_line(old: str, new: str, sentence: str):
    text = f"* Block Type = 96-Well Block\n\n{RESULTS}{ROWS}".replace(old, new)

    with pytest.raises(ReaderError, match=sentence):
        read_plate(source(text))


def test_a_table_of_cfx_maestro_without_a_target_is_named_by_its_dye():
    text = ",Well,Fluor,Target,Content,Sample,Cq\n,A01,FAM,,Unkn-1,S-1,21.25\n,A01,VIC,,Unkn-1,S-1,NaN\n"

    (plate,) = read_plate(source(text, "c.csv"))

    assert [(block.name, block.readings["A1"].text) for block in plate.blocks] == [
        ("Cq FAM", "21.25"),
        ("Cq VIC", "NaN"),
    ]
    assert [(one.role, one.name) for one in plate.words.export_wells] == [("sample", "S-1"), ("sample", "S-1")]
