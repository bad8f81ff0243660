"""Cells, titles and lines that one slip moved, each told by what the format promises of itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from qc.readers.read_view import read

NANODROP = [
    "Plate ID,Well,Sample ID,User ID,Conc.,Units,A260,A280,260/280,Cursor Pos.,NA Type",
    *(f"P1,A{n},S{n:02d},op,{n}5.125,ng/ul,{n}.400,{n}.125,{ratio},260,DNA-50"
      for n, ratio in enumerate(("1.24", "1.13", "1.09", "1.07", "1.05", "1.04", "1.04"), 1)),
]  # fmt: skip
QUBIT = [
    "Run ID,Assay Name,Test Name,Test Date,Qubit\u00ae tube conc.,Units,Original sample conc.,Units,Green RFU",
    *(f"R1,dsDNA HS,T{n},12/12/2023 6:4{n}:54 AM,1{n},ng/mL,{n}.5,ng/uL,{n}00.25" for n in range(4)),
]
SIMOA = [
    "Sample Barcode,Assay,Plex,Location,Sample Type,Dilution Factor,Replicate AEB,Replicate Conc.,Mean Conc.,Unit",
    *(f"S{n},N4PE,700 NfL,P1 - A{n},Specimen,4,0.{n}1,{n}.{v},{n}.3,pg/mL" for n in range(1, 5) for v in (2, 4)),
]
ELLA = [
    "SampleName,AnalyteName,Gnr1RFU,Gnr1CalculatedConcentration,Gnr2CalculatedConcentration,CalculatedConcentration",
    *(f"S{n},TNF-alpha,9{n},{n}.25,{n}.75,{n}.50" for n in range(4)),
]
FLEX2 = [
    "Date & Time,Sample ID,Sample Type,Gln,Gluc,Na+,pH,PO2",
    ",,,mmol / L,g / L,mmol / L,-,mmHg",
    *(f"1/1/2020 16:0{n},T{n},Default,{n}.5,{n}.25,14{n},7.{n},9{n}" for n in range(1, 5)),
]
OLINK = [
    "SampleID;Sample_Type;OlinkID;Assay;PlateID;LOD;NPX",
    *(f"S{n};SAMPLE;OID{a}00;{assay};P1;0.5;{n}.{a}125" for n in range(6) for a, assay in enumerate(("TNF", "IL6"), 1)),
]
HL7 = [
    r"MSH|^~\&|LIS|L|||20250102080000||ORU^R01|1|P|2.5.1",
    *(line for n in range(1, 4) for line in (
        f"OBR|{n}|P-{n}|F-{n}|2276-4^Ferritin^LN", f"OBX|1|NM|2276-4^Ferritin^LN||{n}1|ug/L|||||F",
        f"SPM|{n}|^S-{n}||SER")),
]  # fmt: skip
ASTM = [
    r"H|\^&|||Maker^A^1^7|||||||P|1|20250102080000",
    *(line for n in range(1, 8) for line in (
        f"P|{n}", f"O|1|S-{n:02d}||^^^FERR|R||||||N||||serum", f"R|1|^^^FERR|{n}1|ug/L||N||F||op||20250102080{n}00")),
    "L|1|N",
]  # fmt: skip
CEDEX = [
    "0\t2025-01-02 13:00:00\t#ARC-FILE#\t1.1a\t2025-01-02\t2025-01-02\tCEDEX BIO HT\tSYN-5\t6.0\tADMIN",
    *(f"40\t2025-01-02 08:0{n}:00\tS{n}\t\tSAM\t    \tFE2B\t  \tumol/L\t \t{n}.2\t 0.1{n}125\tR" for n in range(4)),
]
QUANTSTUDIO = [
    "* Instrument Type = QuantStudio", "", "[Results]",
    "Well\tWell Position\tOmit\tSample Name\tTarget Name\tTask\tReporter\tQuencher\tCT",
    *(f"{n}\tA{n}\tfalse\tU{n}\tTNF\tUNKNOWN\tFAM\tNFQ\t2{n}.125" for n in range(1, 5)),
]  # fmt: skip
SOFTMAX = [
    "##BLOCKS= 2",
    "Plate:\tP1\t1.3\tPlateFormat\tEndpoint\tAbsorbance\tRaw\tFALSE\t1\t\t\t\t\t\t1\t450 \t1\t12\t96\t1\t8",
    "\tTemperature(\u00b0C)\t" + "\t".join(map(str, range(1, 13))),
    *("\t" + ("23.0" if row == 0 else "") + "\t" + "\t".join(f"{row}.{column:02d}5" for column in range(1, 13))
      for row in range(8)),
    "~End", "Group: Unknowns", "Sample\tWells\tValue",
    *(f"{f'U{row}' if column == 1 else ''}\t{'ABCDEFGH'[row]}{column}\t{row}.{column:02d}5"
      for row in range(8) for column in (1, 2)),
    "~End",
]  # fmt: skip
XPONENT = [
    '"Program","xPONENT"', '"Batch","B1"', '"Samples","3"', "",
    *(line for kind in ("Median", "Count") for line in (
        f'"DataType:","{kind}"', '"Location","Sample","TNF","NfL","Total Events"',
        *(f'"{n}(1,A{n})","U{n}","{n}1","{n}2","300"' for n in range(1, 4)), "")),
]  # fmt: skip
GEN5 = [
    "Software Version\t3.1", "Plate Number\tPlate 1", "Reader Type:\tSYN", "", "Results",
    "\t" + "\t".join(map(str, range(1, 13))),
    *(line for letter in "ABCDEFGH" for line in (
        f"{letter}\t" + "\t".join(f"0.{column:02d}5" for column in range(1, 13)) + "\tBlank 450",
        "\t" + "\t".join(f"9{column}" for column in range(1, 13)) + "\t[Conc]")),
]  # fmt: skip
MARS = [
    "User: OP;Path: C;Test ID: 1;;;;;;;;;;", "Testname: FI;Date: 1;Time: 2;;;;;;;;;;", "", "Raw Data (485/520)", "",
    ";" + ";".join(map(str, range(1, 13))),
    *(f"{letter};" + ";".join(str(100 + column) if column < 4 or (at % 2 and column > 9) else "" for column in
                              range(1, 13)) for at, letter in enumerate("ABCDEFGH")),
]  # fmt: skip


def cells(lines: list[str], line: int, one: int, other: int, mark: str) -> list[str]:
    """Swap two cells of a line, both counted from 0."""
    own = lines[line].split(mark)
    own[one], own[other] = own[other], own[one]
    return [*lines[:line], mark.join(own), *lines[line + 1 :]]


def columns(lines: list[str], first: int, one: int, mark: str) -> list[str]:
    """Swap a column with the next, from a line on."""
    for line in range(first, len(lines)):
        lines = cells(lines, line, one, one + 1, mark)
    return lines


def below(lines: list[str], line: int, at: int, mark: str) -> list[str]:
    """Swap a cell with the one below."""
    own, next_ = lines[line].split(mark), lines[line + 1].split(mark)
    own[at], next_[at] = next_[at], own[at]
    return [*lines[:line], mark.join(own), mark.join(next_), *lines[line + 2 :]]


def swapped(lines: list[str], one: int, other: int) -> list[str]:
    changed = list(lines)
    changed[one], changed[other] = lines[other], lines[one]
    return changed


def answer(lines: list[str], tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "a.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read(path)


INTELLIFLEX = [
    ",".join(
        [
            "WELL LOCATION",
            "SAMPLE ID",
            *(f"R{at}: RP1 {kind}" for at in (12, 25, 33, 47) for kind in ("MEDIAN", "COUNT")),
        ]
    ),
    *(
        ",".join([f"{row}1", f"S-0{n}", *(f"{100 * n + at}.5,{50 + at}" for at in range(4))])
        for n, row in enumerate("ABCD", 1)
    ),
]
WHOLE = {
    "nanodrop": NANODROP, "qubit": QUBIT, "simoa": SIMOA, "ella": ELLA, "flex2": FLEX2, "olink": OLINK, "hl7": HL7,
    "astm": ASTM, "cedex": CEDEX, "quantstudio": QUANTSTUDIO, "softmax": SOFTMAX, "xponent": XPONENT, "gen5": GEN5,
    "mars": MARS, "intelliflex": INTELLIFLEX,
}  # fmt: skip
MOVED = {
    "divisor and ratio of one sample": (cells(NANODROP, 3, 7, 8, ","), "decimals of column"),
    "titles of both absorbances": (cells(NANODROP, 0, 6, 7, ","), "in no row is '260/280'"),
    "titles of divisor and ratio": (cells(NANODROP, 0, 7, 8, ","), "differ in their decimals"),
    "titles of type and cursor": (cells(NANODROP, 0, 9, 10, ","), "is a number and stands where the test does"),
    "titles of well and sample": (cells(NANODROP, 0, 1, 2, ","), "names a well"),
    "units of the tube": (columns(QUBIT, 0, 5, ","), "which unit is whose"),
    "a test and a sample": (cells(QUBIT, 2, 1, 2, ","), "each look like|also that of a test"),
    "titles of signal and concentration": (cells(SIMOA, 0, 6, 7, ","), "is the mean of column 'Replicate AEB'"),
    "titles of value and mean": (cells(SIMOA, 0, 7, 8, ","), "is the mean of 'Mean Conc.' in each group"),
    "titles of place and kind": (cells(SIMOA, 0, 3, 4, ","), "names a kind of a sample"),
    "titles of analyte and signal": (cells(ELLA, 0, 1, 2, ","), "stands where the test does"),
    "titles of a part and the whole": (cells(ELLA, 0, 4, 5, ","), "is the mean of the others"),
    "titles of two tests": (cells(FLEX2, 0, 4, 5, ","), "where the maker of the instrument writes it|no unit"),
    "units of two tests": (cells(FLEX2, 1, 6, 7, ","), "is no unit that the analyser gives"),
    "titles of sample and kind": (cells(OLINK, 0, 0, 1, ";"), "names a kind of a sample"),
    "numbers of an order and its test": (below(HL7, 1, 3, "|"), "is the code of a test"),
    "numbers of order and specimen": (below(HL7, 3, 2, "|"), "begins with an empty part"),
    "a value before its place": (cells(HL7, 2, 4, 5, "|"), "value\\) is empty"),
    "two orders": (swapped(ASTM, 2, 11), "a row that counts up"),
    "a test and the end": (below(ASTM, 21, 2, "|"), "is not how a message ends"),
    "maker and test": (below(CEDEX, 0, 6, "\t"), "names the analyser"),
    "values and signals": (columns(CEDEX, 1, 10, "\t"), "written as signals are"),
    "titles of sample and target": (cells(QUANTSTUDIO, 3, 3, 4, "\t"), "QuantStudio writes them"),
    "a task and a number": ([line.replace("UNKNOWN", "0.016") for line in QUANTSTUDIO], "the task of the well"),
    "name and version of a plate": (cells(SOFTMAX, 1, 1, 2, "\t"), "writes its version"),
    "name of a plate and temperature": (below(SOFTMAX, 1, 1, "\t"), "where the name of the plate does"),
    "titles of a group": (swapped(SOFTMAX, 13, 15), "above the titles of the group|names no sample"),
    "two rows of a grid": (swapped(SOFTMAX, 4, 6), "the plate says something else|have another reading"),
    "two samples of a group": (cells(swapped(SOFTMAX, 16, 22), 0, 0, 0, "\t"), "counts up"),
    "a doubled cell above a grid": ([*SOFTMAX[:2], "\tx" + SOFTMAX[2], *SOFTMAX[3:]], "right behind the temperature"),
    "a reading behind an end": ([line.replace("~End", "~End\t\t0.5") for line in SOFTMAX], "Cells stand behind '~End'"),
    "a table without its line": ([*XPONENT[:4], *XPONENT[5:]], "no line 'DataType:'"),
    "analytes of one table": (cells(XPONENT, 5, 2, 3, ","), "another order"),
    "plate and reader": (below(GEN5, 1, 1, "\t"), "names a plate"),
    "two readings of a well": (below(GEN5, 10, 3, "\t"), "decimals of each other's block"),
    "a reading beside its place": (cells(MARS, 8, 3, 4, ";"), "beside a gap"),
    "titles of two regions": (cells(INTELLIFLEX, 0, 5, 6, ","), "stands apart from those of region"),
    "a line above a grid": ([*MARS[:3], *MARS[4:]], "whether these are raw data"),
}  # fmt: skip


@pytest.mark.parametrize("lines", WHOLE.values(), ids=WHOLE)
def test_a_whole_file_says_nothing_against_itself(lines: list[str], tmp_path: Path) -> None:
    whole = answer(lines, tmp_path)

    assert whole["error"] is None
    assert not whole["remarks"]
    assert not whole["account"]["flagged"]


@pytest.mark.parametrize(("lines", "words"), MOVED.values(), ids=MOVED)
def test_what_a_slip_moved_is_told_or_refused(lines: list[str], words: str, tmp_path: Path) -> None:
    read_again = answer(lines, tmp_path)

    said = [one["sentence"] for one in (*read_again["findings"], *read_again["remarks"])]
    assert re.search(words, " ".join([*said, read_again["error"] or ""]))
