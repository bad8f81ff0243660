from __future__ import annotations

from datetime import UTC, datetime

from qc.ingest.delivery import Delivery, Part
from qc.ingest.quarantine import quarantine, quarantined_deliveries, resolve
from schemas.errors import Fault, ReaderError

NOW = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
DELIVERY = Delivery(Part("main", "a.csv", b"x"))
ERROR = ReaderError("It cannot be read.", [Fault("line 2", "Too many cells."), Fault("line 9", "Too few cells.")])


def test_the_reason_names_every_fault(tmp_path):
    quarantine(tmp_path, DELIVERY, ERROR, NOW)

    (reason,) = quarantined_deliveries(tmp_path)

    assert [fault["where"] for fault in reason["faults"]] == ["line 2", "line 9"]


def test_the_reason_is_readable_without_a_program(tmp_path):
    place = quarantine(tmp_path, DELIVERY, ERROR, NOW)

    assert (
        place / "reason.txt"
    ).read_text() == "It cannot be read.\n  line 2: Too many cells.\n  line 9: Too few cells.\n"


def test_the_same_file_twice_is_quarantined_once(tmp_path):
    quarantine(tmp_path, DELIVERY, ERROR, NOW)
    quarantine(tmp_path, DELIVERY, ERROR, NOW)

    assert len(list(quarantined_deliveries(tmp_path))) == 1


def test_a_file_that_came_in_after_all_is_no_longer_held(tmp_path):
    quarantine(tmp_path, DELIVERY, ERROR, NOW)
    resolve(tmp_path, Delivery(DELIVERY.main, Part("plate_map", "a.map.csv", b"y")), NOW)

    assert list(quarantined_deliveries(tmp_path)) == []


def test_a_file_of_the_same_name_and_other_content_resolves_nothing(tmp_path):
    quarantine(tmp_path, DELIVERY, ERROR, NOW)
    resolve(tmp_path, Delivery(Part("main", "a.csv", b"z")), NOW)

    assert len(list(quarantined_deliveries(tmp_path))) == 1


def test_a_name_cannot_lead_out_of_the_quarantine(tmp_path):
    place = quarantine(tmp_path / "quarantine", Delivery(Part("main", "../../etc/x", b"x")), ERROR, NOW)

    assert place.parent == tmp_path / "quarantine"
