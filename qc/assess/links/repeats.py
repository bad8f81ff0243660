"""Several results of one sample and analyte, in one run or in many, and which of them counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from checks.several_results import ASK, Choice, RepeatPolicy, Role, Several, choose
from qc.items.names import ORDINAL_BITS
from qc.store.frames import query
from schemas.result_marks import SUPERSEDED

if TYPE_CHECKING:
    import polars as pl

    from checks.run_input import RunInput
    from qc.assess.controls.measured_run import MeasuredRun
    from qc.assess.prepare.rule_set import RuleSet
    from qc.store.connection import Connection

_KEYS = ("study", "sample", "analyte", "matrix")
_SEVERAL = ("run", "started_at", "plate", "dilution", "value", "unit", "method", "censor", "censor_limit")
_COLUMNS = (*_KEYS, "result_id", *_SEVERAL, "is_replaced", "profile")
_STORED = f"""
    WITH own AS (
        SELECT name AS sample FROM wells WHERE run_id IN (SELECT unnest($runs)) AND role = 'sample'
        UNION SELECT sample FROM reported WHERE run_id IN (SELECT unnest($runs)) AND role = 'sample'
    ), known AS (
        SELECT * FROM latest_results WHERE sample IN (SELECT sample FROM own)
            AND run_id NOT IN (SELECT unnest($runs)) AND result_id NOT IN (SELECT unnest($gone::BIGINT[]))
    )
    SELECT k.study, k.sample, k.analyte, k.matrix, k.result_id, x.run, x.started_at, k.plate, k.dilution, k.value,
        k.unit, k.method, k.censor, k.censor_limit, coalesce(p.role = '{Role.REPLACED}', false) AS is_replaced,
        x.profile
    FROM known k JOIN runs x USING (run_id) LEFT JOIN repeats p USING (assessment_id, result_id)
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, kw_only=True)
class RunRepeats:
    """What counts of the samples of one run that have several results."""

    run_id: int
    """The run."""
    choices: tuple[Choice, ...] = ()
    """One for each sample and analyte with several results, some of them of this run."""

    @cached_property
    def roles(self) -> Mapping[int, Role]:
        """Role of each result of the run that is one of several, by ordinal."""
        return {
            result_id & ((1 << ORDINAL_BITS) - 1): role
            for choice in self.choices
            for result_id, role in choice.roles.items()
            if result_id >> ORDINAL_BITS == self.run_id
        }

    @cached_property
    def evidence(self) -> frozenset[int]:
        """Ordinals of results that are kept and do not count."""
        return frozenset(ordinal for ordinal, role in self.roles.items() if role is Role.EVIDENCE)

    def put_to(self, run_input: RunInput) -> dict[str, Any]:
        """Return what rules see of it, by the names of ``RunInput``."""
        own = {
            choice.reported & ((1 << ORDINAL_BITS) - 1): choice
            for choice in self.choices
            if choice.reported is not None and choice.reported >> ORDINAL_BITS == self.run_id
        }
        unplanned = {ordinal: choice.n_valid - 1 for ordinal, choice in own.items() if choice.policy == ASK}
        settled = {ordinal: choice for ordinal, choice in own.items() if choice.policy != ASK}
        known = set(run_input.results["ordinal"].to_list())
        return {
            "duplicates": {ordinal: n for ordinal, n in unplanned.items() if n > 0 and ordinal in known},
            "repeats": {ordinal: choice for ordinal, choice in settled.items() if ordinal in known},
            "evidence": self.evidence,
        }


def stored_repeats(con: Connection, run_ids: Sequence[int], gone: pl.DataFrame) -> pl.DataFrame:
    """Load what the samples of some runs have in all other runs.

    Parameters
    ----------
    gone : DataFrame
        ``result_id`` of results that are rejected or to be repeated; they are left out.
    """
    return query(con, _STORED, {"runs": list(run_ids), "gone": gone["result_id"].to_list()})


def repeats_of_runs(
    measured: Sequence[MeasuredRun],
    stored: pl.DataFrame,
    gone: pl.DataFrame,
    rule_set: RuleSet,
    set_aside: Mapping[int, Collection[int]],
) -> dict[int, RunRepeats]:
    """Choose what counts of the samples of runs that are judged together.

    Parameters
    ----------
    stored : DataFrame
        What :func:`stored_repeats` returned.
    gone : DataFrame
        ``result_id`` of results that are rejected or to be repeated: they take part in no choice of another run.
    set_aside : mapping of int to collection of int
        Ordinals that take no part in the choices of their own run, by run.

    Returns
    -------
    dict of int to RunRepeats
        By run.
    """
    import polars as pl

    frames = {run.loaded.run_id: _rows(run) for run in measured}
    valid = pl.concat([stored.select(_COLUMNS), *(frame.join(gone, "result_id", "anti") for frame in frames.values())])
    found = {}
    for run_id, own in frames.items():
        others = valid.filter(pl.col("result_id") // (1 << ORDINAL_BITS) != run_id)
        # What is set aside with nothing beside it in its run keeps what was said of it: the run is not judged again.
        result_ids = [(run_id << ORDINAL_BITS) + ordinal for ordinal in set_aside.get(run_id, ())]
        valid_own = own.filter(~pl.col("result_id").is_in(result_ids))
        found[run_id] = RunRepeats(run_id=run_id, choices=_choices(valid_own, others, rule_set))
    return found


def _rows(run: MeasuredRun) -> pl.DataFrame:
    import polars as pl

    about = run.loaded.run
    return run.run_input.results.select(
        pl.lit(about.study).alias("study"),
        "sample",
        "analyte",
        "matrix",
        (pl.col("ordinal") + (run.loaded.run_id << ORDINAL_BITS)).alias("result_id"),
        pl.lit(about.run).alias("run"),
        pl.lit(about.started_at, pl.Datetime("us")).alias("started_at"),
        *("plate", "dilution", "value", "unit", "method", "censor", "censor_limit"),
        pl.col("flag").str.contains(SUPERSEDED).alias("is_replaced"),
        pl.lit(about.profile).alias("profile"),
    )


def _choices(own: pl.DataFrame, others: pl.DataFrame, rule_set: RuleSet) -> tuple[Choice, ...]:
    import polars as pl

    beside = others.join(own.select(_KEYS).unique(), on=list(_KEYS), how="semi")
    both = pl.concat([own, beside]).filter(pl.len().over(_KEYS) > 1)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in both.iter_rows(named=True):
        groups.setdefault(tuple(row[key] for key in _KEYS), []).append(row)
    return tuple(_choice(rows, rule_set) for _, rows in sorted(groups.items()))


def _choice(rows: Sequence[Mapping[str, Any]], rule_set: RuleSet) -> Choice:
    several = [(Several(**{name: row[name] for name in (*_SEVERAL, "result_id", "is_replaced")}), row) for row in rows]
    # Runs may name profiles of their own: the one that was measured first says what repeats do.
    _, first = min(several, key=lambda one: one[0].when)
    profile = rule_set.profile_of(first["profile"])
    return choose([one for one, _ in several], profile.repeats if profile else RepeatPolicy())
