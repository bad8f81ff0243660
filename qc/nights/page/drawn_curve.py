"""A standard curve as coordinates: signal over concentration, both on log axes where they can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

from qc.triage.plate_view import Curve

WIDTH, HEIGHT = 360.0, 220.0
"""Size of a drawing, in its own units."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 10.0, 10.0, 30.0
_N_STEPS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMark:
    """One standard, or one well that was read."""

    x: float
    """From the left."""
    y: float
    """From the top."""
    kind: str
    """``accepted``, ``rejected``, ``control`` or ``sample``."""
    about: str
    """What a pointer that rests on it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCurve:
    """One curve."""

    line: str
    """The curve as a line; empty if none was fitted."""
    marks: tuple[DrawnMark, ...]
    """Standards and wells."""
    range: tuple[float, float] | None
    """Left and right end of the range; None where it is not known."""
    x_ticks: tuple[tuple[float, str], ...]
    """Place and number."""
    y_ticks: tuple[tuple[float, str], ...]
    """Place and number."""
    left: float
    """Left end of the frame."""
    right: float
    """Right end of it."""
    top: float
    """Upper end of it."""
    bottom: float
    """Lower end of it."""


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    begin: float
    end: float
    is_log: bool

    def place(self, value: float) -> float:
        at = log10(value) if self.is_log else value
        return round(self.begin + (self.end - self.begin) * (at - self.low) / (self.high - self.low), 1)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        if not self.is_log:
            return tuple((self.place(value), f"{value:.3g}") for value in (self.low, self.high))
        powers = range(floor(self.low), floor(self.high) + 1)
        values = [factor * 10.0**power for power in powers for factor in ((1, 3) if len(powers) < 4 else (1,))]
        return tuple((self.place(one), f"{one:g}") for one in values if self.low <= log10(one) <= self.high)


def drawn_curve(curve: Curve) -> DrawnCurve:
    """Draw a curve with its standards and what was read from it."""
    standards = [one for one in curve.standards if one[0] > 0]
    wells = [well for well in curve.wells if well.conc is not None and well.signal is not None and well.conc > 0]
    concs = [*(one[0] for one in standards), *(well.conc for well in wells if well.conc)]
    signals = [*(one[1] for one in standards), *(well.signal for well in wells if well.signal is not None)]
    x = _axis([conc for conc in concs if conc > 0] or [1.0], _LEFT, WIDTH - _RIGHT)
    y = _axis(signals or [1.0], HEIGHT - _BOTTOM, _TOP)
    marks = [
        DrawnMark(x=x.place(well.conc), y=y.place(well.signal), kind=well.role, about=f"{well.name} {well.label}")
        for well in wells
        if well.conc is not None and well.signal is not None
    ]
    marks += [
        DrawnMark(
            x=x.place(conc),
            y=y.place(signal),
            kind="accepted" if is_accepted else "rejected",
            about=f"standard {conc:g} {curve.unit}{f', recovery {recovery:.0f} %' if recovery is not None else ''}",
        )
        for conc, signal, recovery, is_accepted in standards
    ]
    return DrawnCurve(
        line=_line(curve, x, y),
        marks=tuple(marks),
        range=_range(curve, x),
        x_ticks=x.ticks(),
        y_ticks=y.ticks(),
        left=_LEFT,
        right=WIDTH - _RIGHT,
        top=_TOP,
        bottom=HEIGHT - _BOTTOM,
    )


def _axis(values: Sequence[float], begin: float, end: float) -> _Axis:
    is_log = min(values) > 0
    ends = [log10(value) if is_log else value for value in (min(values), max(values))]
    pad = 0.06 * (ends[1] - ends[0]) or 0.5
    return _Axis(ends[0] - pad, ends[1] + pad, begin, end, is_log)


def _line(curve: Curve, x: _Axis, y: _Axis) -> str:
    steps: Iterable[float] = (x.low + (x.high - x.low) * step / _N_STEPS for step in range(_N_STEPS + 1))
    points = []
    for step in steps:
        conc = 10**step if x.is_log else step
        signal = curve.signal_at(conc) if conc > 0 else None
        if signal is not None and (signal > 0 or not y.is_log):
            place = y.place(signal)
            if _TOP <= place <= HEIGHT - _BOTTOM:
                points.append(f"{x.place(conc):g},{place:g}")
    return " ".join(points)


def _range(curve: Curve, x: _Axis) -> tuple[float, float] | None:
    if curve.lloq is None or curve.uloq is None or not 0 < curve.lloq < curve.uloq:
        return None
    low, high = x.place(curve.lloq), x.place(curve.uloq)
    return max(_LEFT, low), min(WIDTH - _RIGHT, high)
