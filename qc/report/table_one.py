"""Table 1: who and what was measured, visit by visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Any: JSON values of a manifest

from checks.contrast_words.numbers import number_text
from checks.contrasts.frozen_release import Release
from checks.contrasts.plan import Endpoint, Plan
from qc.report.trajectories import visit_order

if TYPE_CHECKING:
    import polars as pl

QUARTILES = (0.25, 0.75)  # fractions
_NOT_RECORDED = "not_recorded"
_SEXES = {"female": "Female", "male": "Male", _NOT_RECORDED: "Sex not recorded"}


@dataclass(frozen=True, slots=True)
class VisitCell:
    """Results of one endpoint at one visit, in words."""

    n: int
    """Subjects with a result."""
    n_limits: int
    """Of these, known only as beyond a limit."""
    middle: str
    """Median and quartiles; a limit where the median lies beyond it."""


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """One endpoint of table 1."""

    endpoint: Endpoint
    """Analyte and matrix."""
    unit: str
    """Unit."""
    cells: tuple[VisitCell, ...]
    """One for each visit of the table."""


@dataclass(frozen=True, slots=True)
class TableOne:
    """Subjects and results by visit."""

    visits: tuple[str, ...]
    """Visits of the release, in their order."""
    n_subjects: tuple[int, ...]
    """Subjects with any result at each visit."""
    n_in_all: int
    """Subjects of the release."""
    rows: tuple[EndpointRow, ...]
    """Endpoints, in the order of the plan."""
    people: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Sex and age of the subjects, where the release tells them: what, unit, and a cell for each visit."""


def tables_one(release: Release, plan: Plan) -> list[tuple[str, TableOne]]:
    """Summarise a release by visit, each arm of the plan by itself.

    Returns
    -------
    list of tuple of str and TableOne
        Arm and table; one table without a name where the plan has one arm.
    """
    return [(arm, table_one(release, plan, arm)) for arm in plan.arms or ("",)]


def table_one(release: Release, plan: Plan, arm: str = "") -> TableOne:
    """Summarise a release by visit, all subjects or one arm.

    Returns
    -------
    TableOne
        Counts, medians and quartiles; a limit counts as its number, and a median beyond it is written as the limit.
    """
    import polars as pl

    results = release.results.drop_nulls(["subject", "visit"])
    visits = tuple(sorted(set(results["visit"].to_list()), key=visit_order))
    if arm:
        results = results.filter(pl.col("arm") == arm)
    counts = tuple(results.filter(pl.col("visit") == visit)["subject"].n_unique() for visit in visits)
    rows = tuple(_row(results, endpoint, visits) for endpoint in plan.endpoints)
    subjects = release.manifest.get("subjects")
    told = {str(one["visit"]): _of_arm(one, arm) for one in subjects} if isinstance(subjects, list) else {}
    people = _people({visit: one for visit, one in told.items() if one}, visits)
    return TableOne(visits, counts, results["subject"].n_unique(), rows, people)


def _of_arm(one: dict[str, Any], arm: str) -> dict[str, Any]:
    found: dict[str, Any] = one.get("arms", {}).get(arm, {}) if arm else one
    return found


def _people(
    subjects_by_visit: dict[str, dict[str, Any]], visits: tuple[str, ...]
) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Write a row for each sex that there is, and one for the age; nothing is written of what nobody recorded."""
    sexes = [sex for sex in _SEXES if any(one["sex"].get(sex) for one in subjects_by_visit.values())]
    if sexes == [_NOT_RECORDED]:
        sexes = []
    rows: list[tuple[str, str, tuple[str, ...]]] = [
        (_SEXES[sex], "", tuple(_share(subjects_by_visit.get(visit), sex) for visit in visits)) for sex in sexes
    ]
    if any(one.get("age_years") for one in subjects_by_visit.values()):
        rows.append(("Age", "years", tuple(_age(subjects_by_visit.get(visit)) for visit in visits)))
    return tuple(rows)


def _share(one: dict[str, Any] | None, sex: str) -> str:
    if one is None or not one["n_subjects"]:
        return "–"
    n = int(one["sex"].get(sex, 0))
    return f"{n} ({100 * n / one['n_subjects']:.0f} %)"


def _age(one: dict[str, Any] | None) -> str:
    age = one.get("age_years") if one else None
    if one is None or not age:
        return "–"
    fewer = f" n {age['n']}" if age["n"] != one["n_subjects"] else ""
    return f"{age['median']:.0f} ({age['q1']:.0f}–{age['q3']:.0f}){fewer}"


def _row(results: pl.DataFrame, endpoint: Endpoint, visits: tuple[str, ...]) -> EndpointRow:
    import polars as pl

    own = results.filter((pl.col("analyte") == endpoint.analyte) & (pl.col("matrix") == endpoint.matrix))
    units = own["unit"].drop_nulls().to_list()
    cells = tuple(_cell(own.filter(pl.col("visit") == visit)) for visit in visits)
    return EndpointRow(endpoint, str(units[0]) if units else "", cells)


def _cell(results: pl.DataFrame) -> VisitCell:
    import polars as pl

    is_limit = pl.col("censor").fill_null("") != ""
    numbers = results.select(
        number=pl.when(is_limit).then(pl.col("censor_limit")).otherwise(pl.col("value")).cast(pl.Float64),
        sign=pl.col("censor").fill_null(""),
        decimals=pl.col("decimals"),
    ).drop_nulls("number")
    if numbers.height == 0:
        return VisitCell(0, 0, "–")
    values = numbers["number"].sort()
    decimals = numbers["decimals"].max()
    digits = int(decimals) if isinstance(decimals, int) else None
    parts = [values.median(), *(values.quantile(at, interpolation="linear") for at in QUARTILES)]
    middle, low, high = (number_text(float(part), digits) for part in parts if isinstance(part, float))
    limits = numbers.filter(pl.col("sign") == "<")["number"]
    floor = limits.max() if limits.len() else None
    if isinstance(floor, float) and isinstance(parts[0], float) and parts[0] <= floor:
        middle = f"<{number_text(floor, digits)}"
    n_limits = int((numbers["sign"] != "").sum())
    return VisitCell(numbers.height, n_limits, f"{middle} ({low}–{high})")
