"""Claims of precision and trueness, and whether an experiment verifies them (EP15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.arithmetic.refusal import Refusal
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from checks.arithmetic.precision.nested_anova import NestedAnova
    from checks.arithmetic.precision.precision_claim import BiasClaim, PrecisionClaim
    from checks.trials.csv_table import CsvTable
    from checks.trials.precision_design import Design


@dataclass(frozen=True, slots=True)
class Claims:
    """What is claimed of one level; None claims nothing."""

    repeatability_cv_percent: float | None = None
    """CV within a run, in percent, above 0."""
    within_cv_percent: float | None = None
    """CV within the laboratory, in percent, above 0."""
    target: float | None = None
    """Mean, in the unit of the results."""


@dataclass(frozen=True, slots=True)
class Verification(JsonModel):
    """What became of each claim."""

    json_keys = "repeatability? within_laboratory? bias?"

    repeatability: PrecisionClaim | Refusal | None = None
    """Claimed CV within a run."""
    within_laboratory: PrecisionClaim | Refusal | None = None
    """Claimed CV within the laboratory."""
    bias: BiasClaim | Refusal | None = None
    """Claimed mean."""


def claims_of(
    table: CsvTable, columns: Sequence[str], levels: Sequence[str] | None, default: Claims
) -> dict[str, Claims]:
    """Read the claims of each level.

    Parameters
    ----------
    table : CsvTable
        The file; claims that differ within a level, or are not above 0, become faults.
    columns : sequence of str
        Columns of repeatability, within-laboratory CV and target.
    levels : sequence of str or None
        Level of each row; None if the file has no levels.
    default : Claims
        Claims of a level whose cells are empty.

    Returns
    -------
    dict of str to Claims
        By level; under the empty name without levels.
    """
    of_row = levels if levels is not None else ["" for _ in table.rows]
    found: dict[str, list[float | None]] = {level: [None] * len(columns) for level in of_row}
    for place, level in enumerate(of_row):
        for slot, column in enumerate(columns):
            number = table.number(place, column) if column in table.columns else None
            known = found[level][slot]
            if number is not None and (number <= 0 or known not in (None, number)):
                table.fault(place, f"'{number:g}' in column '{column}' is not above 0, or differs within its level.")
            found[level][slot] = number if known is None else known
    own = (default.repeatability_cv_percent, default.within_cv_percent, default.target)
    return {
        level: Claims(*(given if given is not None else other for given, other in zip(slots, own, strict=True)))
        for level, slots in found.items()
    }


def verification_of(found: NestedAnova, design: Design, claims: Claims, n_levels: int) -> Verification | None:
    """Hold a claim against an experiment.

    Parameters
    ----------
    found : NestedAnova
        Variance components of one level.
    design : Design
        Its design.
    claims : Claims
        What is claimed.
    n_levels : int
        Levels that are verified together.

    Returns
    -------
    Verification or None
        One entry a claim; None if nothing is claimed.
    """
    from checks.arithmetic.precision.precision_claim import verify_cv, verify_mean

    total, error = found.components[0], found.components[-1]
    verified: dict[str, Any] = {}  # Any: a claim of precision, a claim of the mean, or a refusal
    for name, claim, part, df in (
        ("repeatability", claims.repeatability_cv_percent, error, error.df),
        ("within_laboratory", claims.within_cv_percent, total, _df_of_claims(found, claims)),
    ):
        if claim is None:
            continue
        if isinstance(df, Refusal):
            verified[name] = df
        elif part.cv_percent is None:
            verified[name] = Refusal("The mean is 0, so there is no CV to hold against the claim.")
        else:
            verified[name] = verify_cv(
                claim_cv_percent=claim, observed_cv_percent=part.cv_percent, df=df, n_levels=n_levels
            )
    if claims.target is not None:
        outermost = next(iter(design.factors.values()))
        n_outer = int(outermost.max()) + 1
        se = _standard_error(found, design)
        verified["bias"] = verify_mean(
            target=claims.target, mean=found.mean, se=se, df=float(n_outer - 1), n_levels=n_levels
        )
    return Verification(**verified) if verified else None


def _df_of_claims(found: NestedAnova, claims: Claims) -> float | Refusal:
    # EP15-A3 takes whole degrees of freedom from the ratio of the two claims; what is claimed between runs and days
    # together is laid on the outermost factor, which leaves the fewest of them.
    from checks.arithmetic.precision.nested_anova import satterthwaite_df

    inner, within = claims.repeatability_cv_percent, claims.within_cv_percent
    if inner is None or within is None:
        return Refusal("The limit takes its degrees of freedom from both claims: say that of repeatability as well.")
    if within < inner:
        return Refusal(f"The claim within the laboratory ({within:g} %) is below that of repeatability ({inner:g} %).")
    claimed = [within**2 - inner**2, *(0.0 for _ in found.components[2:-1]), inner**2]
    return float(round(satterthwaite_df(found, claimed)))


def _standard_error(found: NestedAnova, design: Design) -> float:
    # Results of a cell share its component: sum of squared cell sizes / n squared of it stays in the mean.
    import numpy as np

    from checks.arithmetic.precision.nested_anova import nested_cells

    cells = nested_cells(list(design.factors.values()), design.values.size)[1:]
    parts = zip(found.components[1:], cells, strict=True)
    variance = sum(part.vc * float(np.sum(np.bincount(cell).astype(float) ** 2)) for part, cell in parts)
    return float(variance**0.5 / design.values.size)
