"""What was chosen of several results of one sample and analyte, as rows of the table ``repeats``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.items.names import ORDINAL_BITS
from schemas.finding import Scope

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.judge.judged_run import JudgedRun


def repeat_rows(judged: JudgedRun) -> pl.DataFrame:
    """Return a row for each result of a judged run that is one of several of its sample."""
    import polars as pl

    from schemas.finding import Verdict

    faulty = {
        int(f.key["result"]) for f in judged.findings if f.scope is Scope.RESULT and f.verdict is not Verdict.WARN
    }
    doubtful = {int(f.key["result"]) for f in judged.findings if f.scope is Scope.RESULT and judged.warns(f)}
    base = judged.loaded.run_id << ORDINAL_BITS
    analytes = dict(judged.results.select("ordinal", "analyte").iter_rows())
    rows = [
        {
            "result_id": one.result_id,
            "analyte": analytes[one.result_id - base],
            "role": choice.roles[one.result_id].value,
            "policy": choice.policy,
            "is_declared": choice.is_declared,
            "reported_id": choice.reported,
            "n_results": choice.n_valid,
            "value": choice.value,
            # A plan that averages takes what is in range and was not flagged; nobody has looked at the others.
            "is_usable": one.is_in_range and not one.is_replaced and not {one.result_id - base} & (faulty | doubtful),
            "why": choice.why,
        }
        for choice in judged.repeats.choices
        for one in choice.members
        if one.result_id >> ORDINAL_BITS == judged.loaded.run_id and one.result_id - base in analytes
    ]
    frame = pl.DataFrame(rows, schema_overrides={"reported_id": pl.Int64, "value": pl.Float64})
    return frame.sort("result_id") if frame.height else frame
