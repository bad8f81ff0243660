"""Which standard curve is fitted: as the run says, or else as the method file of the analyte says."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.method import Method
from schemas.run import Run

_MODEL = "4pl"
_WEIGHT = "1/y2"


@dataclass(frozen=True, slots=True)
class CurveChoice:
    """A curve and the weight that it is fitted with."""

    model: str
    """Curve, as a run sheet names it."""
    weight: str
    """Weight of the squared residual, as a run sheet names it."""


def curve_choice(run: Run, method: Method | None = None) -> CurveChoice:
    """Return the standard curve of one analyte of a run.

    Parameters
    ----------
    run : Run
        What its sheet chooses goes before what the method file says.
    method : Method, optional
        Method of the analyte by which the run was measured; None if the catalogue does not know it.

    Returns
    -------
    CurveChoice
        ``4pl`` weighted by ``1/y2`` where neither says anything.

    Notes
    -----
    A plate chooses nothing: the curve of an assay is settled when the assay is validated, and not by what fits a day.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Sections 3.2.4 and 4.2.4.
    """
    stated = (method.curve_model, method.curve_weight) if method else ("", "")
    return CurveChoice(run.model or stated[0] or _MODEL, run.weight or stated[1] or _WEIGHT)
