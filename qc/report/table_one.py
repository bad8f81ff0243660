"""Table 1: who and what was measured, visit by visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.paired.plan import Endpoint, Plan
from qc.released import Release
from qc.report.trajectories import visit_order
from qc.report.words import number_text

if TYPE_CHECKING:
    import polars as pl

QUARTILES = (0.25, 0.75)  # fractions


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


def table_one(release: Release, plan: Plan) -> TableOne:
    """Summarise a release by visit.

    Parameters
    ----------
    release : Release
        Release.
    plan : Plan
        Endpoints.

    Returns
    -------
    TableOne
        Counts, medians and quartiles; a limit counts as its number, and a median beyond it is written as the limit.
    """
    import polars as pl

    results = release.results.drop_nulls(["subject", "visit"])
    visits = tuple(sorted(set(results["visit"].to_list()), key=visit_order))
    counts = tuple(results.filter(pl.col("visit") == visit)["subject"].n_unique() for visit in visits)
    rows = tuple(_row(results, endpoint, visits) for endpoint in plan.endpoints)
    return TableOne(visits, counts, results["subject"].n_unique(), rows)


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
