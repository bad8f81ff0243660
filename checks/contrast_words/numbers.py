"""Numbers and names as a reader of a journal expects them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

import numpy as np

from checks.arithmetic.censoring.censored_pairs import CensoredValues, measured
from checks.contrasts.contrast import Contrast
from checks.contrasts.policy import TestedValues

MATRIX_WORDS = {"serum": "serum", "csf": "CSF"}
MINUS = "\u2212"


def p_text(p: float | None) -> str:
    """Write a p-value with two significant digits below 0.1 and two decimals above.

    Parameters
    ----------
    p : float or None
        p-value, 0 to 1; None was not tested.

    Returns
    -------
    str
        ``0.00061``, ``0.49``, ``<0.00001``; a dash for None.

    Examples
    --------
    >>> p_text(0.0006103515625), p_text(0.97796630859375), p_text(3e-9)
    ('0.00061', '0.98', '<0.00001')
    """
    if p is None:
        return "–"
    if p < 0.00001:
        return "<0.00001"
    if p >= 0.0995:
        return f"{p:.2f}"
    return f"{p:.{1 - floor(log10(p))}f}"


def number_text(value: float | None, decimals: int | None) -> str:
    """Write a number with so many decimals and a true minus sign.

    Parameters
    ----------
    value : float or None
        The number; None if there is none.
    decimals : int or None
        Decimals; None gives four significant digits.

    Returns
    -------
    str
        ``−2.28``; a dash for None.
    """
    if value is None:
        return "–"
    text = f"{value:.4g}" if decimals is None else f"{value:.{max(decimals, 0)}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", MINUS)


@dataclass(frozen=True, slots=True)
class ContrastWords:
    """One contrast in the words of a table."""

    median_before: str
    """Median at the baseline; ``<1.0`` where it lies at the limit that values were re-censored at."""
    median_after: str
    """Median at the follow-up, likewise."""
    estimate: str
    """Shift."""
    interval: str
    """Its interval: ``−3.61 to −1.02``."""


def contrast_words(contrast: Contrast) -> ContrastWords:
    """Put the numbers of one contrast into words, at the resolution that was reported.

    Parameters
    ----------
    contrast : Contrast
        Contrast, tested or not.

    Returns
    -------
    ContrastWords
        Dashes where there is no number.
    """
    values, shift = contrast.values, contrast.shift
    if values is None:
        return ContrastWords("–", "–", "–", "–")
    decimals = values.decimals
    fine = None if decimals is None else decimals + 1
    if contrast.scale == "log":
        fine = 2
    return ContrastWords(
        median_before="–" if contrast.between_arms else _median_text(_visit(values, 0), decimals),
        median_after="–" if contrast.between_arms else _median_text(_visit(values, 1), decimals),
        estimate=number_text(shift.estimate if shift else None, fine),
        interval=f"{number_text(shift.ci_low, fine)} to {number_text(shift.ci_high, fine)}" if shift else "–",
    )


def contrast_name(contrast: Contrast, names: Mapping[str, str]) -> str:
    """Return the name of a contrast without its matrix.

    Parameters
    ----------
    contrast : Contrast
        Contrast.
    names : mapping of str to str
        Name by id of the analyte.

    Returns
    -------
    str
        ``TNF-alpha``, or with arms ``TNF-alpha, placebo`` and ``TNF-alpha, treated - placebo``.
    """
    name = names[contrast.analyte]
    return f"{name}, {contrast.arm}" if contrast.arm else name


def matrix_text(matrix: str) -> str:
    """Return the word for a matrix in running text.

    Parameters
    ----------
    matrix : str
        ``serum``, ``csf`` or a matrix of a lab.

    Returns
    -------
    str
        ``CSF`` for ``csf``; an unknown id as it is.
    """
    return MATRIX_WORDS.get(matrix, matrix)


def analyte_names(analytes: Sequence[str]) -> dict[str, str]:
    """Return the names of analytes from the shipped catalogue.

    Parameters
    ----------
    analytes : sequence of str
        Ids of analytes.

    Returns
    -------
    dict of str to str
        Name by id; an analyte that only the lab knows keeps its id.
    """
    from schemas.catalogue import shipped_catalogue

    known = shipped_catalogue().analytes
    return {analyte: known[analyte].name if analyte in known else analyte for analyte in analytes}


def _median_text(visit: CensoredValues, decimals: int | None) -> str:
    # The median is known where it is the same whatever lies behind the bounds.
    lowest = float(np.median(np.where(visit.is_below, -np.inf, visit.number)))
    highest = float(np.median(np.where(visit.is_above, np.inf, visit.number)))
    if lowest == highest:
        return number_text(highest, decimals)
    if np.isfinite(highest) and np.isfinite(lowest):
        return f"{number_text(lowest, decimals)} to {number_text(highest, decimals)}"
    if not np.isfinite(highest) and not np.isfinite(lowest):
        return "not known"
    return f"<{number_text(highest, decimals)}" if np.isfinite(highest) else f">{number_text(lowest, decimals)}"


def _visit(values: TestedValues, place: int) -> CensoredValues:
    return measured((values.before, values.after)[place]) if values.is_invented else values.reported[place]
