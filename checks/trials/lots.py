"""``qc try lots``: a new reagent lot against the old one, by samples that were measured with both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.arithmetic.refusal import Refusal
from checks.trials.csv_table import read_csv_table
from checks.trials.plain_values import TrialAnswer
from schemas.errors import ConfigError, ReaderError
from schemas.finding import Verdict, worst
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from checks.arithmetic.agreement.lot_bias import BiasInterval
    from checks.arithmetic.agreement.lot_scatter import LotScatter
    from checks.arithmetic.agreement.method_comparison import Line

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
    cv_percent: float | None = None
    """CV of one result of the old lot under the conditions of the comparison, in percent, above 0."""
    cv_new_percent: float | None = None
    """The same of the new lot; None is that of the old one."""

    @property
    def expected_percent(self) -> float | None:
        """Return the SD of a difference that the precision of both lots explains, in percent; None if unknown."""
        if self.cv_percent is None:
            return None
        return float((self.cv_percent**2 + (self.cv_new_percent or self.cv_percent) ** 2) ** 0.5)

    def check(self) -> None:
        """Refuse settings that judge nothing.

        Raises
        ------
        ConfigError
            If a number is not above 0.
        """
        given = (self.allowed_percent, self.cv_percent, self.cv_new_percent)
        numbers = [self.error_ratio, *self.at, *(number for number in given if number is not None)]
        bad = [number for number in numbers if not 0 < number < float("inf")]
        if bad:
            raise ConfigError(f"'{bad[0]:g}' must be a number above 0.")


@dataclass(frozen=True, slots=True)
class LotBias(JsonModel):
    """Bias of the new lot at one level."""

    json_keys = "level bias_percent ci_low ci_high verdict"

    level: float
    """Level, in the unit of the results."""
    bias_percent: float
    """Bias by the line of Passing and Bablok, in percent."""
    ci_low: float
    """Lower 95 % limit, in percent."""
    ci_high: float
    """Upper 95 % limit, in percent."""
    verdict: Verdict
    """``pass`` if the whole interval is allowed, ``reject`` if nothing of it is, else ``not_evaluable``."""


@dataclass(frozen=True, slots=True)
class ScatterOfSamples(JsonModel):
    """Scatter of the samples about the line."""

    sd_percent: float
    """SD of log(new / line), in percent."""
    sd_low: float
    """Lower 95 % limit, in percent."""
    sd_high: float
    """Upper 95 % limit, in percent."""
    expected_percent: float | None
    """What the precision of both lots explains, in percent; None if nobody says it."""
    n_beyond_allowed: int | None
    """Samples that differ by more than the bias that is allowed; None if nobody says it."""
    worst_percent: float
    """Largest difference of one sample, in percent."""


@dataclass(frozen=True, slots=True)
class MeanBias(JsonModel):
    """Mean bias, from log ratios, in percent."""

    estimate: float
    """Estimate."""
    ci_low: float
    """Lower 95 % limit."""
    ci_high: float
    """Upper 95 % limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotChange(JsonModel):
    """One change of lot."""

    group: str
    """Name of the change; empty if there is one."""
    n: int
    """Samples that were measured with both lots."""
    deming: Line | Refusal
    """Line by Deming's regression."""
    passing_bablok: Line | Refusal
    """Line by Passing and Bablok."""
    mean_bias_percent: MeanBias | Refusal
    """Mean bias."""
    bias_at: list[LotBias] | Refusal
    """Bias at each level."""
    scatter: ScatterOfSamples | Refusal
    """Scatter about the line of Passing and Bablok."""
    verdict: Verdict
    """Gravest of what was looked at: bias at each level, scatter, outlier, number and range of the samples."""
    reasons: list[str]
    """Why it is not ``pass``; empty if it is."""


@dataclass(frozen=True, slots=True)
class LotsAnswer(TrialAnswer):
    """A new lot against the old one."""

    n_missing: int
    """Rows without one of the two."""
    allowed_percent: float | None
    """Largest bias that is allowed; None if nobody says."""
    groups: list[LotChange]
    """Each change of lot."""
    verdict: Verdict
    """Gravest verdict of the changes."""


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
        ``bias_at`` with its intervals, ``scatter``, ``verdict`` and ``reasons``.

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
    changes = [_change(name, old, new, settings) for name, (old, new) in columns.items()]
    gravest = worst(change.verdict for change in changes)
    return LotsAnswer(n_missing, settings.allowed_percent, changes, gravest).as_json()


def _change(group: str, old: Floats, new: Floats, settings: LotSettings) -> LotChange:
    import numpy as np

    from checks.arithmetic.agreement.lot_bias import bias_intervals
    from checks.arithmetic.agreement.lot_scatter import lot_scatter
    from checks.arithmetic.agreement.lot_verdict import lot_verdicts
    from checks.arithmetic.agreement.method_comparison import deming, passing_bablok

    line = passing_bablok(old, new)
    positive = old[old > 0]
    levels = settings.at or tuple(
        dict.fromkeys(np.quantile(positive, [0.25, 0.5, 0.75]).tolist() if positive.size else [])
    )
    biases = line if isinstance(line, Refusal) else bias_intervals(old, new, line, levels)
    spread = line if isinstance(line, Refusal) else lot_scatter(old, new, line, settings.allowed_percent)
    said = lot_verdicts(old, new, biases, spread, settings.allowed_percent, settings.expected_percent)
    return LotChange(
        group=group,
        n=int(old.size),
        deming=deming(old, new, error_ratio=settings.error_ratio),
        passing_bablok=line,
        mean_bias_percent=_mean_bias(old, new),
        bias_at=_answer_of_biases(biases, settings),
        scatter=_answer_of_scatter(spread, settings),
        verdict=worst(verdict for verdict, _ in said),
        reasons=[sentence for _, sentence in said],
    )


def _answer_of_biases(biases: list[BiasInterval] | Refusal, settings: LotSettings) -> list[LotBias] | Refusal:
    if isinstance(biases, Refusal):
        return biases
    allowed = settings.allowed_percent
    return [
        LotBias(
            bias.level,
            bias.bias_percent,
            bias.ci_low,
            bias.ci_high,
            Verdict.NOT_EVALUABLE if allowed is None else bias.verdict(allowed),
        )
        for bias in biases
    ]


def _answer_of_scatter(spread: LotScatter | Refusal, settings: LotSettings) -> ScatterOfSamples | Refusal:
    if isinstance(spread, Refusal):
        return spread
    return ScatterOfSamples(
        spread.sd_percent,
        spread.sd_low,
        spread.sd_high,
        settings.expected_percent,
        spread.n_beyond_allowed,
        spread.worst_percent,
    )


def _mean_bias(old: Floats, new: Floats) -> MeanBias | Refusal:
    import numpy as np
    from scipy.stats import t

    if old.size < 2 or min(old.min(), new.min()) <= 0:
        return Refusal("A mean bias in percent needs at least two samples, all above 0.")
    ratios = np.log(new / old)
    mean, se = float(ratios.mean()), float(ratios.std(ddof=1) / np.sqrt(ratios.size))
    half = float(t.isf(0.025, ratios.size - 1)) * se
    low, estimate, high = (float(100 * np.expm1(end)) for end in (mean - half, mean, mean + half))
    return MeanBias(estimate, low, high)
