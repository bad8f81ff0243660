"""The contrast table for a terminal: plain text, 80 columns."""

from __future__ import annotations

from collections.abc import Mapping

from checks.arithmetic.uncertainty.worlds import Worlds
from checks.contrast_words.numbers import analyte_names, contrast_name, contrast_words, matrix_text, p_text
from checks.contrasts.contrast import Contrast
from checks.contrasts.family import CORRECTION_WORDS
from checks.contrasts.measured_worlds import world_words
from checks.contrasts.planned_tests import HEADLINE_P, PairedReport

_COLUMNS = (("contrast", 21), ("n", 4), ("shift", 9), ("interval", 20), ("p", 9), ("adjusted", 8), ("", 3))
WIDTH = 80  # columns of a plain terminal


def contrast_table(report: PairedReport) -> str:
    """Write all contrasts as a table of at most 80 columns.

    Parameters
    ----------
    report : PairedReport
        Outcome of the planned tests.

    Returns
    -------
    str
        Table, reasons of what was not tested, and the size of the family; no line break at the end.
    """
    names = analyte_names([contrast.analyte for contrast in report.contrasts])
    head = _line([name for name, _ in _COLUMNS])
    rows = [line for contrast in report.contrasts for line in _rows(contrast, names[contrast.analyte])]
    reasons = [
        f"{contrast_name(contrast, names)} {matrix_text(contrast.matrix)} was not tested: {contrast.reason}"
        for contrast in report.contrasts
        if contrast.reason
    ]
    said = [*reasons, *_notes(report, names), *_foot(report)]
    return "\n".join([*_heading(report), head, "-" * len(head), *rows, "", *_folded(said)])


def _notes(report: PairedReport, names: Mapping[str, str]) -> list[str]:
    """Return what stands against the sizes of contrasts: each that has none, with the reason."""
    stands = [
        f"{contrast_name(contrast, names)} {matrix_text(contrast.matrix)}: {' '.join(contrast.notes)}"
        for contrast in report.contrasts
        if contrast.notes and contrast.shift is None and not contrast.reason
    ]
    return stands + [
        f"{contrast_name(contrast, names)} {matrix_text(contrast.matrix)}: {world_words(contrast.worlds)}"
        for contrast in report.contrasts
        if isinstance(contrast.worlds, Worlds) and contrast.shift is not None
    ]


def _heading(report: PairedReport) -> list[str]:
    if not report.contrasts:
        return [f"Release {report.release}: the plan names no contrast."]
    first = report.contrasts[0]
    visits = f"visit {first.followup} minus visit {first.baseline}"
    return [f"Release {report.release} ({report.release_sha256[:12]}), plan {report.plan_sha256[:12]}: {visits}", ""]


def _rows(contrast: Contrast, name: str) -> list[str]:
    label = f"{name} {matrix_text(contrast.matrix)}"
    if not contrast.arm:
        return [_row(contrast, label)]
    # The name of an endpoint stands above its arms.
    return [*([label] if contrast.between_arms or " - " in contrast.arm else []), _row(contrast, f"  {contrast.arm}")]


def _row(contrast: Contrast, label: str) -> str:
    words = contrast_words(contrast)
    cells = [label, str(contrast.n_pairs), words.estimate, words.interval, p_text(contrast.p_value)]
    return _line([*cells, p_text(contrast.p_adjusted), "*" if contrast.is_held else ""])


def _line(cells: list[str]) -> str:
    parts = []
    for place, (cell, (_, width)) in enumerate(zip(cells, _COLUMNS, strict=True)):
        parts.append(f"{cell[:width]:<{width}}" if place == 0 else f"{cell:>{width}}")
    return " ".join(parts).rstrip()


def _foot(report: PairedReport) -> list[str]:
    return [
        f"* holds after {CORRECTION_WORDS[report.correction]} at {report.alpha:g} over {report.n_tested} tested "
        f"contrasts. Below the limit: {report.policy}.",
        f"Were nothing changed, at least one p below {HEADLINE_P:g} would turn up in about "
        f"{100 * report.chance_of_headline:.0f} % of such families.",
        *report.notes,
    ]


def _folded(sentences: list[str]) -> list[str]:
    from textwrap import wrap

    return [line for sentence in sentences for line in wrap(sentence, WIDTH)]
