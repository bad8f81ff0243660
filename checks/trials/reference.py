"""``qc try reference``: reference limits of one sample of healthy people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checks.trials.csv_table import read_csv_table
from checks.trials.plain_values import plain
from schemas.errors import ReaderError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from checks.arithmetic.reference.reference_censored import BoundedValues

    Floats = npt.NDArray[np.float64]


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
    told = {"n": len(measured), "n_missing": len(cells) - len(measured), "n_censored": n_censored}
    answer: dict[str, Any] = plain(
        told | (_of_bounds(BoundedValues(least, most)) if n_censored else _of_numbers(least))
    )
    return answer


def _of_numbers(x: Floats) -> dict[str, Any]:
    from checks.arithmetic.reference.outlying_values import dixon_reed, tukey_fences
    from checks.arithmetic.reference.reference_box_cox import box_cox_limits
    from checks.arithmetic.reference.reference_normal import log_normal_limits, normal_limits
    from checks.arithmetic.reference.reference_ranks import rank_interval, rank_limits
    from checks.arithmetic.reference.robust_interval import robust_limits

    return _by_ranks(int(x.size), rank_limits(x), rank_interval(x)) | {
        "parametric": normal_limits(x),
        "log_parametric": log_normal_limits(x),
        "box_cox_parametric": box_cox_limits(x),
        "tukey": tukey_fences(x),
        "dixon_reed": dixon_reed(x),
        "robust_horn_pkg": robust_limits(x),
    }


def _of_bounds(values: BoundedValues) -> dict[str, Any]:
    from checks.arithmetic.reference.reference_censored import bounded_interval, bounded_limits
    from checks.arithmetic.refusal import Refusal

    n_bounds = values.n_below + values.n_above
    told = _by_ranks(int(values.least.size), bounded_limits(values), bounded_interval(values))
    needs = Refusal(
        f"This needs every value as a number, and {n_bounds} of {values.least.size} are known only by a bound; "
        "read the limits by ranks instead."
    )
    told |= {"n_below": values.n_below, "n_above": values.n_above}
    parts = ("parametric", "log_parametric", "box_cox_parametric", "tukey", "dixon_reed", "robust_horn_pkg")
    return told | dict.fromkeys(parts, needs)


def _by_ranks(n: int, limits: Any, interval: Any) -> dict[str, Any]:  # Any: limits, or the sentence in their place
    from checks.arithmetic.reference.reference_ranks import LOWER_TAIL
    from checks.arithmetic.refusal import Refusal

    told = {"rank_lower": LOWER_TAIL * (n + 1), "rank_upper": (1 - LOWER_TAIL) * (n + 1)}
    return told | {"defined": not isinstance(limits, Refusal), "nonparametric": limits, "ci90": interval}
