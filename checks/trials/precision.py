"""``qc try precision``: scatter of replicates, and variance components of nested designs, level by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.arithmetic.refusal import Refusal
from checks.trials.csv_table import CsvTable, read_csv_table
from checks.trials.plain_values import TrialAnswer
from checks.trials.precision_design import Design, design_of
from checks.trials.precision_verdict import Claims, Verification, claims_of, verification_of
from schemas.errors import ReaderError
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from checks.arithmetic.precision.component_intervals import ComponentInterval
    from checks.arithmetic.precision.nested_anova import Component, NestedAnova
    from checks.arithmetic.precision.replicate_groups import GroupScatter, PooledScatter

CLAIMS = ("claim_repeatability_cv", "claim_within_cv", "target")
"""Optional columns, each the same over a level: claimed CVs in percent, and the target of the mean."""
_FACTORS = ("site", "lot", "calibration", "day", "run")


@dataclass(frozen=True, slots=True)
class VarianceInterval(JsonModel):
    """95 % interval of a variance."""

    lo: float
    """Lower limit."""
    hi: float
    """Upper limit."""


@dataclass(frozen=True, slots=True)
class LikelyComponent(JsonModel):
    """One variance component by restricted maximum likelihood."""

    name: str
    """Factor, or ``error``."""
    vc: float
    """Variance component, in the squared unit of the results."""
    sd: float
    """Its square root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedPrecision(JsonModel):
    """Precision of a nested design."""

    json_keys = """mean components ci95_components ci95_total_vc ci95_error_vc reml_components repeatability_sd
        within_laboratory_sd reproducibility_sd? repeatability_cv_percent? within_laboratory_cv_percent?
        reproducibility_cv_percent? verification?"""

    mean: float
    """Mean of all results."""
    components: tuple[Component, ...]
    """Total, each factor from the outermost in, error."""
    ci95_components: tuple[ComponentInterval, ...]
    """Intervals of each, by Satterthwaite and by modified large samples."""
    ci95_total_vc: VarianceInterval | Refusal
    """Interval of the total."""
    ci95_error_vc: VarianceInterval | Refusal
    """Interval of the error."""
    reml_components: list[LikelyComponent] | Refusal
    """Components by restricted maximum likelihood."""
    repeatability_sd: float
    """SD within a run."""
    within_laboratory_sd: float
    """SD within the laboratory."""
    reproducibility_sd: float | None
    """SD over sites; None for one site."""
    verification: Verification | None
    """What became of the claims; None if nothing is claimed."""

    @property
    def repeatability_cv_percent(self) -> float | None:
        """Return the CV within a run; None where the mean is 0."""
        return self._cv_percent(self.repeatability_sd)

    @property
    def within_laboratory_cv_percent(self) -> float | None:
        """Return the CV within the laboratory; None where the mean is 0."""
        return self._cv_percent(self.within_laboratory_sd)

    @property
    def reproducibility_cv_percent(self) -> float | None:
        """Return the CV over sites; None for one site, or where the mean is 0."""
        return self._cv_percent(self.reproducibility_sd)

    def _cv_percent(self, sd: float | None) -> float | None:
        return None if sd is None or not self.mean else 100 * sd / abs(self.mean)


@dataclass(frozen=True, slots=True)
class NamedScatter(JsonModel):
    """Scatter of one group of replicates."""

    json_keys = "group *scatter"

    group: str
    """Name of the group."""
    scatter: GroupScatter
    """Its numbers."""


@dataclass(frozen=True, slots=True)
class ScatterOfGroups(JsonModel):
    """Scatter of groups of replicates, each and pooled."""

    json_keys = "*pooled groups"

    pooled: PooledScatter
    """All groups together."""
    groups: list[NamedScatter]
    """Each group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecisionOfLevel(JsonModel):
    """Precision of one level."""

    json_keys = "n n_missing *components *scatter notes"

    n: int
    """Results that were measured."""
    n_missing: int
    """Results that were not."""
    components: NestedPrecision | Refusal | None
    """Numbers of a nested design; None if there is none."""
    scatter: ScatterOfGroups | None
    """Numbers of groups; None if there are none."""
    notes: list[str]
    """Factors that were left out, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndividedLevel(JsonModel):
    """One level whose scatter cannot be split into components."""

    n: int
    """Results that were measured."""
    n_missing: int
    """Results that were not."""
    error: str
    """Why."""


@dataclass(frozen=True, slots=True)
class NamedPrecision(JsonModel):
    """Precision of a level with its name."""

    json_keys = "level *precision"

    level: str
    """Name of the level."""
    precision: PrecisionOfLevel | UndividedLevel
    """Its numbers."""


@dataclass(frozen=True, slots=True)
class PrecisionOfFile(TrialAnswer):
    """Precision of a file of one level: its numbers, and the level by name where the file names it."""

    json_keys = "*only levels"

    only: PrecisionOfLevel
    """The level."""
    levels: list[NamedPrecision]
    """The same by name; empty if the file names none."""


@dataclass(frozen=True, slots=True)
class PrecisionOfLevels(TrialAnswer):
    """Precision of a file of several levels."""

    levels: list[NamedPrecision]
    """Each level."""


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
        only = _or_refuse(_one(values, labels, claimed.get("", claims or Claims()), 1))
        return PrecisionOfFile(only, []).as_json()
    each = []
    for level in levels:
        own = [place for place, label in enumerate(labels["level"]) if label == level]
        within = {name: [cells[place] for place in own] for name, cells in labels.items() if name != "level"}
        found = _one([values[place] for place in own], within, claimed[level], len(levels))
        each.append(NamedPrecision(level, found))
    if len(each) == 1:
        return PrecisionOfFile(_or_refuse(each[0].precision), each).as_json()
    return PrecisionOfLevels(each).as_json()


def _or_refuse(precision: PrecisionOfLevel | UndividedLevel) -> PrecisionOfLevel:
    if isinstance(precision, UndividedLevel):
        raise ReaderError(precision.error)
    if isinstance(precision.components, Refusal):
        raise ReaderError(precision.components.sentence)
    return precision


def _is_used(table: CsvTable, name: str) -> bool:
    return name in table.columns and any(row.get(name) for row in table.rows)


def _one(
    values: Sequence[float | None], labels: Mapping[str, Sequence[str]], claims: Claims, n_levels: int
) -> PrecisionOfLevel | UndividedLevel:
    design = design_of(values, {name: labels[name] for name in _FACTORS if name in labels})
    n = int(design.values.size)
    groups = labels.get("group") or labels.get("level")
    if not design.factors and not groups and any(name in labels for name in _FACTORS):
        sentence = " ".join(["No scatter can be split into components.", *design.notes])
        return UndividedLevel(n=n, n_missing=len(values) - n, error=sentence)
    return PrecisionOfLevel(
        n=n,
        n_missing=len(values) - n,
        components=_components(design, claims, n_levels) if design.factors else None,
        scatter=_groups(values, groups or ["" for _ in values]) if groups or not design.factors else None,
        notes=list(design.notes),
    )


def _groups(values: Sequence[float | None], groups: Sequence[str]) -> ScatterOfGroups:
    import numpy as np

    from checks.arithmetic.precision.replicate_groups import pooled_scatter

    cells: dict[str, list[float]] = {}
    for value, group in zip(values, groups, strict=True):
        cells.setdefault(group, []).append(np.nan if value is None else value)
    pooled = pooled_scatter([np.array(own) for own in cells.values()])
    return ScatterOfGroups(pooled, [NamedScatter(name, own) for name, own in zip(cells, pooled.groups, strict=True)])


def _components(design: Design, claims: Claims, n_levels: int) -> NestedPrecision | Refusal:
    from checks.arithmetic.precision.component_intervals import component_intervals
    from checks.arithmetic.precision.nested_anova import nested_anova
    from checks.arithmetic.precision.nested_reml import nested_reml

    found = nested_anova(design.values, design.factors)
    if isinstance(found, Refusal):
        return found
    total, *parts = found.components
    likely = nested_reml(design.values, design.factors, {part.name: part.vc for part in parts})
    site = sum(part.vc for part in parts if part.name == "site")
    return NestedPrecision(
        mean=found.mean,
        components=found.components,
        ci95_components=component_intervals(found),
        ci95_total_vc=_interval(found, 0),
        ci95_error_vc=_interval(found, -1),
        reml_components=likely
        if isinstance(likely, Refusal)
        else [LikelyComponent(name, vc, vc**0.5) for name, vc in likely.items()],
        repeatability_sd=parts[-1].sd,
        within_laboratory_sd=(total.vc - site) ** 0.5,
        reproducibility_sd=total.sd if any(part.name == "site" for part in parts) else None,
        verification=verification_of(found, design, claims, n_levels),
    )


def _interval(found: NestedAnova, place: int) -> VarianceInterval | Refusal:
    from checks.arithmetic.precision.nested_anova import chi_square_interval

    part = found.components[place]
    if part.vc == 0:
        return Refusal("The variance is 0, so it has no interval.")
    return VarianceInterval(*chi_square_interval(part.vc, part.df))
