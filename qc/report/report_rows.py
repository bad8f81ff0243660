"""The rows of the report's tables, in words: one source for the page, the printed report and the table as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checks.arithmetic.pairs.paired_t import PairedT
from checks.arithmetic.refusal import Refusal
from checks.arithmetic.visits.friedman import Friedman
from checks.arithmetic.visits.page_trend import PageTrend
from checks.arithmetic.visits.visit_model import VisitModel
from checks.contrast_words.numbers import contrast_words, matrix_text, number_text, p_text
from checks.contrasts.contrast import Contrast
from checks.contrasts.outcome import TEST_WORDS
from checks.contrasts.planned_tests import PairedReport
from checks.contrasts.visits import SeveralVisits
from qc.report.forest import ratio_of

MARKS = {"prentice_wilcoxon": "w", "sign_test": "s"}
"""Marks of tests that the ladder chose in place of the plan's."""


def contrast_row(contrast: Contrast, name: str) -> dict[str, Any]:
    """Put one contrast into the words of a journal's table.

    Parameters
    ----------
    contrast : Contrast
        Contrast, tested or not.

    Returns
    -------
    dict of str to Any
        Texts and counts for a template; Any: nested texts.
    """
    decimals = None if contrast.values is None or contrast.values.decimals is None else contrast.values.decimals + 1
    effect = contrast.effect.rank_biserial if contrast.effect else None
    shift = contrast.shift
    is_ratio = contrast.scale == "log"
    return {
        "name": name,
        "matrix": matrix_text(contrast.matrix),
        "unit": contrast.unit,
        "n": contrast.n_pairs,
        "words": contrast_words(contrast),
        "test": TEST_WORDS[contrast.test],
        "mark": MARKS.get(contrast.test, ""),
        "p": p_text(contrast.p_value),
        "adjusted": p_text(contrast.p_adjusted),
        "holm": p_text(contrast.p_holm),
        "bh": p_text(contrast.p_bh),
        "t_p": p_text(contrast.t.p_two) if isinstance(contrast.t, PairedT) else "–",
        "effect": _with_interval(effect, contrast.rank_biserial_ci),
        "ratio": ratio_text(contrast),
        "is_held": contrast.is_held,
        "is_fall": shift is not None and shift.direction < 0,
        "verb": _verb(contrast),
        "size": _size(contrast, decimals, is_ratio),
        "level": f"{shift.level_percent:g} %" if shift else "–",
        "n_censored": contrast.values.n_censored if contrast.values else 0,
        "overridden": contrast.overridden,
        "reason": contrast.reason,
        "notes": contrast.notes,
        "losses": contrast.losses,
    }


def _verb(contrast: Contrast) -> str:
    is_fall = contrast.shift is not None and contrast.shift.direction < 0
    if contrast.between_arms is not None:
        return "changed downwards" if is_fall else "changed upwards"
    return "fell" if is_fall else "rose"


def ratio_text(contrast: Contrast) -> str:
    """Return the change of a contrast as a ratio, in words.

    Returns
    -------
    str
        ``0.62 (0.50–0.75)``, with ``m`` where a model of censored values gave it; a dash for none.
    """
    ratio, is_model = ratio_of(contrast)
    if ratio is None:
        return "–"
    return f"{ratio[0]:.2f} ({ratio[1]:.2f}–{ratio[2]:.2f})" + (" m" if is_model else "")


def sensitivity_row(contrast: Contrast, name: str) -> dict[str, Any]:
    """Put the other choices of one contrast into words.

    Returns
    -------
    dict of str to Any
        Texts for a template, with one entry for each analysis; Any: nested texts.
    """
    found = contrast.sensitivity
    changing = [variant.analysis for variant in found.variants if variant.changes] if found else []
    reach = contrast.reach
    equivalence = None if reach is None or isinstance(reach.equivalence, Refusal) else reach.equivalence.p_tost
    decimals = None if contrast.values is None or contrast.values.decimals is None else contrast.values.decimals + 1
    return {
        "name": name,
        "matrix": matrix_text(contrast.matrix),
        "is_held": contrast.is_held,
        "is_tested": found is not None,
        "holds": "holds" if contrast.is_held else "does not hold",
        "changing": changing,
        "n_analyses": len(found.variants) if found else 0,
        "tipping": found.tipping.words if found and found.tipping else "–",
        "tost": p_text(equivalence),
        "detectable": _detectable(contrast, decimals),
        "smallest": p_text(reach.smallest_p) if reach else "–",
        "variants": [_variant(variant) for variant in found.variants] if found else [],
    }


def visits_row(report: PairedReport, several: SeveralVisits, name: str) -> dict[str, Any]:
    """Put the tests over all visits of one endpoint into words.

    Parameters
    ----------
    several : SeveralVisits
        Tests of one endpoint, in one arm.

    Returns
    -------
    dict of str to Any
        Texts for a template; Any: nested texts.
    """
    key = (several.analyte, several.matrix, several.arm)
    others = [one for one in report.secondary if (one.analyte, one.matrix, one.arm) == key]
    exact = several.friedman_exact_p if isinstance(several.friedman_exact_p, float) else None
    rough = several.friedman.p if isinstance(several.friedman, Friedman) else None
    page = several.page if isinstance(several.page, PageTrend) else None
    fall, rise = (page.p_decreasing, page.p_increasing) if page else (None, None)
    model = several.model if isinstance(several.model, VisitModel) else None
    return {
        "name": f"{name}, {several.arm}" if several.arm else name,
        "matrix": matrix_text(several.matrix),
        "n_complete": several.n_complete,
        "friedman": p_text(exact) if exact is not None else p_text(rough),
        "is_exact": exact is not None,
        "fall": p_text(fall if isinstance(fall, float) else None),
        "rise": p_text(rise if isinstance(rise, float) else None),
        "model": p_text(model.F_p) if model else "–",
        "is_singular": bool(model and model.singular),
        "contrasts": [_other(contrast) for contrast in others],
    }


def names_of(report: PairedReport) -> dict[str, str]:
    """Return the names of the analytes of a report.

    Returns
    -------
    dict of str to str
        Name by id.
    """
    from checks.contrast_words.numbers import analyte_names

    return analyte_names([contrast.analyte for contrast in report.contrasts])


def _other(contrast: Contrast) -> dict[str, str]:
    words = contrast_words(contrast)
    return {
        "visit": contrast.followup,
        "shift": words.estimate,
        "interval": words.interval,
        "p": p_text(contrast.p_value),
    }


def _variant(variant: Any) -> dict[str, Any]:  # Any: a Variant, and texts
    interval = "–"
    if variant.ci_low is not None:
        interval = f"{number_text(variant.ci_low, None)} to {number_text(variant.ci_high, None)}"
    return {
        "analysis": variant.analysis,
        "n": variant.n_pairs,
        "p": p_text(variant.p_value),
        "adjusted": p_text(variant.p_adjusted),
        "estimate": number_text(variant.estimate, None),
        "interval": interval,
        "changes": variant.changes,
        "reason": variant.reason,
    }


def _size(contrast: Contrast, decimals: int | None, is_ratio: bool) -> str:
    if contrast.shift is None:
        return "–"
    if is_ratio:
        return f"a factor of {contrast.shift.estimate:.2f}"
    return f"{number_text(abs(contrast.shift.estimate), decimals)} {contrast.unit}"


def _with_interval(value: object, interval: tuple[float, float] | None) -> tuple[str, str]:
    if not isinstance(value, float):
        return "–", ""
    if interval is None:
        return number_text(value, 2), ""
    return number_text(value, 2), f"({number_text(interval[0], 2)} to {number_text(interval[1], 2)})"


def _detectable(contrast: Contrast, decimals: int | None) -> str:
    found = contrast.reach.detectable if contrast.reach else None
    if not isinstance(found, float):
        return "–"
    if contrast.scale == "log":
        from math import exp

        return f"factor {exp(found):.2f}"
    return f"{number_text(found, decimals)} {contrast.unit}"


def grouped(rows: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Group rows by matrix, in the order in which the matrices come.

    Parameters
    ----------
    rows : sequence of dict
        Rows with a ``matrix``.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(str(row["matrix"]), []).append(row)
    return [(matrix[:1].upper() + matrix[1:], group) for matrix, group in groups.items()]
