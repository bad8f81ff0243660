from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qc.readers.formats.astm import READER
from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read
from qc.readers.read_view import read as read_view
from qc.readers.text.source import Source
from schemas.errors import ReaderError

# SYNTHETIC: not a measurement.
RECORDS = [
    r"H|\^&|||Maker^SYN-1^1.0^77|||||||P|1|20250102080000",
    "P|1",
    "O|1|S-01||^^^FERR|R||||||N||||serum",
    "R|1|^^^FERR|85.2|ug/L||N||F||op||20250102081500",
    "C|1|I|a remark, and no result|G",
    "M|1|XX|-21|7",
    "R|2|^^^CK|<7|U/L||L||P||op||20250102081000",
    "O|2|QC-1^17||^^^FERR|R||||||Q",
    "R|1|^^^FERR|101|ug/L||||F",
    "L|1|N",
]
STEP = 1 if os.environ.get("ASSAYGATE_LONG") else 11


def frame(number: int, text: str, end: bytes = b"\x03") -> bytes:
    body = str(number % 8).encode() + text.encode() + end
    return b"\x02" + body + f"{sum(body) % 256:02X}\r\n".encode()


def framed(records: list[str] = RECORDS) -> bytes:
    return b"".join(frame(number, record + "\r") for number, record in enumerate(records, start=1))


def rows_of(data: bytes) -> list[dict[str, object]]:
    return read(Source(Path("a.txt"), data)).tables["reported"].to_dicts()


def faults_of(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ReaderError) as caught:
        rows_of(data)
    return [(fault.where, fault.text) for fault in caught.value.faults]


@pytest.mark.parametrize("data", [framed(), b"\x05" + framed() + b"\x04", "\n".join(RECORDS).encode()])
def test_each_result_record_is_a_result_of_the_order_above_it(data: bytes) -> None:
    rows = rows_of(data)

    told = [(row["role"], row["sample"], row["material"], row["analyte"], row["text"], row["unit"]) for row in rows]
    assert told == [
        ("sample", "S-01", "", "FERR", "85.2", "ug/L"),
        ("sample", "S-01", "", "CK", "<7", "U/L"),
        ("control", "", "QC-1", "FERR", "101", "ug/L"),
    ]
    assert [row["flag"] for row in rows] == ["comment: a remark; and no result", "L, preliminary", ""]
    assert [row["matrix"] for row in rows] == ["serum", "serum", ""]


def test_the_run_takes_sender_and_first_time_from_the_message_unless_the_run_sheet_says_them() -> None:
    source = Source(Path("a.txt"), framed())

    (told,) = read(source).runs
    (said,) = read(source, run_sheet=RunSheet(run={"run": "R-1", "instrument": "SYN-9"})).runs

    assert (told.run, told.instrument, str(told.started_at)) == ("a", "Maker SYN-1 1.0", "2025-01-02 08:10:00")
    assert (said.run, said.instrument) == ("R-1", "SYN-9")


def test_one_frame_may_hold_several_records_and_a_record_may_span_frames() -> None:
    text = "".join(record + "\r" for record in RECORDS)
    data = frame(1, text[:200], b"\x17") + frame(2, text[200:])

    assert rows_of(data) == rows_of(framed())


@pytest.mark.parametrize(
    ("data", "state", "told"),
    [
        (framed(), "intact", "The seal of the instrument holds. The checksums of all 10 frames hold."),
        ("\n".join(RECORDS).encode(), "absent", "no checksums"),
        (framed().replace(b"85.2", b"85.3"), "broken", "Frame 4 changed after the instrument wrote it: the checksum"),
        (framed().replace(b"P|1\r\x033F", b"P|1\r\x03"), "broken", "Frame 2"),
    ],
    ids=["as it was written", "bare records", "a digit changed", "a checksum taken away"],
)
def test_checksums_of_frames_are_the_seal_of_the_file(data: bytes, state: str, told: str) -> None:
    (seal,) = READER.seals(Source(Path("a.txt"), data))

    assert (seal.kind, seal.state) == ("ASTM checksums", state)
    assert told in seal.sentence


def test_a_changed_digit_refuses_the_file_and_its_broken_seal_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(framed().replace(b"85.2", b"85.3"))

    answer = read_view(file)

    assert [finding["where"] for finding in answer["findings"]] == ["ASTM checksums", "frame 4"]
    assert "changed after the instrument wrote it: the checksum says" in answer["findings"][1]["sentence"]
    assert [seal["state"] for seal in answer["seals"]] == ["broken"]
    assert answer["rows"] == []


def test_a_missing_frame_and_a_cut_off_file_are_named() -> None:
    without_one = [frame(number, record + "\r") for number, record in enumerate(RECORDS, start=1) if number != 5]

    assert [where for where, _ in faults_of(b"".join(without_one))] == ["frame 5"]
    assert "cut off" in faults_of(framed()[:-30])[-1][1]
    assert "cut off" in faults_of(framed(RECORDS[:-1]))[-1][1]


@pytest.mark.parametrize(
    ("specimen", "sample"),
    [
        ("O|1|S-01^3^7||", "S-01"),
        ("O|1||S-02 A^^6|", "S-02 A"),
        ("O|1||^^               S-03^M|", "S-03"),
        ("O|1||12^4^               S-04^B|", "S-04"),
    ],
)
def test_the_sample_of_an_order_is_found_where_instruments_write_it(specimen: str, sample: str) -> None:
    records = [RECORDS[0], specimen + "^^^FERR", RECORDS[3], RECORDS[-1]]

    assert [row["sample"] for row in rows_of(framed(records))] == [sample]


def test_a_sample_that_could_be_a_rack_is_refused() -> None:
    records = [RECORDS[0], "O|1||12^4^99|", RECORDS[3], RECORDS[-1]]

    assert "which sample" in faults_of(framed(records))[0][1]


def with_records(*changed: tuple[int, str]) -> bytes:
    records = list(RECORDS)
    for place, record in changed:
        records[place] = record
    return framed(records)


@pytest.mark.parametrize(
    ("status", "mark"),
    [("P", "preliminary"), ("X", "cannot be done"), ("W", "doubtful"), ("M", "a level of inhibition (MIC)"),
     ("R", "sent before"), ("I", "pending"), ("C", "corrects an earlier result that this file does not hold"),
     ("V", ""), ("not verified", "status not verified")],
)  # fmt: skip
def test_a_status_that_is_not_final_is_a_mark_by_name(status: str, mark: str) -> None:
    data = with_records((8, f"R|1|^^^FERR|101|ug/L||||{status}"))

    assert rows_of(data)[-1]["flag"] == mark


def test_a_correction_names_what_it_corrects_and_is_named_there() -> None:
    rows = rows_of(with_records((6, "R|2|^^^FERR|58.2|ug/L||N||C")))

    assert rows[0]["flag"] == "comment: a remark; and no result, replaced by '58.2' in line 7"
    assert rows[1]["flag"] == "corrects '85.2' in line 4"


def test_an_alarm_of_the_instrument_is_a_mark_and_none_is_silent() -> None:
    assert rows_of(with_records((4, "C|1|I|53^Sample short|I")))[0]["flag"] == "comment: 53 Sample short"
    assert rows_of(with_records((4, "C|1|I|0|I")))[0]["flag"] == ""


def test_several_values_in_one_result_are_text_and_never_a_number() -> None:
    assert rows_of(with_records((8, "R|1|^^^FERR|-1^0.12|COI||||F")))[-1]["text"] == "-1^0.12"


def test_a_message_that_its_sender_broke_off_and_one_that_stands_twice_are_refused() -> None:
    assert "broke it off" in faults_of(with_records((9, "L|1|T")))[0][1]
    assert "stands twice" in faults_of(framed() + b"\x04" + framed())[0][1]


def test_the_run_sheet_names_tests_and_every_name_must_fit() -> None:
    source = Source(Path("a.txt"), framed())
    named = read(source, run_sheet=RunSheet(analytes={"ferr": "ferritin"})).tables["reported"]["analyte"].to_list()

    assert named == ["ferritin", "CK", "ferritin"]
    with pytest.raises(ReaderError):
        read(source, run_sheet=RunSheet(analytes={"FE": "iron"}))


@pytest.mark.parametrize("place", [2, 3, 7], ids=["first order", "first result", "second order"])
def test_a_missing_record_is_told_by_the_numbers(place: int) -> None:
    data = "\n".join(RECORDS[:place] + RECORDS[place + 1 :]).encode()

    assert any("a record is missing" in text or "before any order" in text for _, text in faults_of(data))


@pytest.mark.parametrize("data", [framed(), "\n".join(RECORDS).encode()], ids=["framed", "bare"])
def test_no_cut_changes_a_result_in_silence(data: bytes) -> None:
    whole = [reading(row) for row in rows_of(data)]

    for place in range(1, len(data), STEP):
        told = told_of(data[:place])
        assert told is None or told == whole, data[:place][-40:]


def test_no_single_slip_changes_a_result_in_silence() -> None:
    whole = {reading(row) for row in rows_of(framed())}

    for records in slips(RECORDS):
        told = told_of("\n".join(records).encode())
        assert told is None or set(told) <= whole, records


def told_of(data: bytes) -> list[tuple[object, ...]] | None:
    try:
        intake = read(Source(Path("a.txt"), data))
    except ReaderError:
        return None
    return [reading(row) for row in intake.tables["reported"].to_dicts()]


def reading(row: dict[str, object]) -> tuple[object, ...]:
    flags = [mark for mark in str(row["flag"]).split(", ") if mark and not mark.startswith("comment")]
    return tuple(row[name] for name in ("sample", "material", "analyte", "text", "unit")) + tuple(flags)


def slips(records: list[str]) -> Iterator[list[str]]:
    """Each field of each result and order doubled or pushed on, each record doubled or swapped with the next."""
    for at, record in enumerate(records):
        fields = record.split("|")
        for place in range(1, len(fields)) if record[0] in "RO" else ():
            for changed in ([*fields[:place], fields[place], *fields[place:]], [*fields[:place], "", *fields[place:]]):
                yield [*records[:at], "|".join(changed), *records[at + 1 :]]
        yield [*records[:at], record, *records[at:]]
        yield [*records[:at], *reversed(records[at : at + 2]), *records[at + 2 :]]


def test_a_result_before_any_order_is_refused() -> None:
    records = [RECORDS[0], RECORDS[3], RECORDS[-1]]

    assert faults_of(framed(records)) == [
        ("record 2", "The result stands before any order, so its sample is not known.")
    ]


@pytest.mark.parametrize("data", [framed(), "\n".join(RECORDS).encode()], ids=["framed", "bare"])
def test_every_field_of_a_message_is_accounted_for(data: bytes) -> None:
    named = data.replace(b"P|1", b"P|1|||77|DOE^JO") if b"\x02" not in data else data
    account = read(Source(Path("a.txt"), named)).accounts["main"]

    assert account.is_closed
    assert [one.why for one in account.flagged][-1] == "L, preliminary"
    assert "record M, which says nothing of a result" in [one.why for one in account.left_aside]
    assert "DOE" not in repr(account)


def test_an_order_without_a_result_is_flagged() -> None:
    records = [*RECORDS[:-1], "O|3|S-09||^^^FERR", RECORDS[-1]]

    account = read(Source(Path("a.txt"), framed(records))).accounts["main"]

    assert "record 10 (ordered, and no result stands below it)" in [str(one) for one in account.flagged]
