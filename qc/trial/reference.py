"""``qc try reference``: reference limits of one sample of healthy people."""

from __future__ import annotations

from typing import Any

from qc.trial.csv_table import read_csv_table
from qc.trial.plain import plain
from schemas.errors import ReaderError


def reference(text: str) -> dict[str, Any]:
    """Return the reference limits of one file.

    Parameters
    ----------
    text : str
        CSV with the column ``value``, one row a person; an empty value is left out and counted.

    Returns
    -------
    dict
        ``nonparametric`` limits with ``ci90``, ``parametric``, ``log_parametric``, ``tukey``, ``dixon_reed`` and
        ``robust_horn_pkg``; what cannot be computed is a sentence in its place.

    Raises
    ------
    ReaderError
        If the table cannot be read, a cell is no number (a censored one included), or none was measured.
    """
    import numpy as np

    from checks.arithmetic import reference_ranks as ranks
    from checks.arithmetic.outlying import dixon_reed, tukey_fences
    from checks.arithmetic.reference_normal import log_normal_limits, normal_limits
    from checks.arithmetic.refusal import Refusal
    from checks.arithmetic.robust_interval import robust_limits

    table = read_csv_table(text, ["value"])
    cells = [table.number(place, "value") for place in range(len(table.rows))]
    table.refuse_faults("The sample of reference values")
    x = np.array([cell for cell in cells if cell is not None])
    if not x.size:
        raise ReaderError("No value was measured.")
    limits = ranks.rank_limits(x)
    told = {
        "n": int(x.size),
        "n_missing": len(cells) - int(x.size),
        "rank_lower": ranks.LOWER_TAIL * (x.size + 1),
        "rank_upper": (1 - ranks.LOWER_TAIL) * (x.size + 1),
        "defined": not isinstance(limits, Refusal),
        "nonparametric": limits,
        "ci90": ranks.rank_interval(x),
        "parametric": normal_limits(x),
        "log_parametric": log_normal_limits(x),
        "tukey": tukey_fences(x),
        "dixon_reed": dixon_reed(x),
        "robust_horn_pkg": robust_limits(x),
    }
    answer: dict[str, Any] = plain(told)
    return answer
