from datetime import datetime
from importlib import import_module

import polars as pl
import pytest

from schemas.errors import SchemaDefinitionError
from schemas.tables.check import are_faultless, check, columns, empty
from schemas.tables.controls import Controls
from schemas.tables.reported import Reported
from schemas.tables.samples import Samples
from schemas.tables.subjects import Subjects
from schemas.tables.table import Table
from schemas.tables.wells import Wells

MODELS = {
    "wells": "Wells",
    "reported": "Reported",
    "samples": "Samples",
    "subjects": "Subjects",
    "controls": "Controls",
    "events": "Events",
    "bridgings": "Bridgings",
    "judged_results": "JudgedResults",
    "control_results": "ControlResults",
}
UNKNOWN = {name: "" if dtype == pl.String else None for name, dtype in columns(Samples).items()}
SAMPLE = UNKNOWN | {
    "line": 2,
    "sample": "A",
    "subject": "S1",
    "visit": "0",
    "matrix": "csf",
    "collected_at": datetime(2025, 1, 13, 9, 0),
    "frozen_at": datetime(2025, 1, 13, 10, 0),
    "rbc_per_ul": 9.0,
    "freeze_thaw_cycles": 1,
}
WELL = {
    "plate": "P1",
    "well": "A1",
    "line": None,
    "role": "sample",
    "name": "A",
    "analyte": "nfl",
    "curve": "",
    "conc": None,
    "dilution": 1.0,
    "signal": 0.5,
    "signal_text": "0.5",
    "remark": "",
    "flag": "",
    "material": "",
    "level": "",
    "lot": "",
}


def table(model, *rows):
    return pl.DataFrame(list(rows), schema=columns(model), orient="row")


def told(frame, model, **options):
    return [str(fault) for fault in check(frame, model, **options)]


@pytest.mark.parametrize(("module", "name"), MODELS.items())
def test_an_empty_table_of_every_model_is_well_formed(module, name):
    model = getattr(import_module(f"schemas.tables.{module}"), name)

    assert check(empty(model), model) == []
    assert empty(model).height == 0


@pytest.mark.parametrize(("module", "name"), MODELS.items())
def test_no_model_coerces_or_drops_rows(module, name):
    schema = getattr(import_module(f"schemas.tables.{module}"), name).to_schema()

    assert not schema.coerce
    assert not schema.drop_invalid_rows
    assert not any(column.coerce or column.drop_invalid_rows for column in schema.columns.values())


def test_a_good_sample_sheet_has_no_fault():
    assert told(table(Samples, SAMPLE, SAMPLE | {"line": 3, "sample": "B", "collected_at": None}), Samples) == []


def test_every_failing_row_is_named_by_its_line():
    bad = {"rbc_per_ul": -1.0, "visit": " ", "collected_at": datetime(1970, 1, 1), "freeze_thaw_cycles": -2}

    faults = told(
        table(Samples, SAMPLE, *(SAMPLE | {"line": 3 + n, "sample": f"B{n}"} | bad for n in range(30))), Samples
    )

    assert len(faults) == 30 * 4
    assert "line 32, column 'rbc_per_ul': '-1.0' is out of range; expected 0 or more." in faults
    assert "line 3, column 'visit': The cell is blank; a text was expected." in faults
    assert not any(fault.startswith("line 2,") for fault in faults)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_is_refused(value):
    faults = told(table(Wells, WELL | {"signal": value}), Wells, row_key=("plate", "well"))

    assert len(faults) == 1
    assert faults[0].startswith("plate 'P1', well 'A1', column 'signal': ")
    assert faults[0].endswith("is not a finite number.")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"role": "qc"}, "row 1, column 'role': 'qc' is not known; expected one of 'calibrator', 'control'"),
        ({"well": "A01"}, "row 1, column 'well': 'A01' is not a well"),
        ({"dilution": 0.0}, "row 1, column 'dilution': '0.0' is out of range; expected a value above 0."),
        ({"dilution": None}, "row 1, column 'dilution': The cell is empty; a value was expected."),
        ({"conc": -1.0}, "row 1, column 'conc': '-1.0' is out of range; expected 0 or more."),
    ],
)
def test_a_bad_well_is_told_in_a_sentence(change, fault):
    faults = told(table(Wells, WELL | change), Wells)

    assert len(faults) == 1
    assert faults[0].startswith(fault)


def test_a_key_that_stands_twice_names_both_rows():
    faults = told(table(Samples, SAMPLE, SAMPLE | {"line": 3}, SAMPLE | {"line": 4, "sample": "B"}), Samples)

    assert faults == [
        "line 2: The key study '', sample 'A' stands more than once.",
        "line 3: The key study '', sample 'A' stands more than once.",
    ]


def test_a_sample_is_not_frozen_before_it_is_collected():
    faults = told(table(Samples, SAMPLE | {"frozen_at": datetime(2025, 1, 12)}), Samples)

    assert faults == ["line 2: A sample cannot be frozen before it is collected."]


@pytest.mark.parametrize(("year", "n_faults"), [(1899, 1), (1900, 0), (2100, 0), (2101, 1), (None, 0)])
def test_a_birth_year_is_believable_or_unknown(year, n_faults):
    frame = table(Subjects, {"line": 2, "study": "", "subject": "S1", "sex": "", "birth_year": year, "arm": ""})

    assert len(told(frame, Subjects)) == n_faults


def test_an_sd_of_zero_is_a_fault_and_a_missing_one_is_not():
    row = {"material": "M", "level": "L1", "lot": "", "analyte": "ck", "matrix": "serum", "unit": "U/L", "target": 1.0}
    row |= {"target_from": "", "active_from": None, "expires_on": None, "follows": "", "guide_runs": ""}

    faults = told(
        table(Controls, {"line": 2, **row, "sd": 0.0}, {"line": 3, **row, "level": "L2", "sd": None}), Controls
    )

    assert faults == ["line 2, column 'sd': '0.0' is out of range; expected a value above 0."]


def test_a_reported_control_needs_a_material():
    row = dict.fromkeys(columns(Reported), "") | {"line": 2, "role": "control", "analyte": "ck", "dilution": 1.0}
    row["decimal_comma"] = False
    row |= dict.fromkeys(("lloq", "lod", "uloq"))

    assert told(table(Reported, row), Reported) == ["line 2: A sample needs a sample code, and a control a material."]


def test_a_column_that_is_missing_or_mistyped_is_told_and_hides_no_other_fault():
    frame = table(Samples, SAMPLE | {"visit": ""}).drop("tube").with_columns(pl.col("rbc_per_ul").cast(pl.String))

    faults = told(frame, Samples)

    assert "column 'tube': Column 'tube' is missing." in faults
    assert "column 'rbc_per_ul': The column is of type String; Float64 was expected." in faults
    assert "line 2, column 'visit': The cell is blank; a text was expected." in faults


def test_a_text_that_is_no_number_is_never_coerced():
    frame = table(Samples, SAMPLE).with_columns(rbc_per_ul=pl.Series(["many"]))

    assert told(frame, Samples) == ["column 'rbc_per_ul': The column is of type String; Float64 was expected."]


def test_a_lazy_frame_is_refused_because_pandera_would_not_look_at_its_data():
    bad = table(Samples, SAMPLE | {"visit": ""})

    Samples.validate(bad.lazy())
    with pytest.raises(SchemaDefinitionError, match="collect it first"):
        check(bad.lazy(), Samples)


def test_a_model_that_drops_invalid_rows_is_refused_when_it_is_made():
    with pytest.raises(SchemaDefinitionError, match="drop_invalid_rows"):

        class Dropping(Table):
            line: pl.Int64

            class Config(Table.Config):
                drop_invalid_rows = True


def test_validation_cannot_be_switched_off_from_outside():
    from pandera.config import config_context

    with config_context(validation_enabled=False):
        assert len(check(table(Samples, SAMPLE | {"visit": ""}), Samples)) == 1


def test_a_check_changes_nothing_in_the_frame():
    frame = table(Samples, SAMPLE | {"visit": ""})
    before = frame.clone()

    check(frame, Samples)

    assert frame.equals(before)


VARIANTS = [
    (SAMPLE,),
    (SAMPLE | {"sample": "B"}, SAMPLE),
    (SAMPLE, SAMPLE | {"line": 3}),
    (SAMPLE | {"rbc_per_ul": -1.0},),
    (SAMPLE | {"sample": " "},),
    (),
]


@pytest.mark.parametrize("first", VARIANTS)
@pytest.mark.parametrize("second", VARIANTS)
def test_tables_are_faultless_together_if_each_is_alone(first, second):
    frames = [table(Samples, *first), table(Samples, *second), table(Samples, SAMPLE)]

    together = are_faultless(frames, Samples)

    assert together == (not any(check(frame, Samples) for frame in frames))


def test_tables_whose_columns_differ_are_not_judged_together():
    good = table(Samples, SAMPLE)

    assert not are_faultless([good, good.with_columns(pl.lit(1).alias("more"))], Samples)
    assert not are_faultless([good, good.with_columns(pl.col("visit").cast(pl.Categorical))], Samples)
