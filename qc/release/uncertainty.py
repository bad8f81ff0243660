"""Uncertainty of measurement: a budget for each analyte, matrix and platform, and a number beside each result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isinf, log
from typing import TYPE_CHECKING, Any  # Any: JSON values, rows

from checks.arithmetic.refusal import Refusal
from checks.arithmetic.uncertainty.budget import COVERAGE_FACTOR, Component, combined, rms_bias
from checks.arithmetic.uncertainty.pooled_precision import PooledPrecision, pooled_precision, stated_precision
from qc.assess.controls.excluded_controls import MEASUREMENT_RULES

if TYPE_CHECKING:
    import polars as pl

    from qc.store.connection import Connection
    from schemas.catalogue import Catalogue
    from schemas.finding import Limit

Key = tuple[str, str, str]  # analyte, matrix, platform
COLUMNS = ("u_alone", "u")
"""Columns of a release: what a result is uncertain by on its own, and with what all results share."""
_ASSIGNED = ("fixed", "manufacturer")
# Controls of runs that failed by a rule of measurement say how the method is not meant to scatter.
_CONTROLS = f"""
    SELECT c.analyte, c.matrix, r.platform, c.material || ' ' || c.level AS level, c.lot, c.run_id, c.value, c.target,
        c.sd, c.target_kind
    FROM control_results c JOIN run_states s USING (run_id, assessment_id) JOIN runs r USING (run_id)
    WHERE NOT s.is_superseded AND c.value IS NOT NULL AND isfinite(c.value) AND NOT EXISTS (
        SELECT 1 FROM findings f WHERE f.assessment_id = c.assessment_id AND f.verdict IN ('reject', 'broken')
            AND f.analyte IN ('', c.analyte) AND f.result_id IS NULL AND ({MEASUREMENT_RULES}))
    ORDER BY ALL
"""  # noqa: S608 - names of rules of ours


@dataclass(frozen=True, slots=True)
class Budget:
    """What results of one analyte in one matrix on one platform are uncertain by."""

    key: Key
    """Analyte, matrix and platform."""
    levels: Mapping[str, PooledPrecision]
    """Precision within the laboratory by control level."""
    shared: tuple[Component, ...]
    """What all results share: bias of the method, its reference and its calibrator."""
    missing: tuple[str, ...]
    """What is not known, in sentences."""

    def level_of(self, value: float) -> str:
        """Return the level that lies nearest to a value, by ratio."""
        return min(self.levels, key=lambda name: abs(log(self.levels[name].mean) - log(value)))

    def components(self, level: str) -> tuple[Component, ...]:
        """Return every component at one level."""
        found = self.levels[level]
        source = f"{found.n_lots} lots of control {level}, {found.df:g} degrees of freedom, ISO/TS 20914"
        if found.is_stated:
            source = f"SD of the control sheet for {found.n_lots} lots of control {level}"
        return (Component("precision", found.cv_percent, found.df, source), *self.shared)

    def as_json(self) -> dict[str, Any]:
        """Return the budget as it stands in the manifest."""
        analyte, matrix, platform = self.key
        return {
            "analyte": analyte,
            "matrix": matrix,
            "platform": platform,
            "levels": [self._level(name) for name in self.levels],
            "missing": list(self.missing),
        }

    def _level(self, name: str) -> dict[str, Any]:
        found, whole = self.levels[name], combined(self.components(name))
        return {
            "level": name,
            "mean": found.mean,
            "n_lots": found.n_lots,
            "components": [
                {"name": one.name, "u_percent": one.u_percent, "df": _finite(one.df), "source": one.source}
                for one in self.components(name)
            ],
            "total_cv_percent": found.total_cv_percent,
            "u_percent": whole.u_percent,
            "df": _finite(whole.df),
            "expanded_percent": whole.expanded_percent,
            "coverage_factor": COVERAGE_FACTOR,
        }


def _finite(df: float) -> float | None:
    return None if isinf(df) else df


def budgets(
    con: Connection, catalogue: Catalogue, keys: Iterable[tuple[Key, str]], rejected: Iterable[tuple[int, str]]
) -> dict[Key, Budget]:
    """Return the budgets of some results.

    Parameters
    ----------
    keys : iterable of tuple of Key and str
        Analyte, matrix and platform of results, with their method.
    rejected : iterable of (int, str)
        Runs, and analytes in runs, that people have set aside: their controls count for nothing.

    Returns
    -------
    dict
        By key; without controls that say something the budget has no level, and says why.
    """
    aside = frozenset(rejected)
    rows: dict[Key, list[tuple[Any, ...]]] = defaultdict(list)
    for analyte, matrix, platform, level, lot, run_id, *numbers in con.execute(_CONTROLS).fetchall():
        if not {(run_id, ""), (run_id, analyte)} & aside:
            rows[(analyte, matrix, platform)].append((level, lot, *numbers))
    return {key: _budget(key, method, rows.get(key, []), catalogue) for key, method in keys}


def _budget(key: Key, method: str, rows: Sequence[tuple[Any, ...]], catalogue: Catalogue) -> Budget:
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    targets: dict[str, dict[str, float]] = defaultdict(dict)
    stated: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    for level, lot, value, target, sd, kind in rows:
        values[level][lot].append(value)
        if kind in _ASSIGNED and target and target > 0:
            targets[level][lot] = target
            if sd and sd > 0:
                stated[level][lot] = (target, sd)
    found = {level: pooled_precision(lots, targets[level]) for level, lots in values.items()}
    chosen = {
        level: one if isinstance(one, PooledPrecision) else stated_precision(list(stated[level].values()))
        for level, one in found.items()
    }
    levels = {level: one for level, one in chosen.items() if one is not None}
    why = [f"Control {level}: {one.sentence}" for level, one in found.items() if isinstance(one, Refusal)]
    if not rows:
        why.append("No control of this analyte, matrix and platform counts.")
    shared, unknown = _shared(key, method, values, targets, catalogue)
    return Budget(key, levels, shared, (*why, *unknown))


def _shared(
    key: Key,
    method: str,
    values: Mapping[str, Mapping[str, Sequence[float]]],
    targets: Mapping[str, Mapping[str, float]],
    catalogue: Catalogue,
) -> tuple[tuple[Component, ...], list[str]]:
    biases = [
        100 * (sum(own) / len(own) / targets[level][lot] - 1)
        for level, lots in values.items()
        for lot, own in lots.items()
        if lot in targets[level]
    ]
    components, unknown = [], []
    if biases:
        text = f"root mean square over {len(biases)} lots with an assigned value, Nordtest TR 537"
        components.append(Component("bias", rms_bias(biases), len(biases), text))
    else:
        unknown.append("Bias: no control lot has an assigned value.")
    entry = catalogue.entry(key[0], key[1])
    limits = entry.limit_set(method) if entry else None
    for name, word in (("u_reference", "reference"), ("u_calibrator", "calibrator")):
        limit: Limit | None = limits.get(name) if limits else None
        if limit is None:
            unknown.append(f"{word.capitalize()}: the catalogue states no '{name}'.")
        else:
            components.append(Component(word, limit.value, inf, limit.source))
    return tuple(components), unknown


def with_uncertainty(results: pl.DataFrame, found: Mapping[Key, Budget]) -> pl.DataFrame:
    """Return results with ``u_alone`` and ``u``, in their unit.

    Parameters
    ----------
    results : DataFrame
        Results with ``analyte``, ``matrix``, ``platform`` and ``value``.

    Returns
    -------
    DataFrame
        Null where there is no number above 0, or no control says how much results scatter.
    """
    import polars as pl

    columns = results.select("analyte", "matrix", "platform", "value").iter_rows()
    pairs = [
        _uncertainty(found.get((analyte, matrix, platform)), value) for analyte, matrix, platform, value in columns
    ]
    return results.with_columns(
        pl.Series(name, [pair[place] for pair in pairs], pl.Float64) for place, name in enumerate(COLUMNS)
    )


def _uncertainty(budget: Budget | None, value: float | None) -> tuple[float | None, float | None]:
    if budget is None or not budget.levels or value is None or value <= 0:
        return None, None
    components = budget.components(budget.level_of(value))
    return value * components[0].u_percent / 100, value * combined(components).u_percent / 100
