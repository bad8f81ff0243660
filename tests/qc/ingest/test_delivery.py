from __future__ import annotations

from pathlib import Path

import pytest

from qc.ingest.delivery import Delivery, Part, deliveries_in


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("", encoding="utf-8")


def test_an_export_takes_the_map_and_the_run_sheet_of_its_stem(tmp_path):
    _touch(tmp_path, "P1.txt", "P1.map.csv", "P1.run.toml")

    found = deliveries_in([tmp_path / "P1.txt"])

    assert [(p.main.name, p.plate_map.name, p.run_sheet.name) for p in found] == [
        ("P1.txt", "P1.map.csv", "P1.run.toml")
    ]


@pytest.mark.parametrize("named", ["P1.txt", "P1.map.csv", "P1.run.toml"])
def test_any_part_of_a_delivery_brings_the_whole_delivery(tmp_path, named):
    _touch(tmp_path, "P1.txt", "P1.map.csv", "P1.run.toml")

    found = deliveries_in([tmp_path / named])

    assert [files.main.name for files in found] == ["P1.txt"]


def test_a_folder_gives_each_delivery_once_and_no_hidden_file(tmp_path):
    _touch(tmp_path, "P1.txt", "P1.map.csv", "P1.run.toml", "samples.csv", ".DS_Store")

    found = deliveries_in([tmp_path, tmp_path / "P1.txt"])

    assert [files.main.name for files in found] == ["samples.csv", "P1.txt"]


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a byte order mark"])
def test_a_run_sheet_may_name_its_export_and_its_map(tmp_path, mark):
    _touch(tmp_path, "reader-export-17.txt", "layout.csv")
    text = f'{mark}[plate]\nexport = "reader-export-17.txt"\nmap = "layout.csv"\n'
    (tmp_path / "R17.run.toml").write_text(text, encoding="utf-8")

    found = deliveries_in([tmp_path / "reader-export-17.txt"])

    assert (found[0].run_sheet.name, found[0].plate_map.name) == ("R17.run.toml", "layout.csv")


def test_a_run_sheet_cannot_name_a_file_outside_its_folder(tmp_path):
    (tmp_path / "lab").mkdir()
    _touch(tmp_path, "secret.txt")
    (tmp_path / "lab" / "R.run.toml").write_text('[plate]\nexport = "../secret.txt"\n')

    found = deliveries_in([tmp_path / "lab"])

    assert [files.main.name for files in found] == ["R.run.toml"]


def test_a_delivery_of_one_file_has_the_hash_of_that_file():
    part = Part("main", "a.csv", b"abc")

    assert Delivery(part).sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_another_plate_map_makes_another_delivery():
    main = Part("main", "a.txt", b"abc")

    first = Delivery(main, Part("plate_map", "m.csv", b"1"))
    second = Delivery(main, Part("plate_map", "m.csv", b"2"))

    assert len({first.sha256, second.sha256, Delivery(main).sha256}) == 3
