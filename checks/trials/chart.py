"""``qc try chart``: one series of control results on a Levey-Jennings, EWMA and CUSUM chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.trials.csv_table import read_csv_table
from checks.trials.plain_values import plain
from schemas.errors import ConfigError, ReaderError

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
    told = {
        "n": len(series.x),
        "n_missing": len(cells) - len(series.x),
        "center": center,
        "sd": sd,
        "limits_from": source,
        "z_score": series.spread(z),
        "levey_jennings_zone": series.spread(arithmetic.zones(z)),
        "moving_range_sigma": arithmetic.moving_range_sigma(series.x),
        "running_mean": series.spread(arithmetic.running_mean(series.x)),
    }
    ewmas = [_ewma(series, center, sd, one) for one in settings.ewmas]
    cusums = [_cusum(series, z, one) for one in settings.cusums]
    told |= {"ewma": _one_or_all(ewmas)} if ewmas else {}
    told |= {"cusum": _one_or_all(cusums)} if cusums else {}
    answer: dict[str, Any] = plain(told)
    return answer


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
    from checks.arithmetic.refusal import Refusal

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


def _ewma(series: _Series, center: float, sd: float, setting: tuple[float, float]) -> dict[str, Any]:
    from checks.arithmetic.charts.control_chart import ewma
    from checks.arithmetic.charts.run_length import ewma_run_length

    weight, width = setting
    found = ewma(series.x, center=center, sd=sd, weight=weight, width=width)
    return {
        "lambda": weight,
        "L": width,
        "z": series.spread(found.z),
        "lcl": series.spread(found.lcl),
        "ucl": series.spread(found.ucl),
        "out": series.rows(found.out),
        "arl_in_control": ewma_run_length(weight=weight, width=width, shift=0.0),
        "arl_shift_1sd": ewma_run_length(weight=weight, width=width, shift=1.0),
    }


def _cusum(series: _Series, z: Floats, setting: tuple[float, float, float]) -> dict[str, Any]:
    from checks.arithmetic.charts.control_chart import cusum
    from checks.arithmetic.charts.run_length import cusum_run_length
    from checks.arithmetic.refusal import Refusal

    allowance, interval, head_start = setting
    found = cusum(z, allowance=allowance, interval=interval, head_start=head_start)

    def run_length(shift: float) -> float | Refusal:
        if head_start:
            return Refusal(_NO_HEAD_START)
        return cusum_run_length(allowance=allowance, interval=interval, shift=shift)

    return {
        "k": allowance,
        "h": interval,
        "head_start": head_start,
        "c_plus": series.spread(found.c_plus),
        "c_minus": series.spread(found.c_minus),
        "out_upper": series.rows(found.out_upper),
        "out_lower": series.rows(found.out_lower),
        "arl_in_control": run_length(0.0),
        "arl_shift_1sd": run_length(1.0),
    }


def _one_or_all(charts: list[dict[str, Any]]) -> Any:  # Any: one object, or a list of them
    return charts[0] if len(charts) == 1 else charts
