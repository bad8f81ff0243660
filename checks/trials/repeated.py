"""Tests of several visits of one file, as ``qc try repeated`` prints them; nothing is gated here."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from checks.arithmetic.families.family_wise import holm
from checks.arithmetic.pairs.paired_t import PairedT, paired_t
from checks.arithmetic.refusal import Refusal
from checks.arithmetic.visits.friedman import friedman, friedman_exact_p, ranks_within_subjects
from checks.arithmetic.visits.page_trend import page_trend
from checks.arithmetic.visits.quade import quade
from checks.arithmetic.visits.repeated_anova import RepeatedAnova, repeated_anova
from checks.arithmetic.visits.visit_model import VisitModel, visit_model
from checks.trials.plain_values import plain
from checks.trials.visit_file import VisitTable, read_visits

Floats = npt.NDArray[np.float64]
CENSORED = Refusal("A value is censored, so this would rest on an invented number: see 'friedman' and 'page'.")


def repeated(text: str) -> dict[str, Any]:
    """Test the visits of one file; what cannot be computed is a sentence in its place.

    Parameters
    ----------
    text : str
        Text of a CSV file with the columns ``subject``, ``time`` and ``value``.

    Returns
    -------
    dict of str to Any
        The JSON of ``qc try repeated``; Any: numbers, texts and mappings nest in it.

    Raises
    ------
    ReaderError
        If the file cannot be judged.
    """
    table = read_visits(text)
    is_complete = np.asarray(np.isfinite(table.number).all(axis=1), dtype=np.bool_)
    outcome: dict[str, Any] = {
        "gated": False,
        "times": [_time(time) for time in table.times],
        "n_subjects": len(table.subjects),
        "n_complete": table.n_complete,
        "k": len(table.times),
        "n_censored": int((table.is_below | table.is_above).sum()),
    }
    ranked = _recensored(table)
    if isinstance(ranked, Refusal):
        outcome |= dict.fromkeys(("mean_ranks", "friedman", "friedman_exact_p", "quade", "page"), ranked)
    else:
        outcome |= _ranked_parts(ranked[is_complete])
    outcome |= _measured_parts(table, is_complete)
    outcome["notes"] = _notes(table, outcome)
    told: dict[str, Any] = plain(outcome)
    return told


def _recensored(table: VisitTable) -> Floats | Refusal:
    lower = float(table.number[table.is_below].max()) if table.is_below.any() else -np.inf
    upper = float(table.number[table.is_above].min()) if table.is_above.any() else np.inf
    if lower >= upper:
        return Refusal(f"The limit '<{lower:g}' is not below the limit '>{upper:g}', so no value is left to rank.")
    return np.asarray(np.clip(table.number, lower, upper), dtype=np.float64)


def _ranked_parts(complete: Floats) -> dict[str, Any]:
    ranks: Any = Refusal("No subject has a value at every visit.")  # Any: a list of numbers where there is one
    if complete.shape[0]:
        ranks = ranks_within_subjects(complete).mean(axis=0).tolist()
    parts = {"friedman": friedman(complete), "quade": quade(complete), "page": page_trend(complete)}
    told = {name: part if isinstance(part, Refusal) else plain(part) for name, part in parts.items()}
    return {"mean_ranks": ranks, "friedman_exact_p": friedman_exact_p(complete)} | told


def _measured_parts(table: VisitTable, is_complete: npt.NDArray[np.bool_]) -> dict[str, Any]:
    if table.has_censored:
        return dict.fromkeys(("rm_anova", "mixed_model", "paired_t_vs_first", "paired_t_holm"), CENSORED)
    anova, model = repeated_anova(table.number[is_complete]), visit_model(table.number)
    against_first = [_against_first(table, place) for place in range(1, len(table.times))]
    p_values = [entry["p"] if isinstance(entry["p"], float) else None for entry in against_first]
    return {
        "rm_anova": _anova(anova, len(table.times)),
        "mixed_model": plain(model) | {"model": MODEL} if isinstance(model, VisitModel) else model,
        "paired_t_vs_first": against_first,
        "paired_t_holm": holm(p_values),
    }


MODEL = "y ~ factor(time) + (1|subject), REML, all available rows"


def _anova(outcome: RepeatedAnova | Refusal, n_visits: int) -> dict[str, Any] | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    told: dict[str, Any] = plain(outcome)  # not asdict, which would walk into the sentences of what is not defined
    return told | {"car": _as_car_prints_it(outcome, n_visits)}


def _as_car_prints_it(outcome: RepeatedAnova, n_visits: int) -> dict[str, Any] | Refusal:
    # car::Anova 3.1 takes the number of visits in one term of Mauchly's second order, where it has to be the contrasts.
    from scipy.special import chdtrc

    if isinstance(outcome.mauchly_W, Refusal):
        return outcome.mauchly_W
    names = {name: getattr(outcome, name) for name in ("gg_eps", "p_gg", "hf_eps", "p_hf", "mauchly_W")}
    size, df = outcome.df1, outcome.df2 // outcome.df1
    rho = 1 - (2 * size**2 + size + 2) / (6 * size * df)
    second = (size + 2) * (size - 1) * (size - 2) * (2 * size**3 + 6 * size**2 + 3 * n_visits + 2)
    z, dof = -df * rho * np.log(outcome.mauchly_W), size * (size + 1) // 2 - 1
    first = float(chdtrc(dof, z))
    weight = second / (288 * (df * size * rho) ** 2)
    return names | {"mauchly_p": min(1.0, first + weight * (float(chdtrc(dof + 4, z)) - first))}


def _against_first(table: VisitTable, place: int) -> dict[str, Any]:
    both = np.isfinite(table.number[:, 0]) & np.isfinite(table.number[:, place])
    first, later = table.number[both, 0], table.number[both, place]
    scale = float(np.abs(np.concatenate([first, later])).max(initial=0.0))
    t = paired_t(later - first, scale=scale)
    entry = {"time": _time(table.times[place]), "n": int(both.sum())}
    if not isinstance(t, PairedT):
        return entry | {"mean_diff": float((later - first).mean()) if both.any() else t, "t": t, "p": t}
    ends = {"ci95_lo": t.ci95_lo, "ci95_hi": t.ci95_hi, "df": t.df}
    return entry | {"mean_diff": t.mean_diff, "t": t.t, "p": t.p_two} | ends


def _notes(table: VisitTable, outcome: dict[str, Any]) -> list[str]:
    notes = ["One file, tested outside the gate: nothing says that these data were approved."]
    n_lost = len(table.subjects) - table.n_complete
    if n_lost:
        notes.append(
            f"{n_lost} subjects miss a visit: they count in the mixed model and in the contrasts with the first visit, "
            "not in the other tests."
        )
    if table.has_censored:
        notes.append("Ranks are computed after re-censoring at the highest limit; means are not computed.")
    model = outcome["mixed_model"]
    if isinstance(model, dict) and model.get("singular"):
        notes.append("The mixed model found no variance between subjects: read 'friedman' instead.")
    return notes


def _time(written: str) -> float | int | str:
    try:
        number = float(written.replace(",", "."))
    except ValueError:
        return written
    return int(number) if number.is_integer() else number
