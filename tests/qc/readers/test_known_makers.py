from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "Plate information \r\nPlate,Repeat\r\n1,1\r\n\r\n0.1,0.2,0.3\r\n",
            "Export it with the headers of rows and columns",
        ),
        ("Software version: ImmunoSpot 7.0\nCounted: Tue\n", "Export the counts as a grid with letters of rows"),
        ("Instrument,HD-X 0001\nBatch,B1\n", "names a Simoa analyser"),
        ("Ella Report\nCartridge,C1\n", "names a Simple Plex instrument"),
        ("<Samples>\n  <Blanks>\n  </Blanks>\n</Samples>\n", "holds no reading of a sample"),
    ],
    ids=["EnVision", "ImmunoSpot", "Simoa", "Simple Plex", "Bio-Plex XML"],
)
def test_a_file_of_a_known_maker_that_nobody_reads_says_what_to_export(text: str, sentence: str):
    with pytest.raises(ReaderError, match=sentence):
        read(Source(Path("export.csv"), text.encode()))
