"""Parameters of a logistic curve as the R package drc names them, and back.

drc: f(x) = c + (d - c) / (1 + (x / e)^b)^f, with b below 0 for a rising curve (LL.4, LL.5). The ``Logistic 5P`` of
Luminex xPONENT is the same form: coefficients A, B, C, D, F are c, d, e, b, f.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.arithmetic.curves.four_pl import CurveParams
from schemas.errors import NotEvaluableError


@dataclass(frozen=True, slots=True)
class DrcParams:
    """Parameters of LL.4 (f = 1) and LL.5 of drc."""

    b: float
    """Slope, without unit; below 0 for a curve whose response at dose 0 is c."""
    c: float
    """One asymptote, in units of the signal."""
    d: float
    """The other asymptote, to which the asymmetry belongs."""
    e: float
    """Scale of the dose, in units of concentration, above 0."""
    f: float = 1.0
    """Asymmetry, above 0, without unit."""


def to_drc(params: CurveParams) -> DrcParams:
    """Return a curve as drc names it.

    Parameters
    ----------
    params : CurveParams
        The curve.

    Returns
    -------
    DrcParams
        The same curve, with c below d.

    Notes
    -----
    The asymmetry of ours and of drc's usual form both belong to the upper asymptote. A rising curve has b below 0,
    c = a and d = d; a falling one b above 0, c = d and d = a.

    References
    ----------
    .. [1] Ritz C, Baty F, Streibig JC, Gerhard D. Dose-response analysis using R. PLoS ONE. 2015;10(12):e0146021.

    Examples
    --------
    >>> to_drc(CurveParams(a=0.1, b=1.5, c=10.0, d=2.0, g=0.5))
    DrcParams(b=-1.5, c=0.1, d=2.0, e=10.0, f=0.5)
    """
    low, high = (params.a, params.d) if params.is_rising else (params.d, params.a)
    return DrcParams(-params.b if params.is_rising else params.b, low, high, params.c, params.g)


def from_drc(drc: DrcParams) -> CurveParams:
    """Return the curve that parameters of drc describe.

    Parameters
    ----------
    drc : DrcParams
        Parameters.

    Returns
    -------
    CurveParams
        The same curve.

    Raises
    ------
    NotEvaluableError
        If c lies above d and f is not 1: such a curve bends at its lower end, a form that is not fitted here. With
        f = 1 both namings are one curve, and it is returned.

    Examples
    --------
    >>> from_drc(DrcParams(b=2.0, c=0.1, d=2.0, e=10.0))
    CurveParams(a=2.0, b=2.0, c=10.0, d=0.1, g=1.0, shape=None, knots=None)
    """
    if drc.c > drc.d and drc.f != 1.0:
        raise NotEvaluableError(
            f"The drc curve has c '{drc.c:g}' above d '{drc.d:g}' and f '{drc.f:g}', so its asymmetry belongs to the "
            "lower asymptote: expected c below d, as drc gives it by default."
        )
    a, d = (drc.c, drc.d) if drc.b < 0 else (drc.d, drc.c)
    return CurveParams(a=a, b=abs(drc.b), c=drc.e, d=d, g=drc.f)
