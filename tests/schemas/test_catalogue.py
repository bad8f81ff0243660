import subprocess
import sys
from itertools import product

import pytest

from schemas.catalogue import limits_table, load_catalogue
from schemas.catalogue_limit import VALUE_LIMITS
from schemas.catalogue_lint import lint
from schemas.errors import ConfigError
from schemas.names import plain_name
from schemas.ucum import UNITS

ANALYTES = ("iron", "ferritin", "tibc", "transferrin", "ck", "tnf_alpha", "nfl", "gdnf")
PRION = """
id = "prp"
name = "Prion protein"
synonyms = ["PrP", "PrPC"]

[matrices.csf]
unit = "ng/mL"
units = ["ng/mL", "ug/L"]
decimals = { value = 1, unit = "1", source = "Our kit", status = "proposed" }

[[matrices.csf.ranges]]
name = "hard"
low = 0
high = 10000
unit = "ug/L"
source = "Our kit"
status = "proposed"
"""


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def faults_of(text):
    with pytest.raises(ConfigError) as caught:
        load_catalogue({"own.toml": text})
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(("analyte", "matrix"), list(product(ANALYTES, ("serum", "csf"))))
def test_every_analyte_is_complete_for_serum_and_csf(catalogue, analyte, matrix):
    entry = catalogue.entry(analyte, matrix)
    limits = entry.limit_set("calculated" if (analyte, matrix) == ("tibc", "csf") else "elisa")

    assert entry.unit in entry.units
    assert entry.decimals.source
    assert all(limits.get(name) is not None for name in ("soft_low", "soft_high", "hard_low", "hard_high"))
    assert limits.hard_low.value <= limits.soft_low.value < limits.soft_high.value <= limits.hard_high.value


def test_the_shipped_catalogue_holds_the_analytes_of_the_study_and_what_checks_them_and_no_fault(catalogue):
    assert sorted(catalogue.analytes) == sorted((*ANALYTES, "albumin", "tsat"))
    assert lint(catalogue) == []


def test_every_number_has_a_unit_a_source_and_a_status(catalogue):
    rows = limits_table(catalogue)

    assert len(rows) > 100
    assert all(row["source"] and row["unit"] in {*UNITS, "h", "d", "percent"} for row in rows)
    assert {row["status"] for row in rows} <= {"confirmed", "unconfirmed", "proposed"}
    assert all(row["status"] != "confirmed" or "memory" not in row["source"] for row in rows)


@pytest.mark.parametrize(
    ("analyte", "rbc"),
    [("iron", 50), ("ferritin", 200), ("transferrin", 200), ("tnf_alpha", 200), ("nfl", 500), ("gdnf", 500)],
)
def test_red_cell_limits_of_csf_are_proposals(catalogue, analyte, rbc):
    limit = catalogue.limits(analyte, "csf").rbc

    assert (limit.value, limit.unit, limit.status) == (rbc, "/uL", "proposed")


@pytest.mark.parametrize(("analyte", "cycles"), [("nfl", 3), ("tnf_alpha", 2), ("ck", 3)])
def test_freeze_thaw_limits_stand_where_a_source_gives_one(catalogue, analyte, cycles):
    limit = catalogue.limits(analyte, "serum").freeze_thaw

    assert (limit.value, limit.status) == (cycles, "confirmed")
    assert catalogue.limits("gdnf", "serum").freeze_thaw is None


@pytest.mark.parametrize(
    ("name", "analyte"),
    [
        ("TNF-α", "tnf_alpha"),
        ("TNFa", "tnf_alpha"),
        ("tnf alpha", "tnf_alpha"),
        ("Tnf_Alpha", "tnf_alpha"),
        ("CPK", "ck"),
    ],
)
def test_a_name_is_known_however_it_is_written(catalogue, name, analyte):
    assert catalogue.analyte_id(name) == analyte


def test_an_unknown_name_is_not_guessed_but_the_nearest_is_told(catalogue):
    assert catalogue.analyte_id("ferittin") is None
    assert catalogue.suggestion("ferittin") == "ferritin"
    assert catalogue.suggestion("xyzzy") is None


def test_a_matrix_is_known_however_it_is_written(catalogue):
    assert [catalogue.matrix_id(name) for name in ("CSF", "Cerebrospinal fluid", "Serum", "urine", "xyzzy")] == [
        "csf",
        "csf",
        "serum",
        "urine",
        None,
    ]


def test_tibc_in_csf_is_only_allowed_as_a_calculated_value(catalogue):
    measured, calculated = (
        catalogue.limits("tibc", "csf", "colorimetric"),
        catalogue.limits("tibc", "csf", "Calculated"),
    )

    assert not measured.applicable
    assert "only a value calculated from CSF transferrin" in measured.applicable_sentence
    assert calculated.applicable
    assert not catalogue.limits("tibc", "csf").applicable


def test_the_most_specific_limit_wins(catalogue):
    assert catalogue.limits("tnf_alpha", "serum").soft_high.value == 20
    assert catalogue.limits("tnf_alpha", "serum", "ELISA").soft_high.value == 120
    assert catalogue.limits("nfl", "serum", "atellica").freeze_thaw.value == 6


@pytest.mark.parametrize(
    ("age", "sex", "high"),
    [
        (40, "male", 409),
        (50.9, "female", 175),
        (51, "female", 328),
        (None, "female", None),
        (40, "", None),
        (12, "male", None),
    ],
)
def test_a_reference_limit_is_looked_up_by_age_and_sex(catalogue, age, sex, high):
    limit = catalogue.limits("ferritin", "serum", age=age, sex=sex).reference_high

    assert (limit.value if limit else None) == high


def test_limits_are_given_in_another_unit_on_request(catalogue):
    limits = catalogue.limits("transferrin", "serum", unit="g/L")

    assert (limits.unit, limits.soft_low.value, limits.soft_low.unit) == ("g/L", 1.5, "g/L")
    with pytest.raises(ValueError, match="does not convert"):
        catalogue.limits("transferrin", "serum", unit="U/L")


def test_one_more_analyte_is_one_text(catalogue):
    own = load_catalogue({"prp.toml": PRION})

    assert len(own.analytes) == 11
    assert own.analyte_id("PrPC") == "prp"
    assert own.limits("prp", "csf").hard_high.value == 10000
    assert own.limits("prp", "csf").hard_high.unit == "ng/mL"
    assert own.sha256 != catalogue.sha256


def test_a_lab_changes_one_limit_and_keeps_the_others(catalogue):
    text = """
    id = "iron"
    [[matrices.serum.ranges]]
    name = "soft"
    low = 25
    high = 250
    unit = "ug/dL"
    source = "Our adults"
    status = "confirmed"
    """

    own = load_catalogue({"iron.toml": text})

    assert own.limits("iron", "serum").soft_high.source == "Our adults"
    assert own.limits("iron", "serum").soft_high.value == 250
    assert own.limits("iron", "serum").hard_high == catalogue.limits("iron", "serum").hard_high
    assert own.limits("iron", "csf") == catalogue.limits("iron", "csf")
    assert own.analyte_id("Fe") == "iron"


def test_the_fingerprint_does_not_depend_on_the_order_of_files():
    texts = {"a.toml": PRION, "b.toml": PRION.replace("prp", "prq").replace("PrP", "PrQ").replace("Prion", "Qrion")}

    assert load_catalogue(texts).sha256 == load_catalogue(dict(reversed(texts.items()))).sha256
    assert load_catalogue().sha256 == load_catalogue({}).sha256


def test_every_fault_of_a_file_is_told_at_once():
    text = (
        PRION.replace("synonyms", "synonims")
        .replace("high = 10000", "high = -1")
        .replace('source = "Our kit"\nstatus', "status")
    )

    faults = faults_of(text)

    assert any("'synonims' is not known. Did you mean 'synonyms'?" in fault for fault in faults)
    assert any("is not below its high end" in fault for fault in faults)
    assert any("Key 'source' is missing" in fault for fault in faults)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('unit = "ug/L"\n', "", "Key 'unit' is missing"),
        ('unit = "ug/L"\n', 'unit = "U/L"\n', "does not convert to 'ng/mL'"),
        ('unit = "ug/L"\n', 'unit = "bananas"\n', "not a UCUM code"),
        ('name = "hard"', 'name = "hrad"', "Range 'hrad' is not known"),
        ("low = 0\n", 'low = "none"\n', "a finite number was expected"),
        ('"PrPC"', '"NfL"', "already belongs to analyte"),
        ('status = "proposed"\n', 'status = "sure"\n', "expected one of confirmed"),
        ('id = "prp"', 'id = "Pr P"', "expected lower-case letters"),
        ("value = 1,", "value = 1.5,", "a whole number"),
        ('name = "Prion protein"', 'name = "Prion', "not well-formed TOML"),
        ("low = 0\nhigh = 10000\n", "", "neither 'low' nor 'high'"),
        ("[[matrices.csf.ranges]]", "[matrices.csf.ranges]", "an array of tables was expected"),
    ],
)
def test_an_ill_formed_file_is_refused_with_a_sentence(old, new, told):
    faults = faults_of(PRION.replace(old, new))

    assert any(told in fault for fault in faults)


def test_lint_finds_limits_that_overlap_cross_or_cannot_be_reached():
    row = '[[matrices.csf.ranges]]\nname = "{}"\nunit = "ng/mL"\nsource = "Our kit"\nstatus = "proposed"\n{}\n'
    extra = (
        row.format("hard", "high = 5")
        + row.format("soft", "high = 20000")
        + row.format("soft", 'high = 5\nmethod = "bands"')
    )
    never = '[matrices.csf.applicability]\nnever = ["bands"]\nsentence = "No."\nsource = "Us"\nstatus = "proposed"\n'

    texts = [fault.text for fault in lint(load_catalogue({"prp.toml": PRION + extra + never}))]

    assert any("stands twice" in text for text in texts)
    assert any("lies beyond 'hard_high'" in text for text in texts)
    assert any("cannot be reached" in text for text in texts)


def test_value_limits_are_kept_in_the_unit_of_their_entry(catalogue):
    for analyte in catalogue.analytes.values():
        for entry in analyte.matrices.values():
            assert {row.limit.unit for row in entry.limits if row.limit.name in VALUE_LIMITS} == {entry.unit}


def test_names_are_compared_without_marks():
    assert plain_name("TNF-\u00ce\u00b1") == plain_name("TNF-α") == "tnfalpha"


def test_loading_the_catalogue_imports_no_heavy_library():
    heavy = "{'pandas', 'polars', 'pandera', 'pydantic', 'numpy'}"
    code = (
        f"import sys; from schemas.catalogue import load_catalogue; load_catalogue(); print({heavy} & set(sys.modules))"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("name", "analyte"),
    [
        ("Iron [LOINC 2498-4]", "iron"),
        ("FE SERPL [LOINC 2498-4]", "iron"),
        ("Iron [LOINC 99999-9]", "iron"),
        ("Ferritin [LOINC 2498-4]", None),
        ("FE SERPL [LOINC 14798-3]", None),
        ("LOINC 2498-4", "iron"),
    ],
)
def test_an_analyte_is_known_by_a_confirmed_code_unless_name_and_code_differ(name: str, analyte: str | None) -> None:
    assert load_catalogue().analyte_id(name) == analyte
