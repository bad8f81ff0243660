from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

HEAD = (
    "^HEADER\n!AdatId\tGID-1\n!Version\t1.2\n^COL_DATA\n!Name\tSeqId\tUnits\n^ROW_DATA\n!Name\tSampleId\n^TABLE_BEGIN\n"
)
NOTES = "\t\t\tSeqId\t100-1\t200-2\n\t\t\tUnits\tRFU\tRFU\n\t\t\tColCheck\tPASS\tFLAG\n"
TITLES = "SampleId\tSampleType\tRowCheck\t\t\t\n"
SAMPLES = "S-1\tSample\tPASS\t\t512.5\t1000\n170261\tCalibrator\tFLAG\t\t300\t400.25\n"
OLINK = "SampleID;Sample_Type;OlinkID;Assay;QC_Warning;LOD;NPX\n"


def source(text: str, name: str) -> Source:
    return Source(Path(name), text.encode())


def rows_of(text: str, name: str = "a.adat") -> list[tuple[str | None, ...]]:
    table = read(source(text, name)).tables["reported"]
    names = ("sample", "material", "analyte", "text", "unit", "flag")
    return [tuple(row[name] or "" for name in names) for row in table.iter_rows(named=True)]


def test_an_adat_file_gives_rfu_by_seqid_with_the_flags_of_rows_and_columns():
    assert rows_of(HEAD + NOTES + TITLES + SAMPLES) == [
        ("S-1", "", "100-1", "512.5", "RFU", ""),
        ("S-1", "", "200-2", "1000", "RFU", "ColCheck: FLAG"),
        ("", "Calibrator 170261", "100-1", "300", "RFU", "RowCheck: FLAG"),
        ("", "Calibrator 170261", "200-2", "400.25", "RFU", "RowCheck: FLAG, ColCheck: FLAG"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD + NOTES, "holds no result: there is no row of a sample below"),
        (HEAD + NOTES + TITLES, "There is no row of a sample below the titles"),
        ((HEAD + NOTES + TITLES + SAMPLES).replace("\t", ","), "begins like an ADAT file but is not cut at tabs"),
        (
            HEAD + NOTES + TITLES + SAMPLES.replace("\t512.5", ""),
            "line 13: The row has 5 cells, that of the SeqIds has 6",
        ),
        (HEAD + NOTES + TITLES + SAMPLES.replace("512.5", "S-1"), "line 13: 'S-1' stands among the values"),
        (HEAD + NOTES + TITLES.replace("SampleId", "Id") + SAMPLES, "There is no column 'SampleId'"),
    ],
    ids=["no titles", "no samples", "commas", "a cell less", "a word for a value", "no sample column"],
)
def test_an_adat_file_that_is_not_whole_is_refused_with_its_line(text: str, sentence: str):
    with pytest.raises(ReaderError, match=sentence):
        read(source(text, "a.adat"))


def test_a_table_of_npx_keeps_warnings_and_limits_and_tells_controls_from_samples():
    text = OLINK + "S-1;SAMPLE;OID1;TNF;PASS;0.5;3.25\nC1;NEGATIVE_CONTROL;OID1;TNF;WARN;0.5;-0.125\n"

    assert rows_of(text, "o.csv") == [
        ("S-1", "", "TNF", "3.25", "NPX", ""),
        ("", "C1", "TNF", "-0.125", "NPX", "qc warning: WARN"),
    ]
    assert read(source(text, "o.csv")).tables["reported"]["lod"].to_list() == [0.5, 0.5]


def test_a_parquet_table_of_npq_comes_in_as_nulisaseq(tmp_path: Path):
    path = tmp_path / "n.parquet"
    frame = pl.DataFrame({"SampleName": ["S-1"], "SampleType": ["Sample"], "Target": ["NEFL"], "NPQ": [12.5]})
    frame.write_parquet(path)

    intake = read(Source(Path("n.parquet"), path.read_bytes()))

    (row,) = intake.tables["reported"].iter_rows(named=True)
    assert (row["sample"], row["analyte"], row["text"], row["unit"]) == ("S-1", "NEFL", "12.5", "NPQ")
    assert intake.instrument == "NULISAseq"


def test_a_table_of_thousands_of_titles_that_nobody_knows_is_refused_and_not_compared_one_by_one():
    titles = [f"Protein {number} of a panel" for number in range(5_000)]
    text = ",".join(titles) + "\n" + ",".join(["1"] * 5_000) + "\n"

    with pytest.raises(ReaderError, match="and 4940 more"):
        read(source(text, "wide.csv"))
