"""Reagents that had expired before the run began, where the file says until when they may be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.read import read
from qc.readers.text.source import Source

# SYNTHETIC, all: not a measurement.
TABLE = "sample,analyte,matrix,value,unit,started_at,{}\nA1,iron,serum,80,ug/dL,2025-05-05T09:00:00,{}\n"
MESSAGE = "\r".join(
    (
        "MSH|^~\\&|AN|LAB|QC|LAB|20250505090000||ORU^R01|1|P|2.5.1",
        "PID|1",
        "OBR|1|A417||FERR",
        "OBX|1|NM|FERR^Ferritin||23|ng/mL|||||F",
        "INV|R7|OK||||||||||{}||||L7",
        "",
    )
)
MARK = "in doubt: its reagents expired on 2025-04-30 and the run began on 2025-05-05"


def flags(name, text):
    return read(Source(Path(name), text.encode())).tables["reported"]["flag"].to_list()


@pytest.mark.parametrize("title", ["reagent_expiry", "Kit Expiration Date", "Exp. date", "use by"])
@pytest.mark.parametrize("date, flag", [("2025-04-30", MARK), ("2025-05-05", ""), ("2025-12-31", ""), ("", "")])
def test_a_result_of_a_table_is_in_doubt_where_its_reagents_had_expired(title, date, flag):
    assert flags("r.csv", TABLE.format(title, date)) == [flag]


@pytest.mark.parametrize("date, flag", [("20250430", MARK), ("20250505", ""), ("", "")])
def test_a_result_of_a_message_is_in_doubt_where_its_reagents_had_expired(date, flag):
    assert flags("r.hl7", MESSAGE.format(date)) == [flag]
