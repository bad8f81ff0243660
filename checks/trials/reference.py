"""``qc try reference``: reference limits of one sample of healthy people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.arithmetic.reference.reference_ranks import LOWER_TAIL
from checks.arithmetic.refusal import Refusal
from checks.trials.csv_table import read_csv_table
from checks.trials.plain_values import TrialAnswer
from schemas.errors import ReaderError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from checks.arithmetic.reference.outlying_values import DixonReed, TukeyFences
    from checks.arithmetic.reference.reference_box_cox import BoxCoxLimits
    from checks.arithmetic.reference.reference_censored import BoundedInterval, BoundedRanks, BoundedValues
    from checks.arithmetic.reference.reference_normal import NormalLimits
    from checks.arithmetic.reference.reference_ranks import RankInterval, Ranks
    from checks.arithmetic.reference.robust_interval import RobustLimits

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceAnswer(TrialAnswer):
    """Reference limits of one sample of healthy people; what cannot be computed is a sentence in its place."""

    json_keys = """n n_missing n_censored rank_lower rank_upper defined nonparametric ci90 n_below? n_above? parametric
        log_parametric box_cox_parametric tukey dixon_reed robust_horn_pkg"""

    n: int
    """Values."""
    n_missing: int
    """Empty cells."""
    n_censored: int
    """Values that are bounds."""
    nonparametric: Ranks | BoundedRanks | Refusal
    """Limits by ranks."""
    ci90: RankInterval | BoundedInterval | Refusal
    """Their 90 % intervals."""
    n_below: int | None = None
    """Values known to lie below a bound; None where none is a bound."""
    n_above: int | None = None
    """Values known to lie above a bound; None where none is a bound."""
    parametric: NormalLimits | Refusal
    """Limits of a normal distribution."""
    log_parametric: NormalLimits | Refusal
    """Limits of a log-normal distribution."""
    box_cox_parametric: BoxCoxLimits | Refusal
    """Limits of a distribution that is normal after a power."""
    tukey: TukeyFences | Refusal
    """Values outside Tukey's fences."""
    dixon_reed: DixonReed | Refusal
    """Dixon and Reed's ratios of the outermost values."""
    robust_horn_pkg: RobustLimits | Refusal
    """Horn's robust limits."""

    @property
    def rank_lower(self) -> float:
        """Return the rank of the lower limit."""
        return LOWER_TAIL * (self.n + 1)

    @property
    def rank_upper(self) -> float:
        """Return the rank of the upper limit."""
        return (1 - LOWER_TAIL) * (self.n + 1)

    @property
    def defined(self) -> bool:
        """Return whether there are limits by ranks."""
        return not isinstance(self.nonparametric, Refusal)


def reference(text: str) -> dict[str, Any]:
    """Return the reference limits of one file.

    Parameters
    ----------
    text : str
        CSV with the column ``value``, one row a person; an empty value is left out and counted. A value may be a bound
        (``<0.5``, ``>1000``): it takes its place in the order, and no number is put in its place.

    Returns
    -------
    dict
        ``nonparametric`` limits with ``ci90``, ``parametric``, ``log_parametric``, ``box_cox_parametric``, ``tukey``,
        ``dixon_reed`` and ``robust_horn_pkg``; what cannot be computed is a sentence in its place: of censored values,
        every limit that a bound can move, and all that need the numbers themselves.

    Raises
    ------
    ReaderError
        If the table cannot be read, a cell is neither a number nor a bound, or none was measured.
    """
    import numpy as np

    from checks.arithmetic.reference.reference_censored import BoundedValues

    table = read_csv_table(text, ["value"])
    cells = [table.bounds(place, "value") for place in range(len(table.rows))]
    table.refuse_faults("The sample of reference values")
    measured = [cell for cell in cells if cell is not None]
    if not measured:
        raise ReaderError("No value was measured.")
    least, most = np.array(measured).T
    n_censored = int((least != most).sum())
    found = _of_bounds(BoundedValues(least, most)) if n_censored else _of_numbers(least)
    n = len(measured)
    return ReferenceAnswer(n=n, n_missing=len(cells) - n, n_censored=n_censored, **found).as_json()


def _of_numbers(x: Floats) -> dict[str, Any]:  # Any: limits of each kind, or the refusal in their place
    from checks.arithmetic.reference.outlying_values import dixon_reed, tukey_fences
    from checks.arithmetic.reference.reference_box_cox import box_cox_limits
    from checks.arithmetic.reference.reference_normal import log_normal_limits, normal_limits
    from checks.arithmetic.reference.reference_ranks import rank_interval, rank_limits
    from checks.arithmetic.reference.robust_interval import robust_limits

    return {
        "nonparametric": rank_limits(x),
        "ci90": rank_interval(x),
        "parametric": normal_limits(x),
        "log_parametric": log_normal_limits(x),
        "box_cox_parametric": box_cox_limits(x),
        "tukey": tukey_fences(x),
        "dixon_reed": dixon_reed(x),
        "robust_horn_pkg": robust_limits(x),
    }


def _of_bounds(values: BoundedValues) -> dict[str, Any]:  # Any: limits, or the refusal in their place
    from checks.arithmetic.reference.reference_censored import bounded_interval, bounded_limits

    n_bounds = values.n_below + values.n_above
    needs = Refusal(
        f"This needs every value as a number, and {n_bounds} of {values.least.size} are known only by a bound; "
        "read the limits by ranks instead."
    )
    counts = {"n_below": values.n_below, "n_above": values.n_above}
    parts = ("parametric", "log_parametric", "box_cox_parametric", "tukey", "dixon_reed", "robust_horn_pkg")
    by_ranks = {"nonparametric": bounded_limits(values), "ci90": bounded_interval(values)}
    return by_ranks | counts | dict.fromkeys(parts, needs)
