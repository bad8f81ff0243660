from __future__ import annotations

import json
from pathlib import Path

import pytest
from reference_cases import BESIDE

from qc.readers.read import read, sniff
from qc.readers.text.source import Source
from schemas.errors import ReaderError

DATA = BESIDE / "data"
pytestmark = pytest.mark.shared


def source(name: str) -> Source:
    return Source(Path(Path(name).name), (DATA / name).read_bytes())


def rows_of(name: str) -> list[dict[str, object]]:
    return read(source(name)).tables["reported"].to_dicts()


@pytest.mark.parametrize(
    ("name", "n", "first"),
    [
        ("cobas_c111", 1, ("T20 10134GA D28", "413", "40.13", "g/L", "")),
        ("sysmex_xn550", 41, ("27", "WBC", "8.13", "10*3/uL", "")),
        (
            "genexpert",
            84,
            ("PR25A137", "MTB-RIF MTB", "NOT DETECTED", "", "comment at record 5 left aside: it may name a person"),
        ),
        ("mini_vidas_mock", 1, ("Z1G021SCR", "HBCT", "0.05", "", "status Positif")),
    ],
)
def test_messages_of_analysers_give_their_results(name: str, n: int, first: tuple[str, ...]) -> None:
    rows = rows_of(f"astm_a/{name}.txt")

    assert len(rows) == n
    assert tuple(rows[0][key] for key in ("sample", "analyte", "text", "unit", "flag")) == first


def test_a_message_in_a_form_of_its_maker_is_refused_in_a_sentence() -> None:
    with pytest.raises(ReaderError, match="VIDAS message in a form of its own"):
        sniff(source("astm_a/mini_vidas.txt"))


def test_a_pending_observation_keeps_no_value_and_a_preliminary_one_says_so() -> None:
    rows = rows_of("hl7_a/LAB-ORU-1.hl7")

    assert len(rows) == 10
    assert {(row["text"], row["flag"]) for row in rows if row["flag"] == "pending"} == {("", "pending")}
    assert [row["text"] for row in rows if row["flag"] == ""] == ["221"]


def test_the_illegal_value_type_of_a_published_example_is_named() -> None:
    with pytest.raises(ReaderError) as caught:
        rows_of("hl7_a/ghh_glucose.hl7")

    assert [fault.text for fault in caught.value.faults] == ["Value type 'FN' (OBX-2) is none of HL7's table 0125."]


@pytest.mark.parametrize("stem", ["roche_cedex_bioht_example01", "roche_cedex_bioht_v5_example01"])
def test_codes_and_samples_of_a_cedex_archive_are_those_of_its_published_reading(stem: str) -> None:
    published = json.loads((DATA / "chem_analyser_a" / "expected" / f"{stem}.json").read_text(encoding="utf-8"))
    documents = published["solution analyzer aggregate document"]["solution analyzer document"]
    measurements = [
        measurement
        for document in documents
        for measurement in document["measurement aggregate document"]["measurement document"]
    ]
    expected = {
        (measurement["sample document"]["sample identifier"], analyte["custom information document"]["analyte code"])
        for measurement in measurements
        for analyte in measurement.get("analyte aggregate document", {}).get("analyte document", [])
    }

    rows = rows_of(f"chem_analyser_a/{stem}.txt")

    measured = {(row["sample"], row["analyte"]) for row in rows if not str(row["text"]).startswith("<")}
    assert expected
    assert expected <= {(row["sample"], row["analyte"]) for row in rows}
    assert {pair for pair in measured if pair[1] != "ODB"} <= expected
