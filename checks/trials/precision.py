"""``qc try precision``: scatter of replicates, and variance components of nested designs, level by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from checks.trials.csv_table import CsvTable, read_csv_table
from checks.trials.plain_values import plain
from checks.trials.precision_design import Design, design_of
from checks.trials.precision_verdict import Claims, claims_of, verified
from schemas.errors import ReaderError

if TYPE_CHECKING:
    from checks.arithmetic.precision.nested_anova import NestedAnova

CLAIMS = ("claim_repeatability_cv", "claim_within_cv", "target")
"""Optional columns, each the same over a level: claimed CVs in percent, and the target of the mean."""
_FACTORS = ("site", "lot", "calibration", "day", "run")


def precision(text: str, claims: Claims | None = None) -> dict[str, Any]:
    """Return the precision of one file.

    Parameters
    ----------
    text : str
        CSV with the column ``value`` and, as far as the design has them, ``level`` (each is a table of its own),
        ``site``, ``lot``, ``calibration``, ``day`` and ``run`` (nested in this order), and ``group`` (replicates). An
        empty value is missing.
    claims : Claims, optional
        Claims for every level that has no columns of its own.

    Returns
    -------
    dict
        For a nested design ``mean``, ``n``, ``components``, ``ci95_total_vc``, ``ci95_error_vc``, ``reml_components``,
        repeatability and within-laboratory SD; for groups ``groups`` with their pooled numbers. ``levels`` lists each
        level; a file of one level has its numbers at the top as well.

    Raises
    ------
    ReaderError
        If the table cannot be read; all faults are named.
    """
    table = read_csv_table(text, ["value"])
    values = [table.number(place, "value") for place in range(len(table.rows))]
    columns = [name for name in (*_FACTORS, "group", "level") if _is_used(table, name)]
    labels = {name: [table.label(place, name) for place in range(len(values))] for name in columns}
    claimed = claims_of(table, CLAIMS, labels.get("level"), claims or Claims())
    table.refuse_faults("The table of results")
    if all(value is None for value in values):
        raise ReaderError("No result of the table was measured.")
    levels = list(dict.fromkeys(labels.get("level", [])))
    if not levels or (not any(name in labels for name in (*_FACTORS, "group")) and len(levels) > 1):
        return _or_refuse(_one(values, labels, claimed.get("", claims or Claims()), 1)) | {"levels": []}
    each = []
    for level in levels:
        own = [place for place, label in enumerate(labels["level"]) if label == level]
        within = {name: [cells[place] for place in own] for name, cells in labels.items() if name != "level"}
        each.append({"level": level, **_one([values[place] for place in own], within, claimed[level], len(levels))})
    top = {name: value for name, value in _or_refuse(each[0]).items() if name != "level"} if len(each) == 1 else {}
    return top | {"levels": each}


def _or_refuse(told: dict[str, Any]) -> dict[str, Any]:
    if "error" in told:
        raise ReaderError(told["error"])
    return told


def _is_used(table: CsvTable, name: str) -> bool:
    return name in table.columns and any(row.get(name) for row in table.rows)


def _one(
    values: Sequence[float | None], labels: Mapping[str, Sequence[str]], claims: Claims, n_levels: int
) -> dict[str, Any]:
    design = design_of(values, {name: labels[name] for name in _FACTORS if name in labels})
    told: dict[str, Any] = {"n": int(design.values.size), "n_missing": len(values) - int(design.values.size)}
    groups = labels.get("group") or labels.get("level")
    if design.factors:
        told |= _components(design, claims, n_levels)
    elif not groups and any(name in labels for name in _FACTORS):
        return told | {"error": " ".join(["No scatter can be split into components.", *design.notes])}
    if groups or not design.factors:
        told |= _groups(values, groups or ["" for _ in values])
    told["notes"] = list(design.notes)
    answer: dict[str, Any] = plain(told)
    return answer


def _groups(values: Sequence[float | None], groups: Sequence[str]) -> dict[str, Any]:
    import numpy as np

    from checks.arithmetic.precision.replicate_groups import pooled_scatter

    cells: dict[str, list[float]] = {}
    for value, group in zip(values, groups, strict=True):
        cells.setdefault(group, []).append(np.nan if value is None else value)
    found: dict[str, Any] = plain(pooled_scatter([np.array(own) for own in cells.values()]))
    named = zip(cells, found["groups"], strict=True)
    return found | {"groups": [{"group": name, **group} for name, group in named]}


def _components(design: Design, claims: Claims, n_levels: int) -> dict[str, Any]:
    from checks.arithmetic.precision.nested_anova import nested_anova
    from checks.arithmetic.precision.nested_reml import nested_reml
    from checks.arithmetic.refusal import Refusal

    found = nested_anova(design.values, design.factors)
    if isinstance(found, Refusal):
        return {"error": found.sentence}
    start = {part.name: part.vc for part in found.components[1:]}
    likely = nested_reml(design.values, design.factors, start)
    if not isinstance(likely, Refusal):
        rows = [{"name": name, "vc": vc, "sd": vc**0.5} for name, vc in likely.items()]
    return {
        "mean": found.mean,
        "components": list(found.components),
        "ci95_total_vc": _interval(found, 0),
        "ci95_error_vc": _interval(found, -1),
        "reml_components": likely if isinstance(likely, Refusal) else rows,
        **_read_out(found),
        **verified(found, design, claims, n_levels),
    }


def _interval(found: NestedAnova, place: int) -> Any:  # Any: two numbers or a refusal
    from checks.arithmetic.precision.nested_anova import chi_square_interval
    from checks.arithmetic.refusal import Refusal

    part = found.components[place]
    if part.vc == 0:
        return Refusal("The variance is 0, so it has no interval.")
    low, high = chi_square_interval(part.vc, part.df)
    return {"lo": low, "hi": high}


def _read_out(found: NestedAnova) -> dict[str, Any]:
    total, *parts = found.components
    site = sum(part.vc for part in parts if part.name == "site")
    repeatability, within = parts[-1].sd, (total.vc - site) ** 0.5
    names = {"repeatability": repeatability, "within_laboratory": within}
    if any(part.name == "site" for part in parts):
        names["reproducibility"] = total.sd
    told: dict[str, Any] = {f"{name}_sd": sd for name, sd in names.items()}
    if found.mean:
        told |= {f"{name}_cv_percent": 100 * sd / abs(found.mean) for name, sd in names.items()}
    return told
