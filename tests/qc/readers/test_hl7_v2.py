from __future__ import annotations

from pathlib import Path

import pytest

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
    batch = "\r".join([r"FHS|^~\&|SYN", r"BHS|^~\&|SYN", ORU, ORU.replace("S-01", "S-02"), "BTS|2", "FTS|1"])

    assert [row["sample"] for row in rows_of(batch)] == ["S-01"] * 3 + [""] + ["S-02"] * 3 + [""]
    assert rows_of("\x0b" + ORU + "\x1c\r") == rows_of(ORU)


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
