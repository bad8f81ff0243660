from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qc.ingest.delivery import DeliveryPaths, deliveries_in
from qc.ingest.reading_team import ReadDelivery, ReadingTeam, Terms, read_deliveries
from schemas.errors import ReaderError

RUNS = Path(__file__).resolve().parents[3] / "sample_runs"
TERMS = Terms("S", frozenset(), 1e9)


def told(read):
    if not isinstance(read, ReadDelivery):
        return type(read).__name__, str(read)
    refusal = (read.refusal.message, read.refusal.faults) if read.refusal else None
    tables = {name: frame.to_dicts() for name, frame in read.intake.tables.items()} if read.intake else None
    return read.delivery.sha256, refusal, tables, read.intake.runs if read.intake else None


def test_deliveries_that_are_read_together_say_what_each_says_alone():
    found = deliveries_in([RUNS / "faults", RUNS / "study"])

    together = read_deliveries(found, TERMS)

    alone = [read_deliveries([files], TERMS)[0] for files in found]
    assert len(found) > 40
    assert any(isinstance(one, ReadDelivery) and one.refusal for one in together)
    assert list(map(told, together)) == list(map(told, alone))


def test_a_file_that_is_gone_spoils_none_of_those_that_are_read_with_it(tmp_path):
    good = DeliveryPaths(RUNS / "study" / "samples.csv")
    team = ReadingTeam(TERMS)
    team.begin([good, DeliveryPaths(tmp_path / "gone.csv")])

    assert team.read(good).intake is not None
    with pytest.raises(OSError, match="gone"):
        team.read(DeliveryPaths(tmp_path / "gone.csv"))


def test_settings_that_cannot_be_put_together_are_told_of_their_own_delivery(tmp_path):
    (tmp_path / "a.csv").write_text("sample,analyte,value,unit\nA,iron,1,ug/dL\n")
    (tmp_path / "a.run.toml").write_text("[run\n")
    good = DeliveryPaths(RUNS / "study" / "samples.csv")
    bad = DeliveryPaths(tmp_path / "a.csv", run_sheet=tmp_path / "a.run.toml", settings={"matrix": "serum"})
    team = ReadingTeam(TERMS)
    team.begin([bad, good])

    assert team.read(good).refusal is None
    with pytest.raises(ReaderError):
        team.read(bad)


def test_a_file_beyond_the_limit_is_not_read_ahead(tmp_path, monkeypatch):
    (tmp_path / "large.csv").write_text("x" * 100)
    read = []
    monkeypatch.setattr("qc.ingest.reading_team.read_parts", lambda files: read.append(files) or 1 / 0)
    team = ReadingTeam(replace(TERMS, largest_bytes=50))

    team.begin([DeliveryPaths(tmp_path / "large.csv")])

    assert team._begun == {}
    assert read == []
