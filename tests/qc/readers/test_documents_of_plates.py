"""Several documents in one plate export: read as what they are, or refused with the names of all."""

from __future__ import annotations

from pathlib import Path

import pytest
from plate_files import intelliflex, methodical, softmax, xponent

from qc.readers.read import read_plate, seals_of, sniff
from qc.readers.text.source import Source
from schemas.errors import ReaderError
from schemas.file_seal import SealState


def source(text: str) -> Source:
    return Source(Path("export.txt"), text.encode())


def test_two_xponent_exports_are_refused_with_the_names_of_both_batches():
    with pytest.raises(ReaderError, match=r"2 xPONENT exports: batch 'B1' .* and batch 'B2'") as caught:
        read_plate(source(xponent(batch="B1") + xponent(("C1", "C2"), batch="B2")))

    assert [fault.where for fault in caught.value.faults] == ["lines 1 to 27", "lines 28 to 50"]


def test_two_softmax_exports_are_refused_with_the_names_of_both_plates():
    with pytest.raises(ReaderError, match=r"plate 'P1' and the export of plate 'P2'"):
        read_plate(source(softmax() + softmax(name="P2")))


def test_a_read_for_each_spot_is_a_block_for_each_spot():
    (plate,) = read_plate(source(methodical(("1", "3", "8", "10"))))

    assert [(block.analyte, block.readings["A1"].text) for block in plate.blocks] == [
        ("Spot 1", "101"),
        ("Spot 3", "201"),
        ("Spot 8", "301"),
        ("Spot 10", "401"),
    ]


def test_the_legend_says_which_spots_the_rows_of_a_well_are():
    head = "Spots Per Well:\t10\nLegend   :\t<1>   <8>\n          \t<3>   <10>\n"

    (plate,) = read_plate(source(methodical(per_well=4, head=head)))

    assert [block.analyte for block in plate.blocks] == ["Spot 1", "Spot 3", "Spot 8", "Spot 10"]
    assert plate.blocks[3].readings["B2"].text == "132"


@pytest.mark.parametrize(
    "text, words",
    [
        (methodical(("1", "1")), "with spot '1' was read in line 1 already"),
        (methodical(rows="AAB"), "do not follow each other"),
        (methodical(rows="BA"), "do not follow each other"),
        (
            methodical().replace("Wells Per Col :\t2", "Wells Per Col :\t3"),
            "announces 3 rows of wells, the section holds 2",
        ),
        (methodical().replace("Wells Per Row :\t2", "Wells Per Row :\t3"), "announces 3 columns of wells"),
        (methodical().replace("\t102\n", "\t102\t9\n"), "'9' stands beside the 2 columns"),
        (methodical(per_well=2), "Row A has 2 rows of counts; the file announces 1 spots"),
        (softmax("ABCCDEFGH"), "announces 8 rows, but 9 rows of readings follow"),
        (softmax("ABCDEFG"), "announces 8 rows, but 7 rows of readings follow"),
        (softmax().replace("~End\n", ""), "does not end with '~End'"),
        (softmax(n_blocks=2), "announces 2 sections and holds 1"),
        (softmax().replace("\n\n~End", "\n\n\t\t0.5\t0.6\n~End"), "stands behind them and is neither"),
        (xponent() + '"9","9"\r\n', "stands below the CRC"),
        (xponent().replace('"3(1,B1)","U3","300.5","88"\r\n', ""), "Table 'Median' lacks 1 wells"),
        (xponent().replace('"3(1,B1)","U3","88","88"\r\n', ""), "Table 'Count' lacks 1 wells"),
        (xponent().replace('"U3","88"', '"U4","88"'), "Table 'Count' calls this well 'U4'"),
        (xponent(is_sealed=False).replace('"Samples","4"', '"Samples","9"'), "announces 9 samples, the file holds 4"),
        (xponent().replace('"300.5","88"', '"300.5"'), "The row has 3 cells, the header of table 'Median' has 4"),
        (xponent().replace('"300.5","88"', '"300.5","88","1"'), "The row has 5 cells"),
        (intelliflex("PL1,A1,U,Completed,N1,TNF,9,50", "PL1,B1,U,Completed,N2,IL6,9,50"), "Region 'R25' is called"),
    ],
)
def test_a_plate_that_holds_other_than_it_announces_is_refused_in_a_sentence(text: str, words: str):
    with pytest.raises(ReaderError) as refused:
        read_plate(source(text))

    assert words in str(refused.value)


def test_the_seal_of_an_xponent_export_holds_until_a_byte_changes():
    states = [
        seals_of(sniff(source(text)), source(text))[0].state
        for text in (xponent(), xponent().replace("\r\n", "\n"), xponent().replace("300.5", "310.5"))
    ]

    assert states == [SealState.INTACT, SealState.INTACT, SealState.BROKEN]


def test_a_broken_seal_says_what_the_file_states_and_what_its_bytes_give():
    text = xponent().replace("300.5", "310.5")
    stated = text.strip().rpartition(" ")[2]

    (seal,) = seals_of(sniff(source(text)), source(text))

    assert f"changed after the instrument wrote it: CRC32 says {stated}, the bytes give " in seal.sentence
    assert seal.sentence.startswith("Line 27:")


def test_an_xponent_export_without_its_footer_is_told_and_not_taken_for_whole():
    text = xponent(is_sealed=False)

    (seal,) = seals_of(sniff(source(text)), source(text))

    assert seal.state is SealState.UNREADABLE


def test_a_count_that_xponent_could_not_make_is_a_mark_of_its_well_and_no_number():
    text = xponent(is_sealed=False).replace('"U3","88"', '"U3","NaN"')

    (plate,) = read_plate(source(text))

    assert plate.words.n_beads_of("alpha", "B1") is None
    assert plate.words.remark_of("alpha", "B1") == "xPONENT: count of beads is NaN"


def test_a_dry_well_names_no_analyte_and_its_region_is_called_as_other_wells_call_it():
    dry, read = "PL1,A1,U,Dry,N1,NaN,NaN,NaN", "PL1,B1,U,Completed,N2,TNF,902,55"

    (plate,) = read_plate(source(intelliflex(dry, read)))

    assert {block.analyte for block in plate.blocks} == {"TNF"}
    assert plate.blocks[0].readings["B1"].text == "902"


def test_a_well_with_a_reading_and_without_the_name_of_its_analyte_is_refused():
    unnamed, read = "PL1,A1,U,Completed,N1,NaN,901,60", "PL1,B1,U,Completed,N2,TNF,902,55"

    with pytest.raises(ReaderError, match="'NaN' and 'TNF'"):
        read_plate(source(intelliflex(unnamed, read)))


def test_what_the_instrument_says_of_a_well_stands_beside_its_signals():
    warned = xponent(low=("B1",), warnings='"1,B1","Warning","Too few beads."')

    (flex,) = read_plate(source(intelliflex(extra="--DOCUMENT SIGNATURE--\nInstrument Serial Number: 1\n")))
    (beads,) = read_plate(source(warned))

    assert [block.analyte for block in flex.blocks] == ["TNF", "TNF"]
    assert (flex.words.remark_of("TNF", "B1"), flex.words.n_beads_of("TNF", "B1")) == ("well status: Warning", 5)
    assert flex.words.remark_of("TNF", "A1") == ""
    assert (beads.words.remark_of("alpha", "B1"), beads.words.n_beads_of("alpha", "B1")) == (
        "Warning: Too few beads.",
        4,
    )
    assert beads.words.n_beads_asked_of("alpha") == 50


def test_a_methodical_mind_file_whose_section_begins_before_its_head_is_refused():
    lines = methodical().splitlines(keepends=True)
    data = next(number for number, line in enumerate(lines) if "==Data==" in line)
    lines[0], lines[data] = lines[data], lines[0]

    with pytest.raises(ReaderError, match="not a whole Methodical Mind file"):
        read_plate(source("".join(lines)))
