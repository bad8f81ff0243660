"""``qc try chart``: one series of control results on a Levey-Jennings, EWMA and CUSUM chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.arithmetic.refusal import Refusal
from checks.trials.csv_table import read_csv_table
from checks.trials.plain_values import TrialAnswer
from schemas.errors import ConfigError, ReaderError
from schemas.finding import Verdict, worst
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

ACTION_SD = 3.0
"""Distance from the centre beyond which a result is rejected; Levey and Jennings 1950, Shewhart 1931; in SD."""
MOST_ROWS_NAMED = 8
"""Rows that a sentence names; the lists have them all."""
_NO_HEAD_START = "The average run length is given for a chart without a head start."


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSettings:
    """What a chart is drawn with."""

    center: float | None = None
    """Centre in the unit of the results; None takes the mean of the baseline."""
    sd: float | None = None
    """SD in the same unit, above 0; None takes that of ``sd_from``."""
    sd_from: str = ""
    """``target`` (given with its centre), ``long-term`` (SD of the baseline) or ``moving-range``; empty is the given
    SD, or the moving-range SD of the baseline where none is given."""
    baseline: int | None = None
    """First results that give what is not set; None means all of them."""
    ewmas: tuple[tuple[float, float], ...] = ()
    """Lambda and L of each EWMA chart."""
    cusums: tuple[tuple[float, float, float], ...] = ()
    """k, h and head start of each CUSUM chart, in SD."""

    def check(self) -> None:
        """Refuse settings that make no chart.

        Raises
        ------
        ConfigError
            If a setting is outside what it may be; the value and what was expected are named.
        """
        if self.sd_from == "target" and (self.sd is None or self.center is None):
            raise ConfigError("An SD from the target needs both of its numbers: give --center and --sd.")
        if self.sd_from not in ("", "target") and self.sd is not None:
            raise ConfigError("An SD is given with --sd, and --sd-from asks for another one: give one of both.")
        if self.sd is not None and not self.sd > 0:
            raise ConfigError(f"SD '{self.sd:g}' must be above 0.")
        if self.baseline is not None and self.baseline < 2:
            raise ConfigError(f"A baseline of '{self.baseline}' results is too short: at least 2 are needed.")
        for weight, width in self.ewmas:
            if not (0 < weight <= 1 and width > 0):
                raise ConfigError(f"EWMA '{weight:g},{width:g}': lambda must be above 0 and at most 1, L above 0.")
        for allowance, interval, head_start in self.cusums:
            if not (allowance >= 0 and interval > 0 and head_start >= 0):
                raise ConfigError(
                    f"CUSUM '{allowance:g},{interval:g},{head_start:g}': k and head start at least 0, h above 0."
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class EwmaChart(JsonModel):
    """One EWMA chart; a place without a result is None."""

    json_keys = "lambda=weight L=width z lcl ucl out arl_in_control arl_shift_1sd"

    weight: float
    """Weight of the newest result."""
    width: float
    """Width of the limits, in SD of the average."""
    z: list[float | None]
    """Weighted averages."""
    lcl: list[float | None]
    """Lower limits."""
    ucl: list[float | None]
    """Upper limits."""
    out: list[int]
    """Rows outside, from 1."""
    arl_in_control: float
    """Results until a false alarm, on the average."""
    arl_shift_1sd: float
    """Results until a shift of 1 SD is found, on the average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CusumChart(JsonModel):
    """One CUSUM chart, in SD; a place without a result is None."""

    k: float
    """Allowance."""
    h: float
    """Decision interval."""
    head_start: float
    """Sums at the beginning."""
    c_plus: list[float | None]
    """Upper sums."""
    c_minus: list[float | None]
    """Lower sums."""
    out_upper: list[int]
    """Rows whose upper sum is above ``h``, from 1."""
    out_lower: list[int]
    """Rows whose lower sum is above ``h``, from 1."""
    arl_in_control: float | Refusal
    """Results until a false alarm, on the average."""
    arl_shift_1sd: float | Refusal
    """Results until a shift of 1 SD is found, on the average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartAnswer(TrialAnswer):
    """One series on charts; a place without a result is None."""

    json_keys = """verdict reasons n n_missing center sd limits_from z_score levey_jennings_zone moving_range_sigma
        long_term_sd running_mean ewma? cusum?"""

    verdict: Verdict
    """``reject`` where a result lies beyond 3 SD, or a chart that was asked for signals; else ``pass``."""
    reasons: list[str]
    """Which rows, by chart."""
    n: int
    """Results."""
    n_missing: int
    """Empty cells."""
    center: float
    """Centre, in the unit of the results."""
    sd: float
    """SD, in the same unit."""
    limits_from: str
    """Where centre and SD come from."""
    z_score: list[float | None]
    """Distance from the centre, in SD."""
    levey_jennings_zone: list[int | None]
    """Zone on a Levey-Jennings chart."""
    moving_range_sigma: float | Refusal
    """SD by moving ranges."""
    long_term_sd: float | Refusal
    """SD of all results: what moving ranges leave out, slow drift, is in it."""
    running_mean: list[float | None]
    """Mean of all results so far."""
    ewma: EwmaChart | list[EwmaChart]
    """The EWMA chart, or a list of several; left out if none was asked for."""
    cusum: CusumChart | list[CusumChart]
    """The CUSUM chart, or a list of several; left out if none was asked for."""


@dataclass(frozen=True, slots=True)
class NamedChart(JsonModel):
    """One of several series."""

    json_keys = "series *chart"

    series: str
    """Name of the series."""
    chart: ChartAnswer
    """Its charts."""


@dataclass(frozen=True, slots=True)
class ChartsAnswer(TrialAnswer):
    """Several series of one file, each on charts of its own."""

    verdict: Verdict
    """Gravest verdict of the series."""
    series: list[NamedChart]
    """Each series, in the order of the file."""


def chart(text: str, settings: ChartSettings) -> dict[str, Any]:
    """Put one or several series of results on charts.

    Parameters
    ----------
    text : str
        CSV with the column ``value`` and, for several series, ``series``; the order of rows is the order of time. An
        empty value was not measured: its place is kept, nothing is charted there, and the row goes on.
    settings : ChartSettings
        Centre, SD and charts.

    Returns
    -------
    dict
        ``z_score``, ``levey_jennings_zone``, ``moving_range_sigma``, ``running_mean``, and ``ewma`` and ``cusum`` where
        asked for: one object a chart, or a list of them if several were asked for. Positions count rows of the series
        from 1. With the column ``series``, a list ``series`` of such answers.

    Raises
    ------
    ReaderError
        If the table cannot be read, or gives no SD to judge by.
    ConfigError
        If a setting makes no chart.
    """
    settings.check()
    table = read_csv_table(text, ["value"])
    cells = [table.number(place, "value") for place in range(len(table.rows))]
    names = [row.get("series", "") for row in table.rows]
    table.refuse_faults("The series")
    if "series" not in table.columns:
        return _charted(cells, settings).as_json()
    own: dict[str, list[float | None]] = {}
    for name, cell in zip(names, cells, strict=True):
        own.setdefault(name, []).append(cell)
    charts = [NamedChart(name, _charted(values, settings)) for name, values in own.items()]
    return ChartsAnswer(worst(one.chart.verdict for one in charts), charts).as_json()


def _charted(cells: Sequence[float | None], settings: ChartSettings) -> ChartAnswer:
    import numpy as np

    from checks.arithmetic.charts import control_chart as arithmetic

    series = _Series(cells, np.array([cell for cell in cells if cell is not None]))
    center, sd, source = _center_and_sd(series.x, settings)
    z = arithmetic.z_scores(series.x, center=center, sd=sd)
    ewmas = [_ewma(series, center, sd, one) for one in settings.ewmas]
    cusums = [_cusum(series, z, one) for one in settings.cusums]
    reasons = _reasons(series.spread(z), ewmas, cusums)
    return ChartAnswer(
        verdict=Verdict.REJECT if reasons else Verdict.PASS,
        reasons=reasons,
        n=len(series.x),
        n_missing=len(cells) - len(series.x),
        center=center,
        sd=sd,
        limits_from=source,
        z_score=series.spread(z),
        levey_jennings_zone=series.spread(arithmetic.zones(z)),
        moving_range_sigma=arithmetic.moving_range_sigma(series.x),
        long_term_sd=_long_term_sd(series.x),
        running_mean=series.spread(arithmetic.running_mean(series.x)),
        ewma=ewmas[0] if len(ewmas) == 1 else ewmas,
        cusum=cusums[0] if len(cusums) == 1 else cusums,
    )


def _long_term_sd(x: Floats) -> float | Refusal:
    if x.size < 2:
        return Refusal("An SD needs at least two results.")
    return float(x.std(ddof=1))


def _reasons(z: Sequence[float | None], ewmas: Sequence[EwmaChart], cusums: Sequence[CusumChart]) -> list[str]:
    beyond = [row for row, one in enumerate(z, start=1) if one is not None and abs(one) > ACTION_SD]
    rows_by_rule = [(f"beyond {ACTION_SD:g} SD", beyond)]
    rows_by_rule += [(f"beyond the limits of EWMA {one.weight:g},{one.width:g}", one.out) for one in ewmas]
    rows_by_rule += [(f"above the interval of CUSUM {one.k:g},{one.h:g}", one.out_upper) for one in cusums]
    rows_by_rule += [(f"below the interval of CUSUM {one.k:g},{one.h:g}", one.out_lower) for one in cusums]
    return [
        f"{_rows_text(rows)} {'lies' if len(rows) == 1 else 'lie'} {where}." for where, rows in rows_by_rule if rows
    ]


def _rows_text(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:MOST_ROWS_NAMED]))
    more = f" and {len(rows) - MOST_ROWS_NAMED} more" if len(rows) > MOST_ROWS_NAMED else ""
    return f"{'Row' if len(rows) == 1 else 'Rows'} {shown}{more}"


@dataclass(frozen=True, slots=True)
class _Series:
    cells: Sequence[float | None]
    x: Floats

    def spread(self, values: npt.NDArray[Any]) -> list[Any]:
        rest = iter(values.tolist())
        return [None if cell is None else next(rest) for cell in self.cells]

    def rows(self, positions: Sequence[int]) -> list[int]:
        measured = [row for row, cell in enumerate(self.cells, start=1) if cell is not None]
        return [measured[position - 1] for position in positions]


def _center_and_sd(x: Floats, settings: ChartSettings) -> tuple[float, float, str]:
    from checks.arithmetic.charts.control_chart import moving_range_sigma

    if not x.size:
        raise ReaderError("No result of the series was measured.")
    base = x[: settings.baseline]
    center = float(base.mean()) if settings.center is None else settings.center
    sd_of_base = _long_term_sd if settings.sd_from == "long-term" else moving_range_sigma
    sd = sd_of_base(base) if settings.sd is None else settings.sd
    if isinstance(sd, Refusal):
        raise ReaderError(f"{sd.sentence} Give an SD with --sd.")
    if not sd > 0:
        raise ReaderError("The results do not scatter, so they give no SD. Give one with --sd.")
    own_sd = "long-term SD" if settings.sd_from == "long-term" else "SD"
    own = [name for name, given in (("centre", settings.center), (own_sd, settings.sd)) if given is None]
    n_base = f"the first {base.size} results" if settings.baseline else "all results of this file"
    return center, sd, f"{' and '.join(own)} from {n_base}" if own else "given"


def _ewma(series: _Series, center: float, sd: float, setting: tuple[float, float]) -> EwmaChart:
    from checks.arithmetic.charts.control_chart import ewma
    from checks.arithmetic.charts.run_length import ewma_run_length

    weight, width = setting
    found = ewma(series.x, center=center, sd=sd, weight=weight, width=width)
    return EwmaChart(
        weight=weight,
        width=width,
        z=series.spread(found.z),
        lcl=series.spread(found.lcl),
        ucl=series.spread(found.ucl),
        out=series.rows(found.out),
        arl_in_control=ewma_run_length(weight=weight, width=width, shift=0.0),
        arl_shift_1sd=ewma_run_length(weight=weight, width=width, shift=1.0),
    )


def _cusum(series: _Series, z: Floats, setting: tuple[float, float, float]) -> CusumChart:
    from checks.arithmetic.charts.control_chart import cusum
    from checks.arithmetic.charts.run_length import cusum_run_length

    allowance, interval, head_start = setting
    found = cusum(z, allowance=allowance, interval=interval, head_start=head_start)

    def run_length(shift: float) -> float | Refusal:
        if head_start:
            return Refusal(_NO_HEAD_START)
        return cusum_run_length(allowance=allowance, interval=interval, shift=shift)

    return CusumChart(
        k=allowance,
        h=interval,
        head_start=head_start,
        c_plus=series.spread(found.c_plus),
        c_minus=series.spread(found.c_minus),
        out_upper=series.rows(found.out_upper),
        out_lower=series.rows(found.out_lower),
        arl_in_control=run_length(0.0),
        arl_shift_1sd=run_length(1.0),
    )
