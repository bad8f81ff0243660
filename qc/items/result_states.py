"""The state of every result of a study, as a table: what run, analyte and result give together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from qc.items.decisions import newest_decisions
from qc.items.names import name_columns
from qc.items.states import GRAVITY, ItemState, item_states
from qc.store.frames import query

if TYPE_CHECKING:
    import polars as pl

    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


def result_states(con: Connection, states: Mapping[str, ItemState], study: str) -> pl.DataFrame:
    """Return the newest results of a study with the state that run, analyte and result give them together.

    Parameters
    ----------
    states : mapping of str to ItemState
        What :func:`item_states` returned.

    Returns
    -------
    DataFrame
        Columns of ``latest_results`` with ``state`` renewed, ``approval`` (``auto`` or ``person``) and ``overridden``.
        The gravest of the three states counts: a run that fails takes its results with it.
    """
    import polars as pl

    results = query(con, "SELECT * EXCLUDE (state) FROM latest_results WHERE study = ? ORDER BY result_id", [study])
    names = name_columns()
    found = results.with_columns(**{f"item_{scope}": name for scope, name in names.items()})
    for scope in names:
        found = found.join(_frame(states, scope), on=f"item_{scope}", how="left", maintain_order="left")
    gravity = pl.max_horizontal(pl.col(f"gravity_{scope}").fill_null(0) for scope in names)
    state_of = {gravity_: state for state, gravity_ in GRAVITY.items()}
    return found.with_columns(
        gravity.replace_strict(state_of, return_dtype=pl.String).alias("state"),
        pl.when(pl.any_horizontal(pl.col(f"decided_{scope}").fill_null(value=False) for scope in names))
        .then(pl.lit("person"))
        .otherwise(pl.lit("auto"))
        .alias("approval"),
        pl.any_horizontal(pl.col(f"over_{scope}").fill_null(value=False) for scope in names).alias("overridden"),
    ).select(*results.columns, "state", "approval", "overridden")


def _frame(states: Mapping[str, ItemState], scope: str) -> pl.DataFrame:
    import polars as pl

    rows = [
        (item, GRAVITY[s.state], s.decision is not None, bool(s.decision and s.decision.over))
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
