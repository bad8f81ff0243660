"""The state of every result of a study, as a table: what run, analyte and result give together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from qc.items.decisions import newest_decisions
from qc.items.masking import shown_rules
from qc.items.names import name_columns
from qc.items.states import APPROVED, EVIDENCE, GRAVITY, ItemState, item_states
from qc.store.frames import query
from schemas.finding import Verdict

if TYPE_CHECKING:
    import polars as pl

    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


_EVIDENCE = """
    SELECT result_id, CAST(? AS BIGINT) AS gravity_evidence FROM latest_repeats WHERE study = ? AND role = 'evidence'
"""


def result_states(con: Connection, states: Mapping[str, ItemState], study: str) -> pl.DataFrame:
    """Return the newest results of a study with the state that run, analyte and result give them together.

    Parameters
    ----------
    states : mapping of str to ItemState
        What :func:`item_states` returned.

    Returns
    -------
    DataFrame
        Columns of ``latest_results`` with ``state`` renewed, ``approval`` (``auto`` or ``person``), ``overridden``
        (a person approved it, its analyte or its run over a warning or a failure) and ``rules``: what speaks against
        it, its analyte or its run, as the blinded are told, with commas.
        The gravest of the three states counts: a run that fails takes its results with it. What is kept beside another
        result of its sample is ``evidence``.
    """
    import polars as pl

    results = query(con, "SELECT * EXCLUDE (state) FROM latest_results WHERE study = ? ORDER BY result_id", [study])
    names = name_columns()
    evidence = query(con, _EVIDENCE, [GRAVITY[EVIDENCE], study])
    found = results.with_columns(**{f"item_{scope}": name for scope, name in names.items()})
    found = found.join(evidence, on="result_id", how="left", maintain_order="left")
    rules = _rules_by_item(con, study)
    for scope in names:
        found = found.join(_frame(states, rules, scope), on=f"item_{scope}", how="left", maintain_order="left")
        found = found.join(_rules_frame(rules, scope), on=f"item_{scope}", how="left", maintain_order="left")
    gravity = pl.max_horizontal(pl.col(f"gravity_{scope}").fill_null(0) for scope in (*names, "evidence"))
    state_of = {gravity_: state for state, gravity_ in GRAVITY.items()}
    return found.with_columns(
        gravity.replace_strict(state_of, return_dtype=pl.String).alias("state"),
        pl.when(pl.any_horizontal(pl.col(f"decided_{scope}").fill_null(value=False) for scope in names))
        .then(pl.lit("person"))
        .otherwise(pl.lit("auto"))
        .alias("approval"),
        pl.any_horizontal(pl.col(f"over_{scope}").fill_null(value=False) for scope in names).alias("overridden"),
        pl.concat_list(pl.col(f"rules_{scope}").fill_null([]) for scope in reversed(names))
        .list.unique(maintain_order=True)
        .list.join(", ")
        .alias("rules"),
    ).select(*results.columns, "state", "approval", "overridden", "rules")


_FINDINGS = """
    SELECT f.item, f.rule, f.verdict FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE s.study = ? AND NOT s.is_superseded AND f.verdict <> 'pass' ORDER BY f.run_id, f.ordinal
"""


def _rules_by_item(con: Connection, study: str) -> dict[str, tuple[str, ...]]:
    findings: dict[str, list[tuple[str, Verdict]]] = {}
    for item, rule, verdict in con.execute(_FINDINGS, [study]).fetchall():
        findings.setdefault(item, []).append((rule, Verdict(verdict)))
    return {item: shown_rules(said) for item, said in findings.items()}


def _rules_frame(rules: Mapping[str, tuple[str, ...]], scope: str) -> pl.DataFrame:
    import polars as pl

    columns = {f"item_{scope}": list(rules), f"rules_{scope}": [list(said) for said in rules.values()]}
    return pl.DataFrame(columns, schema_overrides={f"item_{scope}": pl.String, f"rules_{scope}": pl.List(pl.String)})


def _frame(states: Mapping[str, ItemState], rules: Mapping[str, tuple[str, ...]], scope: str) -> pl.DataFrame:
    import polars as pl

    rows = [
        (item, GRAVITY[s.state], s.decision is not None, s.state == APPROVED and bool(s.decision and item in rules))
        for item, s in states.items()
    ]
    schema = {
        f"item_{scope}": pl.String,
        f"gravity_{scope}": pl.Int64,
        f"decided_{scope}": pl.Boolean,
        f"over_{scope}": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def blinded_results(lab: LabFolder, study: str | None, now: datetime) -> pl.DataFrame:
    """Return the newest results of a study with pseudonyms in place of sample codes.

    Parameters
    ----------
    study : str or None
        Study; None means the default of qc.toml.

    Returns
    -------
    DataFrame
        Columns of :func:`result_states`.
    """
    import polars as pl

    from qc.lab.blinding import pseudonyms, read_secret

    named = study or lab.settings.lab.default_study
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        results = result_states(con, item_states(con, decisions, now), named)
    codes = pseudonyms(read_secret(lab.paths.blind_secret), f"sample:{named}", results["sample"].unique().to_list())
    return results.with_columns(pl.col("sample").replace_strict(codes, return_dtype=pl.String)).drop("line", "text")
