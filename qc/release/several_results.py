"""Several results of one sample in a release: what the plan averages or leaves out, and what the laboratory chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qc.items.names import name_columns, name_of_result, names_of_result
from qc.items.states import APPROVED, EVIDENCE, ItemState, gravest
from qc.release.declared_choice import SETTING_OF_POLICY
from qc.store.frames import query

if TYPE_CHECKING:
    import polars as pl

    from checks.contrasts.plan import Plan
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

AVERAGED = "averaged"
"""State of a result whose number stands in the mean that another one of its sample carries."""
_OF_PLAN = """
    SELECT result_id, reported_id, analyte FROM latest_repeats
    WHERE study = ? AND role = 'evidence' AND is_usable AND NOT is_declared AND reported_id IS NOT NULL
"""
_REPLACED = """
    SELECT result_id, reported_id, analyte FROM latest_repeats
    WHERE study = ? AND role = 'replaced' AND reported_id IS NOT NULL ORDER BY result_id
"""
_UNDECLARED = """
    SELECT result_id, reported_id, analyte, policy FROM latest_repeats
    WHERE study = ? AND is_usable AND NOT is_declared AND policy <> 'ask' AND role <> 'replaced'
        AND reported_id IS NOT NULL ORDER BY reported_id, result_id
"""
_MOST_NAMED = 12
"""Names that a sentence holds; the rest is a number."""
_REPEATS = """
    SELECT result_id, role, policy, is_declared, reported_id, n_results, value AS chosen_value, why AS chosen
    FROM latest_repeats WHERE study = ?
"""


def counted_by_plan(con: Connection, states: Mapping[str, ItemState], study: str, plan: Plan | None) -> set[int]:
    """Return the results that are kept as evidence, and that the locked plan has count with the one that was chosen.

    Parameters
    ----------
    states : mapping of str to ItemState
        What :func:`item_states` returned.
    plan : Plan or None
        Plan in force; one that refuses several results leaves the choice as it is.

    Returns
    -------
    set of int
        Results in range that nothing was said against, beside one that is approved. Where the laboratory has named a
        policy itself, that policy has formed the one result, and there are none.
    """
    if plan is None or plan.several_results == "refuse":
        return set()
    rows = con.execute(_OF_PLAN, [study]).fetchall()
    return {
        result_id
        for result_id, reported_id, analyte in rows
        if _is_approved(states, result_id, analyte) and _is_approved(states, reported_id, analyte)
    }


def _is_approved(states: Mapping[str, ItemState], result_id: int, analyte: str) -> bool:
    names = names_of_result(result_id, analyte)
    return gravest([states[name].state for name in names if name in states]) == APPROVED


def refusal_of_several(
    lab: LabFolder, con: Connection, states: Mapping[str, ItemState], study: str, plan: Plan | None
) -> str:
    """Say that samples have several results, where neither a plan nor the laboratory says what they do.

    Returns
    -------
    str
        A sentence with the items, the codes of their samples and what to do; empty if the release has nothing
        against it.
    """
    if plan is not None and plan.several_results != "refuse":
        return ""
    said = (_both_approved(lab, con, states, study), _undeclared(lab, con, states, study) if plan else "")
    return " ".join(one for one in said if one)


def _both_approved(lab: LabFolder, con: Connection, states: Mapping[str, ItemState], study: str) -> str:
    both = [
        (result_id, reported_id)
        for result_id, reported_id, analyte in con.execute(_REPLACED, [study]).fetchall()
        if _is_approved(states, result_id, analyte) and _is_approved(states, reported_id, analyte)
    ]
    if not both:
        return ""
    items = dict.fromkeys(name_of_result(one) for pair in both for one in sorted(pair))
    codes = _codes(lab, con, study, [result_id for result_id, _ in both])
    return (
        f"Two approved results of one sample and analyte: {', '.join(items)} ({', '.join(codes)}). Reject all but one, "
        "or lock a plan whose 'several_results' says what they do."
    )


def _undeclared(lab: LabFolder, con: Connection, states: Mapping[str, ItemState], study: str) -> str:
    """Say that a default has chosen among results, which a plan that refuses several leaves to no default."""
    members: dict[int, list[int]] = defaultdict(list)
    policies = set()
    for result_id, reported_id, analyte, policy in con.execute(_UNDECLARED, [study]).fetchall():
        if _is_approved(states, result_id, analyte) and _is_approved(states, reported_id, analyte):
            members[reported_id].append(result_id)
            policies.add(policy)
    several = {reported: ids for reported, ids in members.items() if set(ids) - {reported}}
    if not several:
        return ""
    items = [name_of_result(one) for ids in several.values() for one in ids]
    codes = _codes(lab, con, study, list(several))
    kept = " and ".join(f'{SETTING_OF_POLICY.get(one, "several_dilutions")} = "{one}"' for one in sorted(policies))
    return (
        f"Several results of one sample and analyte in range, which the locked plan refuses: {_first(items)} "
        f"({_first(codes)}). A default has chosen one of them. 'qc plan declare --reason ...' keeps that choice: it "
        f"declares it under [assess] of qc.toml ({kept}). To choose yourself, reject all but one. "
        """Or lock a plan whose 'several_results' is "mean" or "exclude_subject"."""
    )


def _first(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _codes(lab: LabFolder, con: Connection, study: str, result_ids: list[int]) -> list[str]:
    from qc.lab.blinding import pseudonyms, read_secret

    sql = "SELECT DISTINCT sample FROM latest_results WHERE result_id IN (SELECT unnest(?)) ORDER BY sample"
    samples = [row[0] for row in con.execute(sql, [result_ids]).fetchall()]
    return sorted(pseudonyms(read_secret(lab.paths.blind_secret), f"sample:{study}", samples).values())


def with_choices(con: Connection, results: pl.DataFrame, study: str, counted: set[int]) -> pl.DataFrame:
    """Return the results of a study with what was chosen of several of one sample.

    Parameters
    ----------
    results : DataFrame
        What :func:`qc.items.result_states.result_states` returned.
    counted : set of int
        What :func:`counted_by_plan` returned.

    Returns
    -------
    DataFrame
        ``value`` of a result that carries a mean is that mean, and those in it are ``averaged``; ``role``, ``members``,
        ``n_results`` and ``chosen`` say what was chosen. What the plan averages is approved, each with its own value.
    """
    import polars as pl

    repeats = query(con, _REPEATS, [study])
    table = results.join(repeats, on="result_id", how="left", maintain_order="left")
    of_plan = pl.col("reported_id").is_in(_reported(repeats, counted)) & pl.col("role").is_in(["reported", "averaged"])
    is_taken = pl.col("result_id").is_in(sorted(counted)) & (pl.col("state") == EVIDENCE)
    is_mean = (pl.col("role") == "averaged").any().over("reported_id") & pl.col("reported_id").is_not_null() & ~of_plan
    is_in_mean = is_mean & (pl.col("role") == "averaged") & (pl.col("state") == APPROVED)
    state = pl.when(is_taken).then(pl.lit(APPROVED)).when(is_in_mean).then(pl.lit(AVERAGED)).otherwise("state")
    value = pl.when(is_mean & (pl.col("role") == "reported")).then("chosen_value").otherwise("value")
    members = pl.when(is_mean & pl.col("role").is_in(["reported", "averaged"])).then(name_columns()["result"])
    return table.with_columns(
        members.drop_nulls().str.join(", ").over("reported_id").alias("of_mean"),
        state.alias("state"),
        value.alias("value"),
    ).with_columns(
        pl.when(is_mean & (pl.col("role") == "reported")).then("of_mean").otherwise(pl.lit("")).alias("members"),
        (pl.col("overridden") | (is_mean & pl.col("overridden").any().over("reported_id"))).alias("overridden"),
        pl.col("role").fill_null(""),
        pl.col("n_results").fill_null(1).cast(pl.Int64),
        pl.col("chosen").fill_null(""),
    )


def _reported(repeats: pl.DataFrame, counted: set[int]) -> list[int]:
    import polars as pl

    return sorted(set(repeats.filter(pl.col("result_id").is_in(sorted(counted)))["reported_id"].to_list()))
