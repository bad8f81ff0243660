"""Findings on one of several curves of an analyte: they hold what was read from it, and no result of another curve."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.finding import Finding, Scope

if TYPE_CHECKING:
    import polars as pl

Place = tuple[str, str, str]
"""Plate, analyte and curve group."""


def of_own_results(findings: Sequence[Finding], wells: pl.DataFrame, results: pl.DataFrame) -> list[Finding]:
    """Say of the results that were read from a curve what is said of that curve.

    Parameters
    ----------
    findings : sequence of Finding
        What all rules say of one run; one on a curve beside others of its analyte names ``plate`` and ``curve``.
    wells : DataFrame
        Wells of the run (model Wells).
    results : DataFrame
        Results of the run (columns of JudgedResults).

    Returns
    -------
    list of Finding
        The findings in their order. One on a curve that some results, and no control, are read from stands in as many
        findings of those results. All others stay: what controls are read from vouches for every result of the
        analyte in the run, and where all results are read from one curve it is a matter of the analyte.
    """
    if not any(_is_of_curve(finding) for finding in findings):
        return list(findings)
    curve_of = {(row[0], row[1], row[2]): row[3] for row in _rows(wells, ("plate", "well", "analyte", "curve"))}
    with_controls = set(_rows(wells, ("plate", "analyte", "curve"), role="control"))
    ordinals: dict[Place, list[int]] = {}
    for ordinal, plate, analyte, names in results.select("ordinal", "plate", "analyte", "wells").iter_rows():
        curve = curve_of.get((plate, str(names).partition(",")[0], analyte), "")
        ordinals.setdefault((plate, analyte, curve), []).append(int(ordinal))
    n_by_analyte = dict(results.group_by("analyte").len().iter_rows())
    return [
        said
        for finding in findings
        for said in _of_results(finding, ordinals.get(_place(finding), []), with_controls, n_by_analyte)
    ]


def _of_results(
    finding: Finding, ordinals: Sequence[int], with_controls: Collection[tuple[str, ...]], n_by_analyte: dict[str, int]
) -> list[Finding]:
    is_alone = len(ordinals) in (0, n_by_analyte.get(str(finding.key.get("analyte", ""))))
    if not _is_of_curve(finding) or is_alone or _place(finding) in with_controls:
        return [finding]
    return [replace(finding, scope=Scope.RESULT, key={"result": ordinal, **finding.key}) for ordinal in ordinals]


def _is_of_curve(finding: Finding) -> bool:
    return finding.scope is Scope.ANALYTE and "curve" in finding.key


def _place(finding: Finding) -> Place:
    key = finding.key
    return str(key.get("plate", "")), str(key.get("analyte", "")), str(key.get("curve", ""))


def _rows(wells: pl.DataFrame, columns: Sequence[str], role: str = "") -> Iterable[tuple[str, ...]]:
    import polars as pl

    return (wells.filter(pl.col("role") == role) if role else wells).select(columns).iter_rows()
