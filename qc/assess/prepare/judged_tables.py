"""The frames that rules look at: judged results and control results of one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from checks.catalogue_limits import LIMITS, Resolver
from checks.lot_targets import Lots, lot_targets
from checks.readings import KEYS
from qc.assess.prepare.control_matrix import with_sheet_matrix
from qc.assess.prepare.detection_states import with_detection
from qc.assess.prepare.diluted_limits import fold_of_dilution
from qc.assess.prepare.stacked_frames import OF_RUN, parted, stacked, with_runs

if TYPE_CHECKING:
    import polars as pl

    from checks.arithmetic.charts.control_target import EstablishmentPolicy
    from checks.short_lots import ShortLots
    from qc.assess.prepare.stored_run import LoadedRun

_LOT = ("target_from", "active_from", "expires_on", "follows", "guide_runs")
"""Columns of the control sheet that say how long a lot lives and where its target comes from."""


def judged_results(runs: Sequence[LoadedRun], measured: pl.DataFrame, resolver: Resolver) -> list[pl.DataFrame]:
    """Return the sample results of runs with sample sheet, canonical units and limits.

    Parameters
    ----------
    measured : DataFrame
        Rows of all of them in the unit as written (see ``qc.assess.prepare.measured_rows``).

    Returns
    -------
    list of DataFrame
        For each run columns of ``JUDGED_RESULTS``; ``ordinal`` counts from 1 in the order of the file.
    """
    import polars as pl

    from schemas.tables.samples import seen_by_rules

    rows = measured.filter(pl.col("role") == "sample").rename({"name": "sample"})
    rows = rows.join(_sheet(runs), on=[OF_RUN, "sample"], how="left", maintain_order="left")
    rows = rows.with_columns(
        pl.col("sample_known").fill_null(value=False),
        pl.col("subject_known").fill_null(value=True),
        pl.col("sex").fill_null(""),
        *(pl.col(name).fill_null("") for name, dtype in seen_by_rules().items() if dtype == pl.String),
        pl.col("sample_matrix").fill_null(""),
        pl.when(pl.col("matrix") == "")
        .then(pl.col("sample_matrix"))
        .otherwise(pl.col("matrix"))
        .fill_null("")
        .alias("matrix"),
    )
    found = resolver.resolve(rows).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(OF_RUN).alias("ordinal"),
        pl.col("number").alias("value"),
        *_bounded(),
        pl.coalesce("lloq", "table_lloq").alias("lloq"),
        pl.coalesce("uloq", "table_uloq").alias("uloq"),
    )
    return parted(with_detection(found).select(OF_RUN, *_columns()), len(runs))


def _bounded() -> tuple[pl.Expr, pl.Expr]:
    """Give a word such as ``OOR <`` the bound of its row or its method; without one it stays without, and says so."""
    import polars as pl

    is_low, is_high = (pl.col("value_state") == f"oor_{side}" for side in ("low", "high"))
    fold = fold_of_dilution()
    low, high = (pl.coalesce(name, pl.col(f"table_{name}") * fold) for name in ("lloq", "uloq"))
    limit = pl.when(is_low).then(low).when(is_high).then(high).otherwise(pl.col("limit"))
    below = pl.when(is_low & low.is_not_null()).then(pl.lit("below"))
    state = below.when(is_high & high.is_not_null()).then(pl.lit("above")).otherwise(pl.col("value_state"))
    return limit.alias("censor_limit"), state.alias("value_state")


def _columns() -> list[str]:
    from schemas.tables.samples import seen_by_rules

    own = ["ordinal", "sample", "analyte", "matrix", "method", "text", "unit_text", "value", "unit", "censor"]
    own += [
        "censor_limit",
        "flag",
        "value_state",
        "unit_state",
        "unit_sentence",
        "dilution",
        "n_replicates",
        "cv_percent",
    ]
    own += [
        "plate",
        "wells",
        "line",
        "sample_known",
        "subject_known",
        "sample_matrix",
        *seen_by_rules(),
        "sex",
        "age_years",
    ]
    own += ["applicable", "applicable_sentence", "lloq", "uloq", "decimals", "detection"]
    own += ["freezing_hours", "stored_days", "refused_tubes", "refused_tubes_source"]
    own += ["unit_factor", "molar_unit", "molar_factor"]
    return own + [f"{name}{end}" for name in LIMITS for end in ("", "_unit", "_source", "_status", "_key")]


def _sheet(runs: Sequence[LoadedRun]) -> pl.DataFrame:
    import polars as pl

    from schemas.tables.samples import seen_by_rules

    started = pl.col("run_started_at")
    when = pl.col("collected_at").dt.year().fill_null(started.dt.year())
    return with_runs(stacked(run.samples for run in runs), runs).select(
        OF_RUN,
        "sample",
        pl.col("matrix").alias("sample_matrix"),
        *(pl.col(name).cast(dtype) for name, dtype in seen_by_rules().items()),
        ((pl.col("frozen_at") - pl.col("collected_at")).dt.total_minutes() / 60).alias("freezing_hours"),
        ((started - pl.coalesce("frozen_at", "collected_at")).dt.total_minutes() / 1440).alias("stored_days"),
        "sex",
        "subject_known",
        (when - pl.col("birth_year")).cast(pl.Float64).alias("age_years"),
        pl.lit(value=True).alias("sample_known"),
    )


def resolved_controls(runs: Sequence[LoadedRun], measured: pl.DataFrame, resolver: Resolver) -> list[pl.DataFrame]:
    """Return the measured control rows of runs in canonical units.

    Parameters
    ----------
    measured : DataFrame
        Rows of all of them in the unit as written.

    Returns
    -------
    list of DataFrame
        Rows of each run, in the order in which they were measured.
    """
    import polars as pl

    rows = with_sheet_matrix(measured.filter(pl.col("role") == "control"), runs, resolver.catalogue)
    rows = rows.with_columns(pl.lit("").alias("sex"), pl.lit(None, pl.Float64).alias("age_years"))
    found = resolver.resolve(rows, keeps_unknown=True)
    return parted(found.select(OF_RUN, "analyte", "matrix", "material", "level", "lot", "number", "unit"), len(runs))


def sheet_targets(runs: Sequence[LoadedRun], resolver: Resolver) -> list[pl.DataFrame]:
    """Return the control-sheet rows of runs with target and SD in canonical units."""
    import polars as pl

    sheets = stacked(run.controls for run in runs)
    blank = [pl.lit(None, pl.Float64).alias(name) for name in ("limit", "lloq", "uloq", "age_years")]
    rows = sheets.rename({"unit": "unit_text"}).with_columns(
        *blank, *(pl.lit("").alias(name) for name in ("method", "reagent_lot", "sex"))
    )
    targets = resolver.resolve(rows.with_columns(pl.col("target").alias("number")), keeps_unknown=True)
    sds = resolver.resolve(rows.with_columns(pl.col("sd").alias("number")), keeps_unknown=True)
    found = targets.drop("target", "sd").with_columns(targets["number"].alias("target"), sds["number"].alias("sd"))
    return parted(found.select(OF_RUN, *KEYS, "target", "sd", *_LOT), len(runs))


def control_results(
    loaded: LoadedRun,
    controls: pl.DataFrame,
    sheet: pl.DataFrame,
    *,
    history: pl.DataFrame,
    policy: EstablishmentPolicy | None,
    excluded_controls: Mapping[tuple[int, int], str],
    short: ShortLots | None = None,
) -> pl.DataFrame:
    """Return the control results of a run with target, SD and z.

    Parameters
    ----------
    controls : DataFrame
        Its measured control rows (see :func:`resolved_controls`).
    sheet : DataFrame
        Targets of its lots (see :func:`sheet_targets`).
    history : DataFrame
        Control results of earlier runs, oldest first: what the target of a lot without a fixed one rests on.
    policy : EstablishmentPolicy or None
        How many of them it needs; None if the profile does not say.
    excluded_controls : mapping of (int, int) to str
        Why a control result of the history counts towards no target, by run id and position.
    short : ShortLots, optional
        What targets of lots rest on that are pooled or have a guide set; None where no lot is, or the profile says
        nothing of them.

    Returns
    -------
    DataFrame
        Columns of ``CONTROL_RESULTS``; z is null where nothing was measured, the lot is not in use, or it has no target
        or no SD above 0 yet, and ``z_state`` says which.
    """
    import polars as pl

    targets = lot_targets(
        Lots(
            sheet=sheet,
            history=history,
            policy=policy,
            now=loaded.run.started_at,
            excluded_controls=excluded_controls,
            short=short,
        )
    )
    found = controls.join(targets, on=list(KEYS), how="left", maintain_order="left")
    is_bad = pl.col("sd").is_null() | ~(pl.col("sd") > 0)
    is_closed, has_no_target = pl.col("lot_state") != "ok", pl.col("target").is_null()
    lacks_target = pl.when(is_closed).then(pl.col("lot_state")).when(has_no_target).then(pl.lit("no_target"))
    no_aim = lacks_target.when(is_bad).then(pl.lit("bad_sd"))
    state = no_aim.when(pl.col("number").is_null()).then(pl.lit("not_measured")).otherwise(pl.lit("ok"))
    found = found.with_columns(state.alias("z_state"))
    z = pl.when(pl.col("z_state") == "ok").then(_distance())
    return found.select(
        pl.lit(loaded.run_id, pl.Int64).alias("run_id"),
        pl.lit(loaded.run.run).alias("run"),
        pl.lit(loaded.run.started_at, pl.Datetime("us")).alias("started_at"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("position"),
        *("analyte", "matrix", "material", "level", "lot"),
        pl.col("number").alias("value"),
        "unit",
        "target",
        "sd",
        z.alias("z"),
        "z_state",
        pl.lit(loaded.run.reagent_lot).alias("reagent_lot"),
        pl.col("target_kind").fill_null(""),
        pl.col("basis").fill_null(_not_in_sheet(sheet)),
    )


def _distance() -> pl.Expr:
    import polars as pl

    number, target, sd = pl.col("number"), pl.col("target"), pl.col("sd")
    # Lots are pooled as ratios to their means: on that scale the widened SD keeps its rate of false alarms.
    is_ratio = (pl.col("target_kind") == "pooled") & (number > 0)
    return pl.when(is_ratio).then((number / target).log() * target / sd).otherwise((number - target) / sd)


def _not_in_sheet(sheet: pl.DataFrame) -> pl.Expr:
    """Say of a control that the sheet has no line for what differs from the lines that it has."""
    import polars as pl

    lines = sheet.group_by("material", "level", "lot", "analyte").agg(pl.col("matrix").unique().sort())
    matrices = {tuple(row[:4]): ", ".join(row[4]) for row in lines.iter_rows()}
    key = pl.struct("material", "level", "lot", "analyte")
    others = key.map_elements(lambda one: matrices.get(tuple(one.values()), ""), return_dtype=pl.String)
    stated = pl.when(pl.col("matrix") == "").then(pl.lit("no matrix")).otherwise(pl.col("matrix"))
    is_silent = (pl.col("level") == "") & (pl.col("lot") == "")
    return (
        pl.when(others != "")
        .then(pl.format("in the control sheet for {}; the run states {}", others, stated))
        .when(is_silent)
        .then(pl.lit("not in the control sheet: the file names neither level nor lot of this control"))
        .otherwise(pl.lit("not in the control sheet"))
    )
