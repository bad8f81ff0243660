"""Reagents that had expired before the run began, where the file says until when they may be used."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from qc.readers.formats.xponent_kit import kit_of
from qc.readers.lab_sheets.run_sheet import read_run_sheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError
from schemas.text_tables.delimited import table_of

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
MARK = "reagents expired on 2025-04-30 and the run began on 2025-05-05"


def flags(name, text):
    return read(Source(Path(name), text.encode())).tables["reported"]["flag"].to_list()


@pytest.mark.parametrize("title", ["reagent_expiry", "Kit Expiration Date", "Exp. date", "use by", "valid until"])
@pytest.mark.parametrize("date, flag", [("2025-04-30", MARK), ("2025-05-05", ""), ("2025-12-31", ""), ("", "")])
def test_a_result_of_a_table_is_marked_where_its_reagents_had_expired(title, date, flag):
    assert flags("r.csv", TABLE.format(title, date)) == [flag]


@pytest.mark.parametrize("date, flag", [("20250430", MARK), ("20250505", ""), ("", "")])
def test_a_result_of_a_message_is_marked_where_its_reagents_had_expired(date, flag):
    assert flags("r.hl7", MESSAGE.format(date)) == [flag]


ASTM = "\r".join(
    (
        r"H|\^&|||Maker^A^1^7|||||||P|1|20250505080000",
        "P|1",
        "O|1|A417||^^^FERR|R||||||N||||serum",
        "R|1|^^^FERR|23|ng/mL||N||F||op||20250505090000",
        "M|1|{}",
        "L|1|N",
        "",
    )
)


@pytest.mark.parametrize(
    "words, flag, lot",
    [
        ("REAGENT^FERR^LOT123^20250430", MARK, "LOT123"),
        ("Reagent lot: R-77; Exp. 2025-04-30", MARK, "R-77"),
        ("KIT^Lot No 88^Expiration Date 20250505", "", "88"),
        ("Calibrator lot: 9; expiry 2025-04-30", MARK, ""),
        ("RACK^3^20250430", "", ""),
    ],
)
def test_a_record_of_the_maker_gives_lot_and_last_day_of_its_reagents(words, flag, lot):
    reported = read(Source(Path("r.astm"), ASTM.format(words).encode())).tables["reported"]

    assert (reported["flag"].to_list(), reported["reagent_lot"].to_list()) == ([flag], [lot])


@pytest.mark.parametrize(
    "date, flag",
    [("2025-04", MARK), ("04/2025", MARK), ("2025-05", ""), ("05.2025", "")],
)
def test_a_month_means_its_last_day(date, flag):
    assert flags("r.csv", TABLE.format("Verfallsdatum", date)) == [flag]


@pytest.mark.parametrize("date", ["2025-13", "soon", "05/06/2025"])
def test_what_is_no_date_is_refused(date):
    with pytest.raises(ReaderError) as refused:
        flags("r.csv", TABLE.format("expiry", date))

    assert date in str(refused.value.faults[0])


def test_a_run_sheet_names_the_last_day_of_its_reagents():
    sheet = read_run_sheet("[run]\nreagent_expires_on = '2025-02'\n")

    assert sheet.run_for("R").reagent_expires_on == datetime(2025, 2, 28)


KIT = (
    "Program,xPONENT\n{date}AssayLotInfo:\nKitName,LotNumber,ExpirationDate,Manufacturer\nTNF,K-7,{kit},X\n"
    "Reagent,LotName,LotNumber,ExpirationDate,Manufacturer\nStandard1,S,L-1,12/31/2025,X\nStandard2,,,,\nSamples,1\n"
)


@pytest.mark.parametrize(
    "kit, date, expires_on",
    [
        ("04/30/2025", "", datetime(2025, 4, 30)),
        ("05/06/2025", "Date,26/02/2014\n", datetime(2025, 12, 31)),  # the head shows both orders: no day is guessed
        ("05/06/2025", "Date,02/26/2014\n", datetime(2025, 5, 6)),
        ("", "", datetime(2025, 12, 31)),
    ],
)
def test_an_export_of_xponent_names_lot_and_earliest_last_day(kit, date, expires_on):
    head = table_of(KIT.format(kit=kit, date=date)).rows

    found = kit_of([row for row in head if not row.is_blank])

    assert (found.lot, found.expires_on) == ("K-7", expires_on)
