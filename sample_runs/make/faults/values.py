"""Faults of single values: cells that are no number, units, ranges, methods that do not apply."""

from __future__ import annotations

from sample_runs.make.assays import assay
from sample_runs.make.chemistry import sample_row
from sample_runs.make.faults.bench import SERUM_IRON, Bench, controls
from sample_runs.make.files import Cell

_CELLS: dict[str, tuple[Cell, str, str]] = {
    "value_text": ("pending", "not_evaluable", "A word stands where a number should."),
    "value_masked": ("***", "not_evaluable", "The instrument masked the value."),
    "value_na": ("NA", "not_evaluable", "The value is said to be not available."),
    "value_empty": (None, "not_evaluable", "The cell is empty."),
    "value_rejected": ("---", "not_evaluable", "The instrument refused the value."),
}
_IRON_VALUES: dict[str, tuple[Cell, str, str, str]] = {
    "hard_range": (1500, "range.hard", "reject", "Serum iron of 1500 ug/dL lies above the hard limit."),
    "soft_range": (350, "range.soft", "warn", "Serum iron of 350 ug/dL lies above the soft limit."),
}


def make_value_faults(bench: Bench) -> None:
    """Write the faults of this module.

    Parameters
    ----------
    bench : Bench
        Where they are made.
    """
    for kind, (cell, verdict, why) in _CELLS.items():
        file = bench.chemistry(kind, bench.good_rows((*SERUM_IRON[:3], cell)))
        bench.expect(kind, why, [("range.value", verdict, "result")], ingest=[file])
    for kind, (cell, rule, verdict, why) in _IRON_VALUES.items():
        file = bench.chemistry(kind, bench.good_rows((*SERUM_IRON[:3], cell)))
        bench.expect(kind, why, [(rule, verdict, "result")], ingest=[file])
    _out_of_range(bench)
    _units(bench)
    _methods(bench)


def _out_of_range(bench: Bench) -> None:
    rows = bench.good_rows((6.2, 8.9, 7.4, "OOR <"), assay("serum", "tnf_alpha"))
    file = bench.chemistry("value_out_of_range_low", [{**row, "method": "bead_array"} for row in rows])
    why = "Below the range, and neither the file nor the catalogue tells the limit of this method."
    bench.expect("value_out_of_range_low", why, [("range.value", "not_evaluable", "result")], ingest=[file])


def _units(bench: Bench) -> None:
    rows = bench.good_rows()
    rows[-1] = {**rows[-1], "unit": "ug/dl/h"}
    file = bench.chemistry("unit_unknown", rows)
    why = "The unit of one result is not known; it is not guessed."
    bench.expect("unit_unknown", why, [("range.unit", "reject", "result")], ingest=[file])
    rows = bench.good_rows()
    rows[-1] = {**rows[-1], "unit": "U/L"}
    file = bench.chemistry("unit_wrong_dimension", rows)
    why = "A catalytic activity is no unit of iron."
    bench.expect("unit_wrong_dimension", why, [("range.unit", "reject", "result")], ingest=[file])
    ferritin = assay("serum", "ferritin")
    rows = bench.good_rows((150.2, 88.4, 210.5, 31.0), ferritin)
    rows[-1] = {**rows[-1], "unit": "pg/mL"}
    file = bench.chemistry("unit_slip", rows)
    why = "31 ng/mL of ferritin were written as pg/mL: a thousandth of what is believable."
    findings = [("range.unit_slip", "warn", "result")]
    bench.expect("unit_slip", why, findings, ingest=[file])


def _methods(bench: Bench) -> None:
    csf_iron = assay("csf", "iron")
    tibc = [
        sample_row("", assay("csf", "tibc"), bench.sample("csf"), value, method="colorimetric") for value in (2.3, 2.6)
    ]
    file = bench.chemistry("method_not_applicable", [*controls(assay("csf", "tibc")), *tibc], matrix="csf")
    why = "TIBC of CSF cannot be measured by the serum method, only calculated."
    bench.expect("method_not_applicable", why, [("range.applicable", "reject", "analyte")], ingest=[file])
    iron = [sample_row("", csf_iron, bench.sample("csf"), value, method="colorimetric") for value in (2.1, 1.9)]
    file = bench.chemistry("method_too_insensitive", [*controls(csf_iron), *iron], matrix="csf")
    why = "A colorimetric serum kit cannot read iron of CSF."
    bench.expect("method_too_insensitive", why, [("range.applicable", "reject", "analyte")], ingest=[file])
