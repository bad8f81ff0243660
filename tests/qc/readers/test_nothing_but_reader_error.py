from __future__ import annotations

import io
import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qc.readers.intake import Intake
from qc.readers.lab_sheets.run_sheet import RunSheet, read_run_sheet
from qc.readers.read import read, read_plate
from qc.readers.text.source import Source
from schemas.errors import ReaderError

N = 2000 if os.environ.get("ASSAYGATE_LONG") else 150
FUZZ = settings(deadline=None, max_examples=N, suppress_health_check=[HealthCheck.too_slow])

GRID = "\n".join(["," + ",".join(map(str, range(1, 13))), *(f"{r}," + ",".join(["0.1"] * 12) for r in "ABCDEFGH")])
MAP = b"well,role,name,conc\nA1,standard,s1,100\nB1,sample,S1,\n"
PLATE_LINE = (
    "Plate:\tP\t1.3\tPlateFormat\tEndpoint\tAbsorbance\tRaw\tFALSE\t1" + "\t" * 6 + "1\t450 \t1\t12\t96\t1\t8\n"
)
SOFTMAX = (
    PLATE_LINE + "\tT\t" + "\t".join(map(str, range(1, 13))) + "\n" + ("\t24" + "\t0.1" * 12 + "\n") * 8 + "~End\n"
)


def books() -> list[bytes]:
    import openpyxl
    import polars as pl

    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["sample", "analyte", "value"])
    book.active.append(["S1", "iron", 5])
    book.save(stream)
    parquet = io.BytesIO()
    pl.DataFrame({"sample": ["S1"], "analyte": ["iron"], "value": [5.0]}).write_parquet(parquet)
    return [stream.getvalue(), parquet.getvalue()]


VALID = [
    b"sample,analyte,value\nS1,iron,5\nS2,iron,<1\n",
    "sample;analyte;value\nS1;iron;1,5\n".encode("utf-16"),
    b"sample,subject,visit,matrix,collected_at\nS1,P1,0,serum,2024-01-02\n",
    b"subject,sex,birth_year\nP1,f,1960\n",
    b"material,level,analyte,target,sd\nQ,1,iron,5,1\n",
    b"Well,OD\nA1,0.5\n",
    GRID.encode(),
    SOFTMAX.encode(),
    MAP,
    b"\x021H|\\^&|||M||||||||20250102\r\x03E4\r\n",
    b"H|\\^&|||M\rO|1|S1\rR|1|^^^FE|5|ug/L\rL|1\r",
    b"MSH|^~\\&|A|||||ORU^R01|1|P|2.5\rOBR|1||S1\rOBX|1|NM|1^Iron||5|ug/L\r",
    b"0\tx\t#ARC-FILE#\n40\t2025-01-02 08:00:00\tFE2B\t\t\tS1\tSAM\tmg/L\t \t 1.2\t0.1\tR\n",
    *books(),
]


def assert_read_or_refused(data: bytes, plate_map: bytes = MAP) -> None:
    source = Source(Path("x.dat"), data)
    for way in (
        lambda: read(source),
        lambda: read(source, run_sheet=RunSheet(run={"analyte": "iron"}), plate_map=Source(Path("m.csv"), plate_map)),
        lambda: read_plate(source),
    ):
        try:
            outcome = way()
        except ReaderError:
            continue
        assert isinstance(outcome, Intake | tuple)


@FUZZ
@given(st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(data: bytes):
    assert_read_or_refused(data)


@FUZZ
@given(st.text(alphabet=",;\t|\n\r\"'ABab120.<-:/", max_size=300))
def test_random_tables_are_read_or_refused(text: str):
    assert_read_or_refused(text.encode(), text.encode())


@FUZZ
@given(
    st.sampled_from(VALID), st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=3)), max_size=6), st.data()
)
def test_mutated_files_are_read_or_refused(valid: bytes, changes: list[tuple[int, bytes]], data: st.DataObject):
    mutated = bytearray(valid)
    for at, patch in changes:
        place = at % (len(mutated) + 1)
        mutated[place : place + data.draw(st.integers(0, 3))] = patch

    assert_read_or_refused(bytes(mutated), bytes(mutated))


@FUZZ
@given(st.text(max_size=200))
def test_random_run_sheets_are_read_or_refused(text: str):
    try:
        sheet = read_run_sheet(text)
    except ReaderError:
        return
    assert isinstance(sheet, RunSheet)
