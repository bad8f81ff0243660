"""Names of standard curves and of the weights that they are fitted with."""

from __future__ import annotations

from typing import Literal

CurveModel = Literal["4pl", "5pl", "linear", "log-log", "quadratic", "point-to-point"]
"""Curve of signal against concentration."""
CurveWeight = Literal["none", "1/y", "1/y2"]
"""Weight of the squared residual."""
