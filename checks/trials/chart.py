"""``qc try chart``: one series of control results on a Levey-Jennings, EWMA and CUSUM chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.arithmetic.refusal import Refusal
from checks.trials.csv_table import read_csv_table
from checks.trials.plain_values import TrialAnswer
from schemas.errors import ConfigError, ReaderError
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_NO_HEAD_START = "The average run length is given for a chart without a head start."


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSettings:
    """What a chart is drawn with."""

    center: float | None = None
    """Centre in the unit of the results; None takes the mean of the baseline."""
    sd: float | None = None
    """SD in the same unit, above 0; None takes the moving-range SD of the baseline."""
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

    json_keys = """n n_missing center sd limits_from z_score levey_jennings_zone moving_range_sigma running_mean
        ewma? cusum?"""

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
    running_mean: list[float | None]
    """Mean of all results so far."""
    ewma: EwmaChart | list[EwmaChart]
    """The EWMA chart, or a list of several; left out if none was asked for."""
    cusum: CusumChart | list[CusumChart]
    """The CUSUM chart, or a list of several; left out if none was asked for."""


def chart(text: str, settings: ChartSettings) -> dict[str, Any]:
    """Put one series of results on charts.

    Parameters
    ----------
    text : str
        CSV with the column ``value``; the order of rows is the order of time. An empty value was not measured: its
        place is kept, nothing is charted there, and the row goes on.
    settings : ChartSettings
        Centre, SD and charts.

    Returns
    -------
    dict
        ``z_score``, ``levey_jennings_zone``, ``moving_range_sigma``, ``running_mean``, and ``ewma`` and ``cusum`` where
        asked for: one object a chart, or a list of them if several were asked for. Positions count rows from 1.

    Raises
    ------
    ReaderError
        If the table cannot be read, or gives no SD to judge by.
    ConfigError
        If a setting makes no chart.
    """
    import numpy as np

    from checks.arithmetic.charts import control_chart as arithmetic

    settings.check()
    table = read_csv_table(text, ["value"])
    cells = [table.number(place, "value") for place in range(len(table.rows))]
    table.refuse_faults("The series")
    series = _Series(cells, np.array([cell for cell in cells if cell is not None]))
    center, sd, source = _center_and_sd(series.x, settings)
    z = arithmetic.z_scores(series.x, center=center, sd=sd)
    ewmas = [_ewma(series, center, sd, one) for one in settings.ewmas]
    cusums = [_cusum(series, z, one) for one in settings.cusums]
    return ChartAnswer(
        n=len(series.x),
        n_missing=len(cells) - len(series.x),
        center=center,
        sd=sd,
        limits_from=source,
        z_score=series.spread(z),
        levey_jennings_zone=series.spread(arithmetic.zones(z)),
        moving_range_sigma=arithmetic.moving_range_sigma(series.x),
        running_mean=series.spread(arithmetic.running_mean(series.x)),
        ewma=ewmas[0] if len(ewmas) == 1 else ewmas,
        cusum=cusums[0] if len(cusums) == 1 else cusums,
    ).as_json()


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
    sd = moving_range_sigma(base) if settings.sd is None else settings.sd
    if isinstance(sd, Refusal):
        raise ReaderError(f"{sd.sentence} Give an SD with --sd.")
    if not sd > 0:
        raise ReaderError("The results do not scatter, so they give no SD. Give one with --sd.")
    own = [name for name, given in (("centre", settings.center), ("SD", settings.sd)) if given is None]
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
