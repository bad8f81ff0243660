"""One contrast as JSON; it names no subject."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from checks.arithmetic.refusal import Refusal
from schemas.json_model import json_value

if TYPE_CHECKING:
    from checks.arithmetic.censoring.censored_summary import CensoredSummary
    from checks.contrasts.contrast import Contrast

_PLAIN = (
    "analyte",
    "matrix",
    "unit",
    "n_subjects",
    "n_pairs",
    "test",
    "scale",
    "p_value",
    "p_adjusted",
    "p_holm",
    "p_bh",
    "estimator",
    "n_on_two_plates",
    "overridden",
)
_EFFECTS = ("d_z", "g_z", "d_av", "g_av", "rank_biserial")


def contrast_json(contrast: Contrast) -> dict[str, Any]:
    """Return a contrast as a mapping of JSON values.

    Parameters
    ----------
    contrast : Contrast
        Contrast, tested or not.

    Returns
    -------
    dict of str to Any
        One entry of ``contrasts``; Any: numbers, texts and mappings nest in it.
    """
    visits = {"baseline": visit_json(contrast.baseline), "followup": visit_json(contrast.followup)}
    plain = {name: getattr(contrast, name) for name in _PLAIN}
    return visits | plain | _shift(contrast) | _counts(contrast) | _parts(contrast)


def visit_json(visit: str) -> int | str:
    """Return a visit as a number where it is one.

    Parameters
    ----------
    visit : str
        Visit as released.

    Returns
    -------
    int or str
        Visit.
    """
    return int(visit) if visit.lstrip("-").isdecimal() else visit


def _shift(contrast: Contrast) -> dict[str, Any]:
    names = ("estimate", "ci_low", "ci_high", "conf_achieved")
    return {name: getattr(contrast.shift, name, None) for name in names} | {"is_held": contrast.is_held}


def _counts(contrast: Contrast) -> dict[str, Any]:
    values = contrast.values
    return {
        "n_missing": contrast.n_subjects - contrast.n_pairs,
        "n_zero": int((values.differences == 0).sum()) if values else None,
        "n_censored": values.n_censored if values else None,
        "n_lost": {loss.reason: loss.n_subjects for loss in contrast.losses},
        "plates_confounded_with_visits": contrast.is_confounded,
        "n_across_bridged": contrast.n_across,
        "decimals": values.decimals if values else None,
        "recensored_at": values.lower_limit if values else None,
    }


def _parts(contrast: Contrast) -> dict[str, Any]:
    tested = contrast.outcome.tested if contrast.outcome else None
    ranked = None if contrast.ranked is None else asdict(contrast.ranked) | {"method": "exact"}
    return {
        "primary": json_value(tested),
        "wilcoxon": ranked,
        "t": json_value(contrast.t),
        "shapiro": json_value(contrast.shape),
        "effect": _effect(contrast),
        "log_ratio": json_value(contrast.ratio),
        "reach": json_value(contrast.reach),
        "censored": _censored(contrast.censored),
        "sensitivity": contrast.sensitivity.as_json() if contrast.sensitivity else None,
        "reason": contrast.reason or None,
        "notes": list(contrast.notes),
    }


def _effect(contrast: Contrast) -> dict[str, Any] | None:
    if contrast.effect is None:
        return None
    told = {name: json_value(getattr(contrast.effect, name)) for name in _EFFECTS}
    if contrast.rank_biserial_ci is not None:
        told["rank_biserial_ci"] = list(contrast.rank_biserial_ci)
    for name in ("d_z_ci", "g_z_ci", "d_av_ci"):
        told[name] = json_value(
            contrast.scales if isinstance(contrast.scales, Refusal) else getattr(contrast.scales, name)
        )
    return told


def _censored(summary: CensoredSummary | None) -> dict[str, Any] | None:
    if summary is None:
        return None
    return summary.as_json()
