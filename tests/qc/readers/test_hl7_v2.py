from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from qc.readers.formats.hl7_v2 import READER
from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

# SYNTHETIC: not a measurement. PATIENT-1 and DOE must never come out.
ORU = "\r".join([
    r"MSH|^~\&|SYN-LIS|SYN|||20250102080000||ORU^R01|1|P|2.5.1",
    "PID|1||PATIENT-1||DOE^JO",
    "OBR|1|P-1|F-1|2276-4^Ferritin^LN",
    "OBX|1|NM|2276-4^Ferritin^LN||85.2|ug/L^^UCUM|15-150|N|||F|||||op|ECLIA||20250102091500",
    r"OBX|2|SN|2157-6^Creatine kinase^LN||<^7|U/L||L|||P",
    "OBX|3|NM|2498-4^Iron \\T\\ more^LN|||ug/dL|||||I",
    "OBX|4|ED|PDF^Report^L||^application^pdf^Base64^QUJD||||||F",
    "SPM|1|PL-1&SYN^S-01&SYN||SER|||||||P",
    "OBR|2||F-2|2276-4^Ferritin^LN",
    "OBX|1|NM|2276-4^Ferritin^LN||101|ug/L||HH~A|||F",
    "SPM|1|^QC-1||CSF|||||||Q",
])  # fmt: skip


BATCH = "\r".join([r"FHS|^~\&|SYN", r"BHS|^~\&|SYN", ORU, "BTS|1", "FTS|1", ""])


def states_of(text: str) -> dict[str, str]:
    return {seal.kind: seal.state.value for seal in READER.seals(Source(Path("m.hl7"), text.encode()))}


def rows_of(text: str) -> list[dict[str, object]]:
    return read(Source(Path("m.hl7"), text.encode())).tables["reported"].to_dicts()


def faults_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(ReaderError) as caught:
        rows_of(text)
    return [(fault.where, fault.text) for fault in caught.value.faults]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_each_observation_is_a_result_of_its_specimen(end: str) -> None:
    rows = rows_of(ORU.replace("\r", end))

    told = [(row["role"], row["sample"], row["material"], row["matrix"], row["analyte"], row["text"]) for row in rows]
    assert told == [
        ("sample", "S-01", "", "serum", "Ferritin [LOINC 2276-4]", "85.2"),
        ("sample", "S-01", "", "serum", "Creatine kinase [LOINC 2157-6]", "<7"),
        ("sample", "S-01", "", "serum", "Iron & more [LOINC 2498-4]", ""),
        ("control", "", "QC-1", "csf", "Ferritin [LOINC 2276-4]", "101"),
    ]
    assert [row["unit"] for row in rows] == ["ug/L", "U/L", "ug/dL", "ug/L"]
    assert [row["flag"] for row in rows] == ["", "L, preliminary", "pending", "HH, A"]
    assert rows[0]["method"] == "ECLIA"


def test_nothing_of_the_patient_is_read() -> None:
    told = repr(rows_of(ORU))

    assert "PATIENT" not in told
    assert "DOE" not in told


def test_sender_and_time_of_analysis_describe_the_run() -> None:
    (run,) = read(Source(Path("m.hl7"), ORU.encode())).runs

    assert (run.run, run.instrument, str(run.started_at)) == ("m", "SYN-LIS", "2025-01-02 09:15:00")


def test_an_envelope_and_several_messages_are_read_through() -> None:
    second = ORU.replace("S-01", "S-02").replace("R01|1|P", "R01|2|P")
    batch = "\r".join([r"FHS|^~\&|SYN", r"BHS|^~\&|SYN", ORU, second, "BTS|2", "FTS|1", ""])

    assert [row["sample"] for row in rows_of(batch)] == ["S-01"] * 3 + [""] + ["S-02"] * 3 + [""]
    assert rows_of("\x0b" + ORU + "\r\x1c\r") == rows_of(ORU)
    assert states_of(batch) == {"end of the message": "absent", "number of messages": "intact"}


def test_a_message_that_stands_twice_is_refused() -> None:
    assert faults_of(ORU + "\r" + ORU) == [("segment 12 (MSH)", "Message '1' (MSH-10) stands twice in the file.")]


@pytest.mark.parametrize(
    ("text", "states"),
    [
        (ORU, {"end of the message": "unreadable", "number of messages": "absent"}),
        (ORU + "\r", {"end of the message": "absent", "number of messages": "absent"}),
        ("\x0b" + ORU + "\r\x1c\r", {"end of the message": "intact", "number of messages": "absent"}),
        (BATCH, {"end of the message": "absent", "number of messages": "intact"}),
        (BATCH.replace("BTS|1", "BTS|2"), {"end of the message": "absent", "number of messages": "broken"}),
        (BATCH.replace("BTS|1\r", ""), {"end of the message": "absent", "number of messages": "broken"}),
    ],
    ids=["last segment open", "ended", "framed", "counted", "another count", "no trailer"],
)
def test_ends_and_trailers_are_the_seals_of_a_file(text: str, states: dict[str, str]) -> None:
    assert states_of(text) == states


def test_without_a_specimen_the_order_names_the_sample() -> None:
    text = "\r".join(line for line in ORU.split("\r") if not line.startswith("SPM"))

    assert {row["sample"] for row in rows_of(text)} == {"F-1", "F-2"}


def test_in_a_specimen_oriented_message_the_specimen_stands_first() -> None:
    lines = ORU.replace("ORU^R01", "OUL^R22").split("\r")
    text = "\r".join([*lines[:2], lines[7], *lines[2:7], *lines[8:10]])

    assert {row["sample"] for row in rows_of(text)} == {"S-01"}


def test_an_unknown_value_type_a_withdrawn_result_and_another_message_are_refused() -> None:
    assert faults_of(ORU.replace("OBX|1|NM|2276-4^Ferritin^LN||85.2", "OBX|1|FN|2276-4^Ferritin^LN||85.2")) == [
        ("segment 4 (OBX)", "Value type 'FN' (OBX-2) is none of HL7's table 0125.")
    ]
    assert "Correct that run" in faults_of(ORU.replace("|P\r", "|W\r", 1))[0][1]
    assert "ADT^A01" in faults_of(ORU.replace("ORU^R01", "ADT^A01"))[0][1]


def test_several_values_in_one_result_are_text_and_never_a_number() -> None:
    assert rows_of(ORU.replace("||85.2|", "||85.2~86|"))[0]["text"] == "85.2~86"


def test_no_fault_repeats_what_a_segment_says() -> None:
    broken = ORU.replace("PID|1||PATIENT-1||DOE^JO", "pid|1||PATIENT-1||DOE^JO")

    assert faults_of(broken) == [("segment 2", "The line does not begin with the name of a segment; is it cut off?")]


STEP = 1 if os.environ.get("ASSAYGATE_LONG") else 7
ONE = "\r".join([
    r"MSH|^~\&|SYN|||||||||P|2.5".replace("|||||||||P", "||||20250102080000||ORU^R01|7|P"),
    "PID|1||PATIENT-1||DOE^JO",
    "OBR|1||A-1|FER^Ferritin|||||||||||SER",
    "OBX|1|NM|FER^Ferritin||23|ng/mL|||||F",
    "OBX|2|NM|FE^Iron||118|ug/dL|||||F",
    "OBR|2||B-2|FER^Ferritin|||||||||||SER",
    "OBX|1|NM|FER^Ferritin||45|ng/mL|||||F",
    "",
])  # fmt: skip


def flags_of(text: str) -> list[tuple[object, object]]:
    return [(row["text"], row["flag"]) for row in rows_of(text)]


def test_a_correction_names_what_it_corrects_and_is_named_there() -> None:
    corrected = ONE.replace("OBX|2|NM|FE^Iron||118|ug/dL|||||F", "OBX|2|NM|FER^Ferritin||32|ng/mL|||||C")

    assert flags_of(corrected)[:2] == [("23", "replaced by '32' in line 5"), ("32", "corrects '23' in line 4")]


def test_a_correction_of_a_result_in_another_file_says_so() -> None:
    assert (
        flags_of(ONE.replace("|||||F", "|||||C", 1))[0][1] == "corrects an earlier result that this file does not hold"
    )


@pytest.mark.parametrize("status", ["D", "W"])
def test_a_withdrawn_result_is_marked_and_never_stands_alone(status: str) -> None:
    withdrawn = ONE.replace("OBX|2|NM|FE^Iron||118|ug/dL|||||F", f"OBX|2|NM|FER^Ferritin||23|ng/mL|||||{status}")

    assert flags_of(withdrawn) == [("23", "withdrawn by its sender in line 5"), ("45", "")]


@pytest.mark.parametrize(
    ("status", "mark"),
    [("P", "preliminary"), ("R", "not verified"), ("X", "cannot be obtained"), ("N", "not asked for"),
     ("I", "pending"), ("", "without a status"), ("?", "status ?")],
)  # fmt: skip
def test_a_status_that_is_not_final_is_a_mark_by_name(status: str, mark: str) -> None:
    assert flags_of(ONE.replace("|||||F", f"|||||{status}", 1))[0] == ("23", mark)


@pytest.mark.parametrize(
    ("below", "mark"),
    [
        ("NTE|1|L|haemolysed, repeat", "comment: haemolysed; repeat"),
        ("NTE|1|L|phoned to DOE", "comment at segment 5 (NTE) left aside: it may name a person"),
        ("SPM|1|A-1||SER||||||||||||||||N|RH^hemolyzed", "specimen not available, specimen rejected: hemolyzed"),
        ("SPM|1|A-1||SER||||||||||||||||||||CLOT", "specimen condition: CLOT"),
        ("SPM|1|A-1||SER||||||||||||||||||||FROZ", ""),
    ],
)
def test_comments_and_the_state_of_the_specimen_are_marks_of_the_result(below: str, mark: str) -> None:
    lines = ONE.split("\r")

    assert flags_of("\r".join([*lines[:4], below, ""])) == [("23", mark)]


def test_a_flag_is_told_by_its_code() -> None:
    assert flags_of(ONE.replace("ng/mL|||||F", "ng/mL||H^High^HL70078~<|||F", 1))[0] == ("23", "H, <")


def test_an_equals_sign_is_what_an_empty_comparator_means() -> None:
    assert [rows_of(ONE.replace("NM|FER^Ferritin||23", f"SN|FER^Ferritin||{text}"))[0]["text"]
            for text in ("=^118", "^118", "<^5", ">=^5")] == ["118", "118", "<5", ">=5"]  # fmt: skip


def test_a_dilution_is_the_factor_of_the_result() -> None:
    lines = ONE.split("\r")

    assert [row["dilution"] for row in rows_of("\r".join([*lines[:4], "TCD|FER|1^:^5||^2", *lines[4:]]))] == [10, 1, 1]


def test_the_run_sheet_names_tests_by_code_or_text_and_every_name_must_fit() -> None:
    def read_with(names: dict[str, str]) -> list[str]:
        sheet = RunSheet(analytes=names)
        return read(Source(Path("m.hl7"), ONE.encode()), run_sheet=sheet).tables["reported"]["analyte"].to_list()

    assert read_with({"FER": "ferritin", "iron": "fe"}) == ["ferritin", "fe", "ferritin"]
    with pytest.raises(ReaderError, match="cannot be read") as caught:
        read_with({"FERR": "ferritin"})
    assert caught.value.faults[0].text == "'FERR' is none of the tests of the file: 'Ferritin', 'Iron'."


def without(line: int) -> str:
    lines = ONE.split("\r")
    return "\r".join(lines[:line] + lines[line + 1 :])


@pytest.mark.parametrize("line", [2, 3, 5], ids=["first order", "first result", "second order"])
def test_a_missing_segment_is_told_by_the_numbers(line: int) -> None:
    assert "a record is missing" in faults_of(without(line))[0][1]


def test_no_cut_and_no_single_slip_changes_a_result_in_silence() -> None:
    whole = Counter(reading(row) for row in rows_of(ONE))
    ends = {place for place in range(len(ONE)) if ONE[:place].endswith("\r")}

    for text in [ONE[:place] for place in range(1, len(ONE), STEP) if place not in ends] + list(slips(ONE)):
        told = told_of(text)
        assert told is None or told <= whole, text


def told_of(text: str) -> Counter[tuple[object, ...]] | None:
    try:
        intake = read(Source(Path("m.hl7"), text.encode()))
    except ReaderError:
        return None
    if any(seal.state in ("broken", "unreadable") for seal in intake.seals):
        return None
    rows = intake.tables["reported"].to_dicts()
    return None if any(row["flag"] for row in rows) else Counter(map(reading, rows))


def reading(row: dict[str, object]) -> tuple[object, ...]:
    return tuple(row[name] for name in ("sample", "material", "analyte", "text", "unit"))


def slips(text: str) -> Iterator[str]:
    """Each field of each result and order taken away, doubled or pushed on, each segment taken away or doubled."""
    lines = text.split("\r")[:-1]
    for at, line in enumerate(lines):
        fields = line.split("|")
        for place in range(1, len(fields)) if line[:3] in ("OBX", "OBR") else ():
            for changed in (fields[:place] + fields[place + 1 :], [*fields[:place], fields[place], *fields[place:]],
                            [*fields[:place], "", *fields[place:]]):  # fmt: skip
                yield "\r".join([*lines[:at], "|".join(changed), *lines[at + 1 :], ""])
        yield "\r".join([*lines[:at], line, *lines[at:], ""])
        if at < len(lines) - 1:
            yield "\r".join([*lines[:at], *lines[at + 1 :], ""])


def test_every_field_of_a_message_is_accounted_for_and_nothing_of_the_patient_is_repeated() -> None:
    account = read(Source(Path("m.hl7"), ORU.encode())).accounts["main"]
    named = {one.where: one.why for one in account.left_aside}

    assert account.is_closed
    assert "PID-5 patient name: never stored" in named.values()
    assert "a document, which holds no result" in named.values()
    assert [one.why for one in account.flagged] == ["L, preliminary", "pending", "HH, A"]
    assert not any(word in repr(account) for word in ("PATIENT", "DOE"))


def test_a_segment_that_is_not_known_is_left_aside_by_name() -> None:
    account = read(Source(Path("m.hl7"), (ORU + "\rZXX|1|DOE\r").encode())).accounts["main"]

    assert [one.why for one in account.left_aside][-1] == "segment ZXX, which says nothing of a result"
    assert "DOE" not in repr(account)


def test_an_order_without_a_result_is_flagged() -> None:
    text = ONE + "OBR|3||C-3|FE^Iron|||||||||||SER\r"

    account = read(Source(Path("m.hl7"), text.encode())).accounts["main"]

    assert [str(one) for one in account.flagged] == ["segment 8 (ordered, and no result stands below it)"]
    assert account.is_closed
