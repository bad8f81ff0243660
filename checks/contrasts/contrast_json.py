"""One contrast as JSON; it names no subject."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from checks.arithmetic.refusal import Refusal

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


def plain_json(part: object) -> Any:  # Any: numbers, texts and mappings nest in it
    """Return a result of a calculation as JSON.

    Parameters
    ----------
    part : object
        Dataclass, number, Refusal or None.

    Returns
    -------
    Any
        Mapping, number or null; a refusal is ``{"error": sentence}`` wherever it nests.
    """
    if isinstance(part, Refusal):
        return part.as_json()
    if part is None or isinstance(part, bool | int | float | str):
        return part
    if isinstance(part, list | tuple):
        return [plain_json(inner) for inner in part]
    if isinstance(part, dict):
        return {key: plain_json(inner) for key, inner in part.items()}
    names = fields(part)  # type: ignore[arg-type]
    return {one.name: plain_json(getattr(part, one.name)) for one in names}


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
        "primary": plain_json(tested),
        "wilcoxon": ranked,
        "t": plain_json(contrast.t),
        "shapiro": plain_json(contrast.shape),
        "effect": _effect(contrast),
        "log_ratio": plain_json(contrast.ratio),
        "reach": plain_json(contrast.reach),
        "censored": _censored(contrast.censored),
        "sensitivity": contrast.sensitivity.as_json() if contrast.sensitivity else None,
        "reason": contrast.reason or None,
        "notes": list(contrast.notes),
    }


def _effect(contrast: Contrast) -> dict[str, Any] | None:
    if contrast.effect is None:
        return None
    told = {name: plain_json(getattr(contrast.effect, name)) for name in _EFFECTS}
    if contrast.rank_biserial_ci is not None:
        told["rank_biserial_ci"] = list(contrast.rank_biserial_ci)
    for name in ("d_z_ci", "g_z_ci", "d_av_ci"):
        told[name] = plain_json(
            contrast.scales if isinstance(contrast.scales, Refusal) else getattr(contrast.scales, name)
        )
    return told


def _censored(summary: CensoredSummary | None) -> dict[str, Any] | None:
    if summary is None:
        return None
    counts = {"n_pre_blq": summary.n_pre_blq, "n_post_blq": summary.n_post_blq, "n_both_blq": summary.n_both_blq}
    return counts | {name: plain_json(part) for name, part in summary.parts.items()}
