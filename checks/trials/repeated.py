"""Tests of several visits of one file, as ``qc try repeated`` prints them; nothing is gated here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from checks.arithmetic.families.family_wise import holm
from checks.arithmetic.pairs.paired_t import paired_t
from checks.arithmetic.refusal import Refusal
from checks.arithmetic.visits.friedman import Friedman, friedman, friedman_exact_p, ranks_within_subjects
from checks.arithmetic.visits.page_trend import PageTrend, page_trend
from checks.arithmetic.visits.quade import Quade, quade
from checks.arithmetic.visits.repeated_anova import RepeatedAnova, repeated_anova
from checks.arithmetic.visits.visit_model import VisitModel, visit_model
from checks.trials.plain_values import TrialAnswer
from checks.trials.visit_file import VisitTable, read_visits
from schemas.json_model import JsonModel
from schemas.value_words import SHIPPED, ValueWords

Floats = npt.NDArray[np.float64]
CENSORED = Refusal("A value is censored, so this would rest on an invented number: see 'friedman' and 'page'.")


MODEL = "y ~ factor(time) + (1|subject), REML, all available rows"


@dataclass(frozen=True, slots=True)
class CarAnova(JsonModel):
    """What the package car of R prints of the same analysis."""

    gg_eps: float
    """Epsilon of Greenhouse and Geisser."""
    p_gg: float
    """p with it."""
    hf_eps: float | Refusal
    """Epsilon of Huynh and Feldt."""
    p_hf: float | Refusal
    """p with it."""
    mauchly_W: float  # noqa: N815 - Mauchly's own letter
    """Mauchly's W."""
    mauchly_p: float
    """Its p as car reckons it."""


@dataclass(frozen=True, slots=True)
class AnovaAnswer(JsonModel):
    """Analysis of variance of repeated measures."""

    json_keys = "*anova car"

    anova: RepeatedAnova
    """The analysis."""
    car: CarAnova | Refusal
    """As the package car of R prints it."""


@dataclass(frozen=True, slots=True)
class VisitModelAnswer(JsonModel):
    """Mixed model of all visits."""

    json_keys = "*fitted model"

    fitted: VisitModel
    """Its numbers."""
    model: str = MODEL
    """Its formula."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstFirst(JsonModel):
    """One later visit against the first, by a paired t test."""

    json_keys = "time n mean_diff t p ci95_lo? ci95_hi? df?"

    time: float | int | str
    """Later visit."""
    n: int
    """Subjects with both."""
    mean_diff: float | Refusal
    """Mean difference."""
    t: float | Refusal
    """Statistic."""
    p: float | Refusal
    """Two-sided p."""
    ci95_lo: float | None = None
    """Lower 95 % limit of the difference; left out where there is no test."""
    ci95_hi: float | None = None
    """Upper 95 % limit of the difference; left out where there is no test."""
    df: int | None = None
    """Degrees of freedom; left out where there is no test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedVisits(JsonModel):
    """Tests of all visits by ranks; what cannot be computed is a sentence in its place."""

    mean_ranks: list[float] | Refusal
    """Mean rank of each visit."""
    friedman_exact_p: float | Refusal
    """Friedman's exact p."""
    friedman: Friedman | Refusal
    """Friedman's test."""
    quade: Quade | Refusal
    """Quade's test."""
    page: PageTrend | Refusal
    """Page's test of a trend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredVisits(JsonModel):
    """Tests of all visits by means; what cannot be computed is a sentence in its place."""

    rm_anova: AnovaAnswer | Refusal
    """Analysis of variance of repeated measures."""
    mixed_model: VisitModelAnswer | Refusal
    """Mixed model."""
    paired_t_vs_first: list[AgainstFirst] | Refusal
    """Each later visit against the first."""
    paired_t_holm: list[float | None] | Refusal
    """Their p by Holm's correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedAnswer(TrialAnswer):
    """Tests of several visits of one file."""

    json_keys = "gated times n_subjects n_complete k n_censored *ranked *measured notes"

    gated: Literal[False] = False
    """Nothing says that these data were approved."""
    times: list[float | int | str]
    """Visits; a number where it is one."""
    n_subjects: int
    """Subjects."""
    n_complete: int
    """Subjects with a value at every visit."""
    n_censored: int
    """Values that are bounds."""
    ranked: RankedVisits
    """Tests by ranks."""
    measured: MeasuredVisits
    """Tests by means."""
    notes: list[str]
    """How to read it."""

    @property
    def k(self) -> int:
        """Return the number of visits."""
        return len(self.times)


def repeated(
    text: str, *, words: ValueWords = SHIPPED, bounds: Mapping[str, float | None] | None = None
) -> dict[str, Any]:
    """Test the visits of one file; what cannot be computed is a sentence in its place.

    Parameters
    ----------
    text : str
        Text of a CSV file with the columns ``subject``, ``time`` and ``value``.
    words : ValueWords
        What words mean that stand in place of a number.
    bounds : mapping of str to (float or None), optional
        Limits of such words where no column states them: ``lloq``, ``lod``, ``uloq``.

    Returns
    -------
    dict of str to Any
        The JSON of ``qc try repeated``; Any: numbers, texts and mappings nest in it.

    Raises
    ------
    ReaderError
        If the file cannot be judged.
    """
    table = read_visits(text, words, bounds)
    is_complete = np.asarray(np.isfinite(table.number).all(axis=1), dtype=np.bool_)
    ranked = _recensored(table)
    measured = _measured_parts(table, is_complete)
    return RepeatedAnswer(
        times=[_time(time) for time in table.times],
        n_subjects=len(table.subjects),
        n_complete=table.n_complete,
        n_censored=int((table.is_below | table.is_above).sum()),
        ranked=_all_refused(ranked) if isinstance(ranked, Refusal) else _ranked_parts(ranked[is_complete]),
        measured=measured,
        notes=_notes(table, measured.mixed_model),
    ).as_json()


def _all_refused(why: Refusal) -> RankedVisits:
    return RankedVisits(mean_ranks=why, friedman=why, friedman_exact_p=why, quade=why, page=why)


def _recensored(table: VisitTable) -> Floats | Refusal:
    lower = float(table.number[table.is_below].max()) if table.is_below.any() else -np.inf
    upper = float(table.number[table.is_above].min()) if table.is_above.any() else np.inf
    if lower >= upper:
        return Refusal(f"The limit '<{lower:g}' is not below the limit '>{upper:g}', so no value is left to rank.")
    return np.asarray(np.clip(table.number, lower, upper), dtype=np.float64)


def _ranked_parts(complete: Floats) -> RankedVisits:
    ranks: list[float] | Refusal = Refusal("No subject has a value at every visit.")
    if complete.shape[0]:
        ranks = ranks_within_subjects(complete).mean(axis=0).tolist()
    return RankedVisits(
        mean_ranks=ranks,
        friedman_exact_p=friedman_exact_p(complete),
        friedman=friedman(complete),
        quade=quade(complete),
        page=page_trend(complete),
    )


def _measured_parts(table: VisitTable, is_complete: npt.NDArray[np.bool_]) -> MeasuredVisits:
    if table.has_censored:
        return MeasuredVisits(
            rm_anova=CENSORED, mixed_model=CENSORED, paired_t_vs_first=CENSORED, paired_t_holm=CENSORED
        )
    anova, model = repeated_anova(table.number[is_complete]), visit_model(table.number)
    against_first = [_against_first(table, place) for place in range(1, len(table.times))]
    p_values = [None if isinstance(entry.p, Refusal) else entry.p for entry in against_first]
    return MeasuredVisits(
        rm_anova=anova if isinstance(anova, Refusal) else AnovaAnswer(anova, _car(anova, len(table.times))),
        mixed_model=model if isinstance(model, Refusal) else VisitModelAnswer(model),
        paired_t_vs_first=against_first,
        paired_t_holm=holm(p_values),
    )


def _car(outcome: RepeatedAnova, n_visits: int) -> CarAnova | Refusal:
    # car::Anova 3.1 takes the number of visits in one term of Mauchly's second order, where it has to be the contrasts.
    from scipy.special import chdtrc

    if isinstance(outcome.mauchly_W, Refusal):
        return outcome.mauchly_W
    size, df = outcome.df1, outcome.df2 // outcome.df1
    rho = 1 - (2 * size**2 + size + 2) / (6 * size * df)
    second = (size + 2) * (size - 1) * (size - 2) * (2 * size**3 + 6 * size**2 + 3 * n_visits + 2)
    z, dof = -df * rho * np.log(outcome.mauchly_W), size * (size + 1) // 2 - 1
    first = float(chdtrc(dof, z))
    weight = second / (288 * (df * size * rho) ** 2)
    return CarAnova(
        gg_eps=outcome.gg_eps,
        p_gg=outcome.p_gg,
        hf_eps=outcome.hf_eps,
        p_hf=outcome.p_hf,
        mauchly_W=outcome.mauchly_W,
        mauchly_p=min(1.0, first + weight * (float(chdtrc(dof + 4, z)) - first)),
    )


def _against_first(table: VisitTable, place: int) -> AgainstFirst:
    both = np.isfinite(table.number[:, 0]) & np.isfinite(table.number[:, place])
    first, later = table.number[both, 0], table.number[both, place]
    scale = float(np.abs(np.concatenate([first, later])).max(initial=0.0))
    t = paired_t(later - first, scale=scale)
    time, n = _time(table.times[place]), int(both.sum())
    if isinstance(t, Refusal):
        mean_diff = float((later - first).mean()) if both.any() else t
        return AgainstFirst(time=time, n=n, mean_diff=mean_diff, t=t, p=t)
    return AgainstFirst(
        time=time, n=n, mean_diff=t.mean_diff, t=t.t, p=t.p_two, ci95_lo=t.ci95_lo, ci95_hi=t.ci95_hi, df=t.df
    )


def _notes(table: VisitTable, model: VisitModelAnswer | Refusal) -> list[str]:
    notes = ["One file, tested outside the gate: nothing says that these data were approved."]
    n_lost = len(table.subjects) - table.n_complete
    if n_lost:
        notes.append(
            f"{n_lost} subjects miss a visit: they count in the mixed model and in the contrasts with the first visit, "
            "not in the other tests."
        )
    if table.has_censored:
        notes.append("Ranks are computed after re-censoring at the highest limit; means are not computed.")
    if isinstance(model, VisitModelAnswer) and model.fitted.singular:
        notes.append("The mixed model found no variance between subjects: read 'friedman' instead.")
    return notes


def _time(written: str) -> float | int | str:
    try:
        number = float(written.replace(",", "."))
    except ValueError:
        return written
    return int(number) if number.is_integer() else number
