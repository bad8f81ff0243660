"""The contrasts as a table: for notebooks, and as a file for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checks.arithmetic.pairs.log_ratio import LogRatio
from checks.arithmetic.pairs.paired_t import PairedT
from checks.contrasts.contrast import Contrast
from checks.contrasts.planned_tests import PairedReport

if TYPE_CHECKING:
    import polars as pl


def contrast_frame(report: PairedReport) -> pl.DataFrame:
    """Return every contrast as one row, the secondary ones too.

    Parameters
    ----------
    report : PairedReport
        Outcome of the planned tests.

    Returns
    -------
    DataFrame
        One row a contrast: what was compared, p-values, estimate, effect sizes, sensitivity; null where there is no
        number. No subject is named.
    """
    import polars as pl

    rows = [_row(contrast, True) for contrast in report.contrasts]
    rows += [_row(contrast, False) for contrast in report.secondary]
    return pl.DataFrame(rows, infer_schema_length=None)


def sensitivity_frame(report: PairedReport) -> pl.DataFrame:
    """Return every analysis of every contrast as one row.

    Parameters
    ----------
    report : PairedReport
        Outcome of the planned tests.
    """
    import polars as pl

    names = (
        "analysis",
        "kind",
        "n_pairs",
        "p_value",
        "p_adjusted",
        "estimate",
        "ci_low",
        "ci_high",
        "holds",
        "changes",
    )
    rows = [
        {"analyte": contrast.analyte, "matrix": contrast.matrix, "arm": contrast.arm}
        | {name: getattr(variant, name) for name in names}
        | {"reason": variant.reason or None}
        for contrast in report.contrasts
        if contrast.sensitivity
        for variant in contrast.sensitivity.variants
    ]
    schema = {"p_value": pl.Float64, "p_adjusted": pl.Float64, "estimate": pl.Float64, "reason": pl.String}
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides=schema if rows else None)


def _row(contrast: Contrast, is_in_family: bool) -> dict[str, Any]:
    shift, effect, found = contrast.shift, contrast.effect, contrast.sensitivity
    t = contrast.t if isinstance(contrast.t, PairedT) else None
    ratio = contrast.ratio if isinstance(contrast.ratio, LogRatio) else None
    tipping = found.tipping if found else None
    return {
        "analyte": contrast.analyte,
        "matrix": contrast.matrix,
        "arm": contrast.arm,
        "baseline": contrast.baseline,
        "followup": contrast.followup,
        "in_family": is_in_family,
        "unit": contrast.unit,
        "n_subjects": contrast.n_subjects,
        "n_pairs": contrast.n_pairs,
        "n_censored": contrast.values.n_censored if contrast.values else None,
        "test": contrast.test,
        "p_value": contrast.p_value,
        "p_adjusted": contrast.p_adjusted,
        "p_holm": contrast.p_holm,
        "p_bh": contrast.p_bh,
        "holds": contrast.is_held if is_in_family and contrast.p_value is not None else None,
        "estimator": contrast.estimator,
        "scale": contrast.scale,
        "estimate": shift.estimate if shift else None,
        "ci_low": shift.ci_low if shift else None,
        "ci_high": shift.ci_high if shift else None,
        "conf_achieved": shift.conf_achieved if shift else None,
        "ratio": ratio.gmr if ratio else None,
        "ratio_ci95_low": ratio.gmr_ci95_lo if ratio else None,
        "ratio_ci95_high": ratio.gmr_ci95_hi if ratio else None,
        "t_p": t.p_two if t else None,
        "d_z": _number(effect.d_z if effect else None),
        "g_z": _number(effect.g_z if effect else None),
        "d_av": _number(effect.d_av if effect else None),
        "rank_biserial": _number(effect.rank_biserial if effect else None),
        "detectable": _number(contrast.reach.detectable if contrast.reach else None),
        "conclusion_changes": found.changes if found else None,
        "n_pairs_to_turn": tipping.n_pairs if tipping else None,
        "is_count_exact": tipping.is_exact if tipping else None,
        "overridden": contrast.overridden,
        "n_on_two_plates": contrast.n_on_two_plates,
        "reason": contrast.reason or None,
        "notes": " ".join(contrast.notes) or None,
    }


def _number(value: object) -> float | None:
    return value if isinstance(value, float) else None
