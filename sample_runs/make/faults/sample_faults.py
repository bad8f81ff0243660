"""Faults of samples: how they were taken and kept, who they are, and runs that lack a part."""

from __future__ import annotations

from sample_runs.make.assays import assay
from sample_runs.make.chemistry import sample_row
from sample_runs.make.faults.bench import Bench, controls, run_name
from sample_runs.make.files import Row, write
from sample_runs.make.study import CHEMISTRY_PROFILE

_IRON = assay("serum", "iron")


def make_sample_faults(bench: Bench) -> None:
    """Write the faults of this module.

    Parameters
    ----------
    bench : Bench
        Where they are made.
    """
    _preanalytic(bench)
    _identity(bench)
    _disagreeing(bench)
    _summaries(bench)
    _profile(bench)


def _with_sample(bench: Bench, row: Row, matrix: str = "serum", analyte: str = "iron") -> list[Row]:
    entry = assay(matrix, analyte)
    good = {"iron": (2.0, 2.2), "ck": (120, 160)}[analyte] if (matrix, analyte) != ("serum", "iron") else (92, 105)
    return [*bench.good_rows(good, entry), row]


def _preanalytic(bench: Bench) -> None:
    row = sample_row("", _IRON, bench.sample(haemolysis_index=420), 121)
    file = bench.chemistry("haemolysis", _with_sample(bench, row))
    why = "The serum is haemolysed: iron leaks from the red cells."
    bench.expect("haemolysis", why, [("preanalytic.haemolysis", "reject", "result")], ingest=[file])
    row = sample_row("", assay("csf", "iron"), bench.sample("csf", rbc_per_ul=900), 3.4)
    file = bench.chemistry("csf_blood", _with_sample(bench, row, "csf"), matrix="csf")
    why = "The CSF holds 900 red cells per microlitre."
    bench.expect("csf_blood", why, [("preanalytic.csf_blood", "warn", "result")], ingest=[file])
    row = sample_row("", assay("serum", "ck"), bench.sample(freeze_thaw_cycles=6), 140)
    file = bench.chemistry("freeze_thaw", _with_sample(bench, row, analyte="ck"))
    why = "The sample was thawed six times; CK stands three."
    bench.expect("freeze_thaw", why, [("preanalytic.freeze_thaw", "warn", "result")], ingest=[file])


def _identity(bench: Bench) -> None:
    file = bench.chemistry("sample_unknown", _with_sample(bench, sample_row("", _IRON, "Q9Q9Q9", 101)))
    why = "The sample sheet knows no such sample."
    bench.expect("sample_unknown", why, [("identity.sample_known", "not_evaluable", "result")], ingest=[file])
    file = bench.chemistry("matrix_mismatch", _with_sample(bench, sample_row("", _IRON, bench.sample("csf"), 101)))
    why = "The run says serum, the sample sheet says CSF."
    bench.expect("matrix_mismatch", why, [("identity.matrix", "reject", "result")], ingest=[file])
    code = bench.sample()
    files = []
    for part, value in enumerate((98, 131), start=1):
        rows = _with_sample(bench, sample_row("", _IRON, code, value))
        started = f"2025-10-{5 + part:02d}T09:00:00"
        run = f"fault-duplicate-result-{part}"
        files.append(bench.chemistry("duplicate_result", rows, run=run, started_at=started))
    why = "Two runs hold a result of one sample and analyte: a person must choose."
    bench.expect("duplicate_result", why, [("identity.duplicate_result", "warn", "result")], ingest=files)


def _disagreeing(bench: Bench) -> None:
    tibc = assay("serum", "tibc")
    code = bench.sample()
    rows = [*bench.good_rows(), *controls(tibc), sample_row("", _IRON, code, 290), sample_row("", tibc, code, 260)]
    file = bench.chemistry("iron_above_tibc", rows)
    why = "One sample holds more iron than its transferrin can bind."
    bench.expect("iron_above_tibc", why, [("consistency.iron_tibc", "reject", "result")], ingest=[file])


def _summaries(bench: Bench) -> None:
    entries = [assay("serum", analyte) for analyte in ("iron", "tibc", "transferrin", "ck")]
    values = {"iron": 95, "tibc": 310, "transferrin": 236, "ck": 150}
    codes = [bench.sample() for _ in range(6)]
    rows = [row for entry in entries for row in controls(entry)]
    for entry in entries:
        sample_codes = codes if entry.analyte != "transferrin" else codes[:3]
        rows += [sample_row("", entry, code, values[entry.analyte] + place) for place, code in enumerate(sample_codes)]
    file = bench.chemistry("panel_incomplete", rows)
    why = "Transferrin of half of the samples is absent from the panel of the run."
    bench.expect("panel_incomplete", why, [("serum_run.has_results", "reject", "analyte")], ingest=[file])
    flagged = [(90 + place if place < 4 else None) for place in range(10)]
    file = bench.chemistry("share_without_value", bench.good_rows(flagged))
    why = "Six of ten results have no value: the batch as a whole is not believable."
    findings = [("range.value", "not_evaluable", "result"), ("serum_run.share_with_number", "reject", "analyte")]
    bench.expect("share_without_value", why, findings, ingest=[file])


def _profile(bench: Bench) -> None:
    kind = "profile_unknown"
    file = bench.chemistry(kind, bench.good_rows())
    sheet = bench.folder / kind / f"{run_name(kind)}.run.toml"
    write(sheet, sheet.read_text("utf-8").replace(CHEMISTRY_PROFILE, "no-such-profile"))
    why = "The run sheet names a profile that nobody wrote: nothing can be judged."
    bench.expect(kind, why, [("profile.known", "broken", "run")], ingest=[file])
