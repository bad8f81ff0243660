"""Several visits of one endpoint together: trend and model, beside the contrasts of the family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal
from checks.arithmetic.visits.friedman import Friedman, friedman, friedman_exact_p
from checks.arithmetic.visits.page_trend import PageTrend, page_trend
from checks.arithmetic.visits.visit_model import VisitModel, visit_model
from checks.contrasts.losses import single_result
from checks.contrasts.pairing import ReleaseRows
from checks.contrasts.plan import Endpoint, Plan
from schemas.json_model import JsonModel

Floats = npt.NDArray[np.float64]
CENSORED = Refusal("A value is censored, so a model of means would rest on an invented number.")


@dataclass(frozen=True, slots=True)
class SeveralVisits(JsonModel):
    """Tests over all visits of the plan, as description: none of them is in the family."""

    json_keys = "analyte matrix arm visits n_subjects n_complete friedman_exact_p friedman page mixed_model=model"

    analyte: str
    """Id of the analyte."""
    matrix: str
    """Matrix."""
    visits: tuple[str, ...]
    """Visits of the plan, in their order."""
    n_subjects: int
    """Subjects with any result."""
    n_complete: int
    """Subjects with a result at every visit."""
    friedman: Friedman | Refusal
    """Friedman's test of the complete subjects."""
    friedman_exact_p: float | Refusal
    """Its exact p, conditional on ties."""
    page: PageTrend | Refusal
    """Page's test of a trend in the order of the visits."""
    model: VisitModel | Refusal
    """Mixed model of all results that are there."""
    arm: str = ""
    """Arm; empty in a study of one arm."""


def several_visits(released: ReleaseRows, endpoint: Endpoint, plan: Plan, *, arm: str = "") -> SeveralVisits:
    """Test all visits of the plan together.

    Parameters
    ----------
    released : ReleaseRows
        Results of the release.
    endpoint : Endpoint
        Analyte and matrix.
    plan : Plan
        Visits, three or more for this to say more than the contrast.
    arm : str
        Arm that the results are of.

    Returns
    -------
    SeveralVisits
        Tests, or the refusals in their places; censored values are ranked at the highest limit, never averaged.
    """
    visits = _in_order(plan)
    values, is_censored = _table(released, endpoint, plan, visits)
    complete = values[np.isfinite(values).all(axis=1)]
    return SeveralVisits(
        analyte=endpoint.analyte,
        matrix=endpoint.matrix,
        visits=visits,
        n_subjects=int(np.isfinite(values).any(axis=1).sum()),
        n_complete=int(complete.shape[0]),
        friedman=friedman(complete),
        friedman_exact_p=friedman_exact_p(complete),
        page=page_trend(complete),
        model=CENSORED if is_censored else visit_model(values),
        arm=arm,
    )


def _in_order(plan: Plan) -> tuple[str, ...]:
    try:
        return tuple(sorted(plan.visits, key=float))
    except ValueError:
        return plan.visits


def _table(released: ReleaseRows, endpoint: Endpoint, plan: Plan, visits: tuple[str, ...]) -> tuple[Floats, bool]:
    values = np.full((len(released.subjects), len(visits)), np.nan)
    lowers, uppers = [-np.inf], [np.inf]
    for place, subject in enumerate(released.subjects):
        for column, visit in enumerate(visits):
            rows = released.rows.get((endpoint.analyte, endpoint.matrix, visit, subject), ())
            row = single_result(rows, plan)
            if row is None or isinstance(row, str):
                continue
            number = row["censor_limit"] if row["censor"] else row["value"]
            if number is not None:
                digits = row["decimals"] if plan.resolution == "reported" and not row["censor"] else None
                values[place, column] = number if digits is None else round(number, digits)
            lowers += [number] if row["censor"] == "<" else []
            uppers += [number] if row["censor"] == ">" else []
    is_censored = len(lowers) + len(uppers) > 2
    if max(lowers) >= min(uppers):
        return np.full_like(values, np.nan), True  # limits cross: no value is left to rank
    return np.clip(values, max(lowers), min(uppers)), is_censored
