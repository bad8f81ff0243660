"""Faults of controls: beyond their limits, absent, without order."""

from __future__ import annotations

from sample_runs.make.assays import assay
from sample_runs.make.faults.bench import Bench, controls
from sample_runs.make.files import Row

_IRON = assay("serum", "iron")
_LATER = "2025-10-07T09:00:00"


def make_control_faults(bench: Bench) -> None:
    """Write the faults of this module.

    Parameters
    ----------
    bench : Bench
        Where they are made.
    """
    why = "One control lies beyond 2 SD: a warning that holds nothing back."
    _one_run(bench, "westgard_1_2s", ((0.2, 0.1), (2.4, 0.4)), ("westgard.1-2s", "warn", "control"), why)
    why = "One control lies beyond 3 SD."
    _one_run(bench, "westgard_1_3s", ((0.2, 0.1), (3.6, 0.4)), ("westgard.1-3s", "reject", "control"), why)
    why = "One level lies above 2 SD and the other below -2 SD, in one run."
    _one_run(bench, "westgard_r_4s", ((2.5,), (-2.4,)), ("westgard.R-4s", "reject", "analyte"), why)
    _two_runs(bench)
    _absent(bench)


def _samples(bench: Bench) -> list[Row]:
    return [row for row in bench.good_rows() if row["role"] == "sample"]


def _one_run(
    bench: Bench, kind: str, z_by_level: tuple[tuple[float, ...], ...], finding: tuple[str, str, str], why: str
) -> None:
    file = bench.chemistry(kind, [*controls(_IRON, *z_by_level), *_samples(bench)])
    bench.expect(kind, why, [finding], ingest=[file], waits=finding[1] != "warn")


def _two_runs(bench: Bench) -> None:
    kind = "westgard_2_2s"
    files = []
    for part, (z, started) in enumerate(((2.4, "2025-10-06T09:00:00"), (2.5, _LATER)), start=1):
        rows = [*controls(_IRON, (z,), (0.5,)), *_samples(bench)]
        files.append(bench.chemistry(kind, rows, run=f"fault-westgard-2-2s-{part}", started_at=started))
    why = "The low control lies above 2 SD in two runs in a row; the first run alone gives a warning."
    findings = [("westgard.1-2s", "warn", "control"), ("westgard.2-2s", "reject", "control")]
    bench.expect(kind, why, findings, ingest=files)


def _absent(bench: Bench) -> None:
    file = bench.chemistry("controls_missing", _samples(bench))
    why = "No control was measured: the run cannot be judged."
    bench.expect("controls_missing", why, [("controls.present", "not_evaluable", "analyte")], ingest=[file])
    rows = [{**row, "lot": "SYN-CS-9999"} if row["role"] == "control" else row for row in bench.good_rows()]
    file = bench.chemistry("controls_without_target", rows)
    why = "The control sheet knows no target of this lot."
    bench.expect("controls_without_target", why, [("controls.present", "not_evaluable", "analyte")], ingest=[file])
    rows = [{**row, "value": "NA"} if row["role"] == "control" else row for row in bench.good_rows()]
    file = bench.chemistry("controls_not_measured", rows)
    why = "The controls stand in the table without a value."
    bench.expect("controls_not_measured", why, [("controls.present", "not_evaluable", "analyte")], ingest=[file])
    rows = [*controls(_IRON, (0.4,), (0.6,)), *_samples(bench)]
    file = bench.chemistry("started_at_missing", rows, started_at="")
    why = "The run sheet tells no time: rules that look back cannot be judged."
    bench.expect("started_at_missing", why, [("westgard.2-2s", "not_evaluable", "analyte")], ingest=[file])
