from __future__ import annotations

from datetime import datetime

import duckdb
import polars as pl
import pytest

from qc.assess.judge.row_findings import catalogue_kinds, row_findings, stored_faults
from qc.store.migration import shipped_migrations
from schemas.catalogue import load_catalogue
from schemas.one_scan.sql_types import sql_types_of
from schemas.tables.column import column
from schemas.tables.stored.check import check_stored
from schemas.tables.stored.column_gaps import column_gaps
from schemas.tables.stored.models import STORED
from schemas.tables.stored.sheets import StoredSamples

WORKING_TABLES = {"schema_migrations"}
NOW = datetime(2025, 1, 1)
SHA = "0" * 64
NO_BOUNDS = dict.fromkeys(("lloq", "lod", "uloq"))
RESULT = {
    "assessment_id": 1,
    "result_id": (1 << 20) + 1,
    "run_id": 1,
    "study": "S",
    "sample": "A",
    "analyte": "ferritin",
    "matrix": "serum",
    "method": "",
    "text": "100",
    "unit_text": "ng/mL",
    "value": 100.0,
    "unit": "ng/mL",
    "censor": "",
    "censor_limit": None,
    "dilution": 1.0,
    "n_replicates": 1,
    "cv_percent": None,
    "lloq": None,
    "uloq": None,
    "lob": None,
    "detection": "",
    "decimals": 1,
    "plate": "",
    "wells": "",
    "line": 2,
    "verdict": "pass",
    "state": "auto_approved",
}


@pytest.fixture
def facts():
    with duckdb.connect() as con:
        for migration in shipped_migrations():
            con.execute(migration.sql)
        con.execute(f"INSERT INTO assessments VALUES (1, 1, ?, 'x', '{SHA}', '{SHA}', 0, '', 'pass', 1, 1, 0)", [NOW])
        yield con


def put(con, table, *rows):
    frame = pl.DataFrame(list(rows), infer_schema_length=None).to_arrow()
    con.register("incoming", frame)
    con.execute(f"INSERT INTO {table} BY NAME FROM incoming")
    con.unregister("incoming")


def told(con, name, **options):
    references = {"catalogue_kinds": catalogue_kinds(load_catalogue())}
    return [str(fault) for fault in check_stored(con, name, STORED[name], references=references, **options)]


def test_every_table_of_the_facts_has_a_model(facts):
    tables = {row[0] for row in facts.execute("SELECT table_name FROM duckdb_tables()").fetchall()}

    assert tables - WORKING_TABLES == set(STORED)


@pytest.mark.parametrize("name", STORED)
def test_a_model_has_the_columns_types_and_nulls_of_its_table(facts, name):
    sql = "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = ?"
    stored = {column: (kind, nullable) for column, kind, nullable in facts.execute(sql, [name]).fetchall()}
    model = STORED[name].model().to_schema().columns

    missing = column_gaps(name, stored_columns(facts, name), migration=next_number())
    assert set(model) == set(stored), "\n".join(missing)
    for title, (kind, may_be_null) in stored.items():
        assert kind in sql_types_of(model[title].dtype.type), title
        assert may_be_null or not model[title].nullable, title


def stored_columns(facts, name):
    return [row[0] for row in facts.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", [name]).fetchall()]


def next_number():
    return f"{max(one.version for one in shipped_migrations()) + 1:03d}"


def test_a_column_of_the_sample_sheet_without_a_migration_is_told_with_what_to_write(facts):
    class Spun(StoredSamples):
        toy_at: pl.Datetime = column("When it was centrifuged, local time; empty if unknown.", nullable=True)

    told = column_gaps("samples", stored_columns(facts, "samples"), model=Spun, migration=next_number())

    assert told == [
        "Column 'toy_at' of the sample sheet stands in Spun but no migration adds it to table samples: "
        f"write qc/store/migrations/{next_number()}_....sql with: ALTER TABLE samples ADD COLUMN toy_at TIMESTAMP;"
    ]


def test_a_column_of_a_migration_without_its_model_is_told(facts):
    facts.execute("ALTER TABLE samples ADD COLUMN toy_at TIMESTAMP")

    assert column_gaps("samples", stored_columns(facts, "samples")) == [
        "A migration adds column 'toy_at' to table samples but StoredSamples does not declare it: "
        "add it there, or to the class that it shares with its sheet."
    ]


def test_the_view_of_the_newest_rows_has_a_column_that_is_added_later(facts):
    facts.execute("ALTER TABLE samples ADD COLUMN toy_at TIMESTAMP")

    assert "toy_at" in [one[0] for one in facts.execute("SELECT * FROM latest_samples").description]


@pytest.mark.parametrize("name", STORED)
def test_an_empty_table_is_well_formed(facts, name):
    facts.execute("DELETE FROM assessments")

    assert told(facts, name) == []


def test_a_good_result_has_no_fault(facts):
    put(facts, "results", RESULT)

    assert told(facts, "results") == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"value": 1e9}, "The result is approved, and no method makes it possible."),
        ({"unit": "pg/mL"}, "The result is approved in another unit than the catalogue's."),
        ({"analyte": "prealbumin"}, "The result is approved, and the catalogue does not know its kind."),
        ({"run_id": 2}, "The result id does not carry the number of its run."),
        ({"assessment_id": 7}, "Its assessment is not among the assessments."),
        ({"value": float("nan")}, "column 'value': 'NaN' is not a finite number."),
        ({"dilution": 0.0}, "column 'dilution': '0.0' is out of range; expected a value above 0."),
        ({"sample": " "}, "column 'sample': The cell is blank; a text was expected."),
        (
            {"state": "approved"},
            "column 'state': 'approved' is not known; expected one of 'auto_approved', 'waiting', 'evidence'.",
        ),
    ],
)
def test_a_bad_result_is_named_by_its_key(facts, change, fault):
    bad = RESULT | {"result_id": (1 << 20) + 2} | change
    put(facts, "results", RESULT, bad)

    faults = told(facts, "results")

    place = f"table 'results', assessment_id {bad['assessment_id']}, result_id {bad['result_id']}"
    assert any(text.startswith(place) and text.endswith(fault) for text in faults)
    assert all(text.startswith(place) for text in faults)


def test_a_result_that_waits_may_lie_outside_what_the_catalogue_allows(facts):
    put(facts, "results", RESULT | {"value": 1e9, "unit": "", "analyte": "?", "state": "waiting", "verdict": "reject"})

    assert told(facts, "results") == []


def test_a_result_that_stands_twice_is_named_twice(facts):
    put(facts, "results", RESULT, RESULT)

    faults = told(facts, "results")

    assert len(faults) == 2
    assert all(fault.endswith("The key of the row stands more than once.") for fault in faults)


def test_a_fault_of_a_sheet_quotes_no_code_of_a_patient(facts):
    sample = {"study": "S", "sample": "SECRET-1", "version": 1, "subject": "SECRET-2", "visit": "SECRET-3"}
    sample |= {"matrix": "serum", "tube": "", "haemolysis_index": -1.0, "haemolysis_platform": "", "source_id": 9}
    put(facts, "samples", sample, sample)

    faults = told(facts, "samples")

    assert len(faults) == 6
    place = "table 'samples', row 1, source_id 9"
    assert f"{place}, column 'haemolysis_index': '-1.0' is out of range; expected 0 or more." in faults
    assert not any("SECRET" in fault for fault in faults)


def test_only_the_rows_that_are_asked_for_are_judged(facts):
    other = RESULT | {"run_id": 2, "result_id": (2 << 20) + 1, "dilution": 0.0}
    put(facts, "results", RESULT | {"dilution": 0.0}, other)

    assert len(told(facts, "results", only={"run_id": [2]})) == 1
    assert len(told(facts, "results", only={"run_id": [1, 2]})) == 2
    assert told(facts, "results", only={"run_id": []}) == []


def test_a_malformed_stored_row_holds_its_run(facts):
    run = dict.fromkeys(STORED["runs"].model().to_schema().columns, "")
    run |= {"version": 1, "supersedes": None, "started_at": None, "reagent_expires_on": None, "source_id": 1}
    put(
        facts,
        "sources",
        dict.fromkeys(("sha256", "delivery_sha256"), SHA)
        | {
            "source_id": 1,
            "part": "main",
            "file_name": "a",
            "n_bytes": 1,
            "kind": "results",
            "reader": "tidy",
            "reader_version": "1",
            "software": "x",
            "ingested_at": NOW,
            "n_rows": 1,
        },
    )
    put(facts, "runs", run | {"run_id": 1, "run": "R-1"}, run | {"run_id": 2, "run": "R-2"})
    reported = dict.fromkeys(STORED["reported"].model().to_schema().columns, "")
    reported |= {"run_id": 2, "line": 3, "role": "sample", "sample": "A", "analyte": "ck", "dilution": -1.0}
    put(facts, "reported", reported | {"decimal_comma": False} | NO_BOUNDS)

    found = row_findings(facts, [1, 2])

    assert list(found) == [2]
    assert [finding.rule for finding in found[2]] == ["tables.reported"]
    assert found[2][0].key == {"table": "reported", "run_id": 2, "line": 3}
    assert found[2][0].verdict == "broken"
    assert "In table 'reported', run_id 2, line 3, column 'dilution': '-1.0' is out of range" in found[2][0].sentence


def test_the_catalogue_table_has_the_widest_range_of_each_kind_in_its_unit():
    kinds = catalogue_kinds(load_catalogue()).rows_by_key(["analyte", "matrix"], named=True, unique=True)

    assert kinds["ferritin", "serum"]["unit"] == "ng/mL"
    assert kinds["ferritin", "serum"]["low"] < kinds["ferritin", "serum"]["high"]
    assert len(kinds) >= 16


def test_a_demo_lab_is_well_formed(judged_demo):
    import qc
    from qc.assess.soundness import stored_row_faults

    assert stored_row_faults(qc.open_lab(judged_demo)) == []


def test_every_table_is_judged(facts, monkeypatch):
    import schemas.tables.stored.check as module

    seen = []
    monkeypatch.setattr(module, "check_stored", lambda con, name, *_, **__: seen.append(name) or [])

    stored_faults(facts, load_catalogue())

    assert seen == list(STORED)
