"""Rule controls.present: an analyte without a measured control cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.control_sequences import analytes_of, control_key, control_name
from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("controls.present", scope=Scope.ANALYTE, limits=["min_levels"])
def present(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Hold every analyte of the run that has too few control levels with a result and a target.

    Parameters
    ----------
    run_input : RunInput
        ``controls`` is looked at: ``value``, ``target``, ``z_state``; ``results`` for the analytes of the run.
    limits : mapping of str to Limit
        ``min_levels``: fewest different controls (material, level, lot) with a result and a target, 1 or more.

    Returns
    -------
    list of Finding
        ``not_evaluable`` for each analyte with too few, and for each control whose SD is not above 0.

    Notes
    -----
    No control is never a pass. A control without a number, or without a target in the control sheet, does not count.

    References
    ----------
    .. [1] ICH M10 (2022), sections 3.3.2 and 4.3.2: quality control samples are part of every run.
    """
    fewest = limits["min_levels"]
    usable = run_input.controls.filter(pl.col("value").is_finite() & pl.col("target").is_finite())
    levels = usable.select("analyte", "material", "level", "lot").unique()["analyte"].to_list()
    few = [analyte for analyte in analytes_of(run_input) if levels.count(analyte) < fewest.value]
    bad = run_input.controls.filter(pl.col("z_state") == "bad_sd").unique(
        ["analyte", "material", "level", "lot"], maintain_order=True
    )
    return [_too_few(run_input, analyte, levels.count(analyte), fewest) for analyte in few] + [
        _bad_sd(row) for row in bad.iter_rows(named=True)
    ]


def _way_on(run_input: RunInput, analyte: str) -> str:
    """Say what the controls of an analyte lack that have no target, in words for whoever made the file."""
    own = run_input.controls.filter((pl.col("analyte") == analyte) & pl.col("target").is_null())
    silent = (
        own.filter((pl.col("level") == "") & (pl.col("lot") == ""))["material"].unique(maintain_order=True).to_list()
    )
    if silent:
        names = ", ".join(f"'{name}'" for name in silent)
        return (
            f"Control {names} has no level and no lot: name material, level and lot as the control sheet does, in "
            "columns of the plate map or table, or for its name under [controls] of the run sheet."
        )
    misses = own.filter(pl.col("basis").str.starts_with("in the control sheet"))["basis"].unique(maintain_order=True)
    if misses.len():
        return f"The controls are {misses[0]}: state the matrix in the file or the run sheet."
    return "Measure the controls, or add their targets to the control sheet."


def _lots_without_target(run_input: RunInput, analyte: str) -> str:
    own = run_input.controls.filter((pl.col("analyte") == analyte) & pl.col("target").is_null())
    names = sorted(f"{material} {lot}".strip() for material, lot in own.select("material", "lot").unique().iter_rows())
    return ", ".join(names)


def _too_few(run_input: RunInput, analyte: str, n_levels: int, fewest: Limit) -> Finding:
    found = f"{n_levels or 'no'} control level{'' if n_levels == 1 else 's'}"
    sentence = f"{analyte} has {found} with a result and a target in this run; at least {plain(fewest.value)} needed."
    return Finding(
        "controls.present",
        Verdict.NOT_EVALUABLE,
        Scope.ANALYTE,
        {"analyte": analyte, **({"lots": lots} if (lots := _lots_without_target(run_input, analyte)) else {})},
        sentence,
        observed=float(n_levels),
        unit="1",
        limits=(fewest,),
        suggestion=_way_on(run_input, analyte),
    )


def _bad_sd(row: Mapping[str, object]) -> Finding:
    sentence = f"The SD '{row['sd']}' of control {control_name(row)} of {row['analyte']} is not above 0."
    suggestion = "Mend the SD in the control sheet."
    return Finding(
        "controls.present", Verdict.NOT_EVALUABLE, Scope.CONTROL, control_key(row), sentence, suggestion=suggestion
    )
