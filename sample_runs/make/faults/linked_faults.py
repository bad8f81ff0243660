"""Faults that only several samples or several runs show, and of tubes and times."""

from __future__ import annotations

from sample_runs.make.assays import assay
from sample_runs.make.chemistry import sample_row
from sample_runs.make.faults.bench import Bench, controls

_IRON = assay("serum", "iron")
_TIBC = assay("serum", "tibc")
_TRANSFERRIN = assay("serum", "transferrin")
_CK = assay("serum", "ck")
_LATER = "2025-10-07T09:00:00"


def make_linked_faults(bench: Bench) -> None:
    """Write the faults of this module.

    Parameters
    ----------
    bench : Bench
        Where they are made.
    """
    _tubes_and_times(bench)
    _of_one_sample(bench)
    _of_one_person(bench)
    _of_two_runs(bench)


def _tubes_and_times(bench: Bench) -> None:
    row = sample_row("", _IRON, bench.sample(tube="K2-EDTA"), 98)
    file = bench.chemistry("tube_edta", [*bench.good_rows(), row])
    why = "Iron was measured in EDTA plasma, which binds it."
    bench.expect("tube_edta", why, [("preanalytic.tube", "reject", "result")], ingest=[file])
    row = sample_row("", _CK, bench.sample(frozen_at="2025-06-12T09:30:00"), 140)
    file = bench.chemistry("frozen_late", [*bench.good_rows((120, 160), _CK), row])
    why = "The sample stood ten days before it was frozen; CK stands seven."
    bench.expect("frozen_late", why, [("preanalytic.time_to_freezer", "warn", "result")], ingest=[file])


def _of_one_sample(bench: Bench) -> None:
    code = bench.sample()
    rows = [*controls(_TIBC), *controls(_TRANSFERRIN)]
    rows += [sample_row("", _TIBC, code, 420), sample_row("", _TRANSFERRIN, code, 160)]
    file = bench.chemistry("tibc_against_transferrin", rows)
    why = "TIBC and transferrin of one sample contradict each other: 2.6 ug for each mg."
    bench.expect("tibc_against_transferrin", why, [("consistency.tibc_transferrin", "reject", "result")], ingest=[file])
    values = (91, 118, 77, 104)
    rows = [*controls(_IRON), *(sample_row("", _IRON, bench.sample(), value) for value in (*values, *values))]
    file = bench.chemistry("block_pasted_twice", rows)
    why = "Four values stand twice below each other."
    bench.expect("block_pasted_twice", why, [("identity.copied_block", "warn", "analyte")], ingest=[file])


def _of_one_person(bench: Bench) -> None:
    visits = {"0": (230, 120), "3": (370, 900)}
    rows = [*controls(_TRANSFERRIN), *controls(_CK)]
    for visit, (transferrin, ck) in visits.items():
        code = bench.sample(subject="FLT-901", visit=visit)
        rows += [sample_row("", _TRANSFERRIN, code, transferrin), sample_row("", _CK, code, ck)]
    file = bench.chemistry("patient_swapped", rows)
    why = "Transferrin and CK of the second visit belong to somebody else."
    findings = [("identity.patient_swap", "warn", "result"), ("identity.delta", "warn", "result")]
    bench.expect("patient_swapped", why, findings, ingest=[file])


def _of_two_runs(bench: Bench) -> None:
    files = []
    for number, (visit, started_at) in enumerate((("0", "2025-10-06T09:00:00"), ("3", _LATER)), start=1):
        codes = [bench.sample(subject=f"FLT-{902 + place}", visit=visit) for place in range(3)]
        rows = [*controls(_IRON), *(sample_row("", _IRON, code, 84 + 9 * place) for place, code in enumerate(codes))]
        name = f"fault-visit-on-another-plate-{number}"
        files.append(bench.chemistry("visit_on_another_plate", rows, run=name, started_at=started_at))
    why = "All first visits were measured in one run and all later ones in another."
    bench.expect("visit_on_another_plate", why, [("design.plate_and_visit", "warn", "analyte")], ingest=files)
