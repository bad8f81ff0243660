"""What a control point is called: a shape for its gravest rule, and a line of words."""

from __future__ import annotations

from collections.abc import Sequence

from qc.triage.control_chart_view import ControlPoint
from tui.drawing.axes import short

SHAPES = {"1-3s": "▲", "2-2s": "■", "R-4s": "◆", "4-1s": "▣", "1-2s": "△"}
"""Shape by rule; a rule that is not named here has the diamond of the drift rules."""
DRIFT = "◈"
"""Shape of the drift rules."""


def gravest(rules: Sequence[str]) -> str:
    """Return the rule that gives a point its shape.

    Returns
    -------
    str
        The first of them that has a shape of its own, in the order of the shapes, else the first.
    """
    return next((rule for rule in SHAPES if rule in rules), rules[0])


def readout(point: ControlPoint, unit: str, width: int = 0, *, fine: str = "in control") -> str:
    """Say in words what a point shows.

    Parameters
    ----------
    width : int
        Columns that there are; 0 means any number. What matters least is left out first.
    """
    z = f"z {point.z:+.2f}" if point.z is not None else "no z"
    rules = sorted(point.rules, key=lambda rule: (list(SHAPES).index(rule) if rule in SHAPES else 3.5, rule))
    said = "✗ " + ", ".join(rules) if rules else fine
    fewer = f"✗ {rules[0]} and {len(rules) - 1} more" if len(rules) > 1 else said
    events = f"  ▾ {', '.join(point.events)}" if point.events else ""
    value = f"{short(point.value)} {unit}"
    forms = (
        f"{point.run}  {value}  {z}  {said}{events}",
        f"{point.run}  {value}  {z}  {said}",
        f"{point.run}  {value}  {z}  {fewer}",
        f"{point.run}  {z}  {fewer}",
        f"{z}  {fewer}",
    )
    return next((form for form in forms if not width or len(form) <= width), forms[-1])
