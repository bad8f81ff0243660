from dataclasses import dataclass

import polars as pl

from qc.assess.prepare.control_matrix import with_sheet_matrix
from schemas.catalogue import load_catalogue

LINE = {"material": "CHEM", "level": "L1", "lot": "X", "analyte": "ferritin"}


@dataclass(frozen=True)
class OneRun:
    controls: pl.DataFrame


def matrix_of(measured, *sheet):
    controls = pl.DataFrame([{"of_run": 0, **measured}])
    return with_sheet_matrix(controls, [OneRun(pl.DataFrame(sheet))], load_catalogue())["matrix"].to_list()


def test_a_control_without_a_matrix_takes_that_of_the_one_line_that_fits_by_any_name_of_its_analyte():
    measured = LINE | {"analyte": "FERR", "matrix": ""}

    assert matrix_of(measured, LINE | {"matrix": "serum"}) == ["serum"]


def test_two_matrices_that_fit_and_a_matrix_that_is_stated_are_left_as_they_are():
    both = (LINE | {"matrix": "serum"}, LINE | {"matrix": "csf"})

    assert matrix_of(LINE | {"matrix": ""}, *both) == [""]
    assert matrix_of(LINE | {"matrix": "csf"}, LINE | {"matrix": "serum"}) == ["csf"]
    assert matrix_of(LINE | {"matrix": ""}, LINE | {"lot": "Y", "matrix": "serum"}) == [""]
