from __future__ import annotations

from qc.ingest.archive import keep, settle, unsettled
from qc.ingest.delivery import Delivery, Part
from qc.ingest.handed_in import HandedIn

DELIVERY = Delivery(Part("main", "a.txt", b"abc"), Part("plate_map", "a.map.csv", b"well"))


def test_every_part_is_kept_under_its_own_hash(tmp_path):
    keep(tmp_path, DELIVERY, HandedIn(by="anna"))

    assert {(tmp_path / part.sha256).read_bytes() for part in DELIVERY.parts} == {b"abc", b"well"}


def test_an_ingest_that_was_cut_off_is_found_with_all_its_parts(tmp_path):
    keep(tmp_path, DELIVERY, HandedIn(by="anna", correct=True))

    found = list(unsettled(tmp_path))

    assert [(one.delivery, one.handed_in) for one in found] == [(DELIVERY, HandedIn(by="anna", correct=True))]


def test_a_settled_ingest_leaves_no_note(tmp_path):
    settle(keep(tmp_path, DELIVERY, HandedIn(by="anna")))

    assert list(unsettled(tmp_path)) == []


def test_an_ingest_that_lacks_a_part_has_no_delivery(tmp_path):
    keep(tmp_path, DELIVERY, HandedIn(by="anna"))
    (tmp_path / DELIVERY.main.sha256).unlink()

    assert [one.delivery for one in unsettled(tmp_path)] == [None]


def test_a_half_written_part_is_not_taken_for_the_original(tmp_path):
    keep(tmp_path, DELIVERY, HandedIn(by="anna"))
    (tmp_path / DELIVERY.main.sha256).write_bytes(b"ab")

    assert [one.delivery for one in unsettled(tmp_path)] == [None]
