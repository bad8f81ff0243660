"""The standard curves of a run's analytes, as its sheet and the method files choose them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.standard_curves.curve_choice import CurveChoice, curve_choice
from schemas.method import method_id

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.prepare.rule_set import RuleSet
    from schemas.run import Run


def curve_choices(run: Run, wells: pl.DataFrame, rule_set: RuleSet) -> dict[str, CurveChoice]:
    """Return model and weight by analyte; nothing for a run without standards."""
    if "calibrator" not in wells["role"]:
        return {}
    known, method = rule_set.catalogue.analytes, method_id(run.method)
    names = wells["analyte"].unique(maintain_order=True).to_list()
    return {name: curve_choice(run, known[name].methods.get(method) if name in known else None) for name in names}
