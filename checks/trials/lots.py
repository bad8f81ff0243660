"""``qc try lots``: a new reagent lot against the old one, by samples that were measured with both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.trials.csv_table import read_csv_table
from checks.trials.plain_values import plain
from schemas.errors import ConfigError, ReaderError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from checks.arithmetic.agreement.method_comparison import Line
    from checks.arithmetic.refusal import Refusal

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LotSettings:
    """How a new lot is judged."""

    allowed_percent: float | None = None
    """Largest bias that is allowed, in percent, above 0; None gives no verdict."""
    at: tuple[float, ...] = ()
    """Levels at which the bias is told and judged, in the unit of the results, above 0; none means the quartiles."""
    error_ratio: float = 1.0
    """Error variance of the new lot over that of the old one, above 0."""

    def check(self) -> None:
        """Refuse settings that judge nothing.

        Raises
        ------
        ConfigError
            If a number is not above 0.
        """
        numbers = [self.error_ratio, *self.at, *([] if self.allowed_percent is None else [self.allowed_percent])]
        bad = [number for number in numbers if not 0 < number < float("inf")]
        if bad:
            raise ConfigError(f"'{bad[0]:g}' must be a number above 0.")


def lots(text: str, settings: LotSettings) -> dict[str, Any]:
    """Compare a new lot with the old one.

    Parameters
    ----------
    text : str
        CSV with the columns ``old`` and ``new`` (one row a sample, in one unit) and, if there are several changes of
        lot, ``group``. A row without one of the two is left out and counted.
    settings : LotSettings
        How the lot is judged.

    Returns
    -------
    dict
        ``groups``: for each change ``n``, ``deming``, ``passing_bablok``, ``mean_bias_percent`` (from log ratios),
        ``bias_at`` and ``verdict`` (``pass``, ``reject``, or ``not_evaluable`` without a line or a limit).

    Raises
    ------
    ReaderError
        If the table cannot be read, or no sample was measured with both lots.
    """
    import numpy as np

    table = read_csv_table(text, ["old", "new"])
    groups: dict[str, list[tuple[float, float]]] = {}
    n_missing = 0
    for place in range(len(table.rows)):
        group = table.rows[place].get("group", "")
        old, new = (table.number(place, column) for column in ("old", "new"))
        if old is None or new is None:
            n_missing += 1
        else:
            groups.setdefault(group, []).append((old, new))
    table.refuse_faults("The comparison of lots")
    if not groups:
        raise ReaderError("No sample was measured with both lots.")
    columns = {name: np.array(pairs).T for name, pairs in groups.items()}
    told = [{"group": name, **_one(old, new, settings)} for name, (old, new) in columns.items()]
    return {"n_missing": n_missing, "allowed_percent": settings.allowed_percent, "groups": plain(told)}


def _one(old: Floats, new: Floats, settings: LotSettings) -> dict[str, Any]:
    import numpy as np

    from checks.arithmetic.agreement.method_comparison import deming, passing_bablok

    line = passing_bablok(old, new)
    positive = old[old > 0]
    levels = settings.at or tuple(
        dict.fromkeys(np.quantile(positive, [0.25, 0.5, 0.75]).tolist() if positive.size else [])
    )
    biases = _biases(line, levels)
    return {
        "n": int(old.size),
        "deming": deming(old, new, error_ratio=settings.error_ratio),
        "passing_bablok": line,
        "mean_bias_percent": _mean_bias(old, new),
        "bias_at": biases,
        "verdict": _verdict(biases, settings.allowed_percent),
    }


def _biases(line: Line | Refusal, levels: Sequence[float]) -> Any:  # Any: rows, or the refusal of the line
    from checks.arithmetic.refusal import Refusal

    if isinstance(line, Refusal):
        return line
    return [{"level": level, "bias_percent": 100 * (line.at(level) - level) / level} for level in levels]


def _verdict(biases: Any, allowed_percent: float | None) -> str:  # Any: rows or a refusal
    if not isinstance(biases, list) or not biases or allowed_percent is None:
        return "not_evaluable"
    worst = max(abs(bias["bias_percent"]) for bias in biases)
    return "pass" if worst <= allowed_percent else "reject"


def _mean_bias(old: Floats, new: Floats) -> Any:  # Any: three numbers, or a refusal
    import numpy as np
    from scipy.stats import t

    from checks.arithmetic.refusal import Refusal

    if old.size < 2 or min(old.min(), new.min()) <= 0:
        return Refusal("A mean bias in percent needs at least two samples, all above 0.")
    ratios = np.log(new / old)
    mean, se = float(ratios.mean()), float(ratios.std(ddof=1) / np.sqrt(ratios.size))
    half = float(t.isf(0.025, ratios.size - 1)) * se
    low, estimate, high = (float(100 * np.expm1(end)) for end in (mean - half, mean, mean + half))
    return {"estimate": estimate, "ci_low": low, "ci_high": high}
