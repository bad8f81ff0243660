from __future__ import annotations

import json

import polars as pl
import pytest

from checks.profile import load_profile
from checks.standard_curves.concentrations import back_calculate, group_results
from checks.standard_curves.curve import Curve
from checks.standard_curves.curve_fits import fit_curves
from schemas.run import Run

RUN = Run(run="R1")
LIMITS = load_profile("m10-lba").limits_by_rule["calibration.standards"]
# y = 2.1 - 2 / (1 + x / 10)
STANDARDS = {2.5: 0.5, 5: 2.3 / 3, 10: 1.1, 20: 4.3 / 3, 40: 1.7, 80: 16.9 / 9, 160: 33.7 / 17}


def well(place, signal, **cells):
    row = {
        "plate": "P1",
        "well": place,
        "line": 2,
        "role": "sample",
        "name": "S1",
        "analyte": "nfl",
        "curve": "",
        "conc": None,
        "dilution": 1.0,
        "signal": signal,
        "signal_text": "",
        "flag": "",
        "material": "",
        "level": "",
        "lot": "",
    }
    return row | cells


def wells(*rows):
    return pl.DataFrame(
        rows, schema_overrides={"conc": pl.Float64, "signal": pl.Float64, "dilution": pl.Float64, "line": pl.Int64}
    )


def standards(**cells):
    return [
        well(f"A{place + 1}", signal, role="calibrator", name=f"C{place}", conc=float(conc), **cells)
        for place, (conc, signal) in enumerate(STANDARDS.items())
    ]


def curve_of(*rows):
    return fit_curves(wells(*(rows or standards())), RUN, LIMITS).curves["P1", "nfl", ""]


def results_of(*rows):
    plate = wells(*standards(), *rows)
    return group_results(plate, fit_curves(plate, RUN, LIMITS).curves).to_dicts()


def test_standards_on_the_curve_are_given_back_and_make_the_range():
    curve = curve_of()

    assert [level.recovery_percent for level in curve.calibrators] == pytest.approx([100] * 7, rel=1e-9)
    assert (curve.lloq, curve.uloq) == (2.5, 160)
    assert all(level.is_accepted for level in curve.calibrators)


@pytest.mark.parametrize(
    "signal, value, censor, limit",
    [
        (1.1, 10.0, "", None),
        (0.5, 2.5, "", None),
        (0.3, 10 / 9, "<", 2.5),
        (2.0, 190.0, ">", 160),
        (0.09, None, "<", 2.5),
        (2.2, None, ">", 160),
    ],
)
def test_a_concentration_keeps_its_number_beyond_the_range_and_has_none_beyond_an_asymptote(
    signal, value, censor, limit
):
    found = curve_of().concentration(signal)

    assert found == (None if value is None else pytest.approx(value, rel=1e-9), censor, limit)


def standards_with(**signals):
    changed = {float(conc.removeprefix("at_").replace("_", ".")): signal for conc, signal in signals.items()}
    return [{**row, "signal": changed.get(row["conc"], row["signal"])} for row in standards()]


def test_a_failed_standard_inside_the_range_is_left_out_of_a_second_fit_and_named():
    lowest = well("H1", 2.9 / 9, role="calibrator", conc=1.25)

    curve = curve_of(lowest, *standards_with(at_20=1.5736842105263158))  # the signal of 28

    assert curve.rejected_conc == 20
    assert curve.rejected_recovery_percent > 120
    assert [level.conc for level in curve.calibrators if level.is_rejected] == [20]
    others = [level.recovery_percent for level in curve.calibrators if not level.is_rejected]
    assert others == pytest.approx([100] * 7, rel=1e-6)
    assert next(level for level in curve.calibrators if level.is_rejected).recovery_percent == pytest.approx(140)
    assert (curve.lloq, curve.uloq) == (1.25, 160)


def test_an_end_that_fails_is_never_rejected_and_the_range_shrinks():
    curve = curve_of(*standards_with(at_160=1.8142857142857143))  # the signal of 60

    assert curve.rejected_conc is None
    assert not any(level.is_rejected for level in curve.calibrators)
    assert curve.uloq < 160


def test_a_standard_is_rejected_once_only():
    curve = curve_of(*standards_with(at_20=1.5736842105263158, at_5=0.9))

    assert sum(level.is_rejected for level in curve.calibrators) <= 1


def test_without_max_refits_no_standard_is_rejected():
    limits = {name: limit for name, limit in LIMITS.items() if name != "max_refits"}

    lowest = well("H1", 2.9 / 9, role="calibrator", conc=1.25)
    plate = wells(lowest, *standards_with(at_20=1.5736842105263158))

    assert fit_curves(plate, RUN, LIMITS).curves["P1", "nfl", ""].rejected_conc == 20
    assert fit_curves(plate, RUN, limits).curves["P1", "nfl", ""].rejected_conc is None


def test_a_curve_comes_back_from_its_json():
    curve = curve_of()

    assert Curve.from_json(json.loads(json.dumps(curve.as_json()))) == curve


def test_an_anchor_shapes_the_curve_and_is_not_judged():
    anchors = [well("H1", 0.1 + 2 * 0.5 / 10.5, role="calibrator", conc=0.5, level="anchor")]

    curve = curve_of(*standards(), *anchors)

    assert curve.fit.df == 4
    assert [level.conc for level in curve.calibrators if not level.is_judged] == [0.5]
    assert curve.lloq == 2.5


def test_flagged_wells_and_wells_without_a_signal_are_not_fitted():
    spoiled = [
        well("H1", 9.9, role="calibrator", conc=5.0, flag="masked"),
        well("H2", None, role="calibrator", conc=5.0),
        well("H3", 0.9, role="blank"),
    ]

    assert curve_of(*standards(), *spoiled) == curve_of()


def test_each_plate_and_analyte_has_a_curve_of_its_own():
    plate = wells(*standards(), *standards(plate="P2"), *standards(analyte="gdnf"))

    assert set(fit_curves(plate, RUN, LIMITS).curves) == {("P1", "nfl", ""), ("P2", "nfl", ""), ("P1", "gdnf", "")}


def test_standards_that_carry_no_curve_give_a_sentence_and_leave_the_others_alone():
    plate = wells(*standards(), *standards(plate="P2")[:3])

    found = fit_curves(plate, RUN, LIMITS)

    assert set(found.curves) == {("P1", "nfl", "")}
    assert "3 different concentrations" in found.failures["P2", "nfl", ""]


def test_a_run_without_plates_has_no_curves():
    found = fit_curves(wells(*standards()).clear(), RUN, LIMITS)

    assert not found.curves
    assert not found.failures


def test_replicates_make_one_result_from_their_mean_signal_times_the_dilution():
    (result,) = results_of(well("B1", 1.0, dilution=4.0, line=20), well("B2", 1.2, dilution=4.0, line=21))

    assert result["value"] == pytest.approx(40.0)  # mean signal 1.1 stands for 10
    assert (result["lloq"], result["uloq"]) == (10.0, 640.0)
    assert (result["n_replicates"], result["wells"], result["line"]) == (2, "B1,B2", 20)
    # 1.0 stands for 90 / 11, 1.2 for 110 / 9: their mean is 505 / 49.5, they differ by 400 / 99
    assert result["cv_percent"] == pytest.approx(100 * (400 / 99) / 2**0.5 / (505 / 49.5), rel=1e-9)


def test_a_limit_is_multiplied_by_the_dilution_like_the_number():
    (result,) = results_of(well("B1", 2.0, dilution=10.0))

    assert (result["value"], result["censor"], result["limit"]) == (pytest.approx(1900.0), ">", 1600.0)


def test_the_cv_is_that_of_the_signals_where_a_replicate_has_no_concentration():
    (result,) = results_of(well("B1", 0.08), well("B2", 0.32))

    assert result["cv_percent"] == pytest.approx(100 * 0.24 / 2**0.5 / 0.2)


def test_a_masked_replicate_does_not_count():
    (result,) = results_of(well("B1", 1.1), well("B2", 9.9, flag="masked"))

    assert (result["value"], result["n_replicates"], result["wells"]) == (pytest.approx(10.0), 1, "B1")
    assert result["cv_percent"] is None


def test_a_sample_whose_wells_are_all_masked_is_there_without_a_value():
    (result,) = results_of(well("B1", 1.1, flag="masked"))

    assert (result["value"], result["censor"], result["n_replicates"]) == (None, "", 0)


@pytest.mark.parametrize(
    "rows, censor, limit",
    [
        ([well("B1", None, flag="overflow"), well("B2", None, flag="overflow")], ">", 160.0),
        ([well("B1", None, flag="overflow"), well("B2", 1.1)], "", None),
    ],
    ids=["all wells", "one of two"],
)
def test_an_overflow_is_above_uloq_only_if_no_well_was_measured_and_never_a_number(rows, censor, limit):
    (result,) = results_of(*rows)

    assert (result["value"], result["censor"], result["limit"]) == (None, censor, limit)


def test_a_result_without_a_curve_has_no_value():
    (result,) = group_results(wells(well("B1", 1.1)), {}).to_dicts()

    assert (result["value"], result["censor"], result["limit"]) == (None, "", None)


def test_every_well_keeps_its_place_when_it_is_back_calculated():
    plate = wells(well("B1", 1.1), *standards(), well("B2", 2.2), well("B3", None), well("C1", 1.1, plate="P2"))

    found = back_calculate(plate, fit_curves(plate, RUN, LIMITS).curves)

    assert found["well"].to_list() == plate["well"].to_list()
    assert found["value"][0] == pytest.approx(10.0)
    assert found.tail(3)["value"].to_list() == [None, None, None]
    assert found.tail(3)["censor"].to_list() == [">", "", ""]


def test_blank_and_empty_wells_are_no_results():
    assert results_of(well("B1", 0.1, role="blank"), well("B2", None, role="empty")) == []


def test_controls_are_results_with_their_material():
    (result,) = results_of(well("B1", 1.1, role="control", material="M", level="1", lot="L"))

    assert (result["role"], result["material"], result["level"], result["lot"]) == ("control", "M", "1", "L")
