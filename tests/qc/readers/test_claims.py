"""Which reader takes a file: each claims its own with a rank, the highest wins, a tie is refused by naming both."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qc.readers.known_readers import readers
from qc.readers.protocol import Claim, surest_claim
from qc.readers.read import sniff
from qc.readers.text.source import Source
from schemas.errors import ReaderError

# SYNTHETIC, all: not a measurement.
GRID = "\n".join(["," + ",".join(map(str, range(1, 13))), *(f"{row}," + ",".join(["0.1"] * 12) for row in "ABCDEFGH")])
TABLE = "sample,analyte,value\nS1,iron,5\n"
SPOTS = "Sample,Assay,Well,Spot,Concentration,Signal\nS001,NfL,A1,1,10,500\n"
RECORD = "H|\\^&|||M\rO|1|S1\rR|1|^^^FE|5|ug/L\rL|1\r"


def source(text):
    return Source(Path("export.csv"), text.encode())


def claims(text):
    found = {name: reader.claim(source(text)) for name, reader in readers().items()}
    return {name: claim for name, claim in found.items() if claim is not None}


@pytest.mark.parametrize(
    "text, expected",
    [
        (GRID, {"matrix": Claim.TABLE}),
        (TABLE, {"tidy": Claim.TABLE}),
        ("Well,OD\nA1,0.5\n", {"well_list": Claim.TABLE}),
        (RECORD, {"astm": Claim.SIGNATURE}),
        ("0\tx\t#ARC-FILE#\n40\t2025\tFE\t\t\tS1\tSAM\tmg/L\t \t 1.2\t0.1\tR\n", {"cedex": Claim.SIGNATURE}),
        ("some words\nand no table\n", {}),
    ],
    ids=["grid", "table", "well list", "message", "archive", "words"],
)
def test_a_file_is_claimed_by_the_readers_of_its_format_alone(text, expected):
    assert claims(text) == expected


def test_a_structure_that_only_one_maker_writes_wins_over_a_grid_in_the_same_file():
    text = SPOTS + "\n" + GRID + "\n"

    assert claims(text)["msd"] > claims(text)["matrix"]
    assert sniff(source(text)).name == "msd"


class Toy:
    name = "toy"

    def __init__(self, claim, **surest):
        self.claimed, self.n_asked = claim, 0
        vars(self).update(surest)

    def claim(self, source):
        self.n_asked += 1
        return self.claimed


@pytest.mark.parametrize(
    "toy, expected, n_asked",
    [
        (Toy(Claim.SIGNATURE), "toy", 1),
        (Toy(Claim.STRUCTURE), "toy", 1),
        (Toy(None), "tidy", 1),
        (Toy(Claim.STRUCTURE, surest_claim=Claim.STRUCTURE), "toy", 1),
        (Toy(Claim.TABLE, surest_claim=Claim.TABLE), "astm", 0),
    ],
    ids=["signed", "says no surest claim", "no claim", "its own structure", "not asked beside a signature"],
)
def test_a_reader_that_says_its_surest_claim_is_asked_only_where_that_can_win(monkeypatch, toy, expected, n_asked):
    monkeypatch.setattr("qc.readers.read.readers", lambda: {"toy": toy, **readers()})

    reader = sniff(source(RECORD if expected == "astm" else TABLE))

    assert (reader.name, toy.n_asked) == (expected, n_asked)


@pytest.mark.parametrize("text", [GRID, TABLE, "Well,OD\nA1,0.5\n", RECORD, SPOTS, SPOTS + "\n" + GRID + "\n"])
def test_no_reader_claims_more_than_it_says(text):
    assert all(claim <= surest_claim(readers()[name]) for name, claim in claims(text).items())


def test_a_signed_file_is_told_without_the_table_models():
    probe = (
        "import sys; from pathlib import Path; from qc.readers.read import sniff; "
        "from qc.readers.text.source import Source; "
        f"print(sniff(Source(Path('a.txt'), {RECORD.encode()!r})).name, 'pandera' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["astm", "False"]


def test_two_readers_that_are_equally_sure_are_refused_by_naming_both():
    text = TABLE + "\n" + GRID + "\n"

    with pytest.raises(ReaderError, match=r"recognised by 'matrix' and 'tidy'\. Say which reader is meant"):
        sniff(source(text))


def test_no_reader_is_no_claim():
    with pytest.raises(ReaderError, match="not a table or a plate export that is known"):
        sniff(source("some words\nand no table\n"))
