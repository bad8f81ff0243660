"""``qc exclusions``: whether both visits lose subjects alike; for the unblinded."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import actor_option, json_option, lab_option, open_named_lab


@click.command("exclusions")
@click.argument("study", required=False)
@click.option("--reason", required=True, help="Why; an auditor reads it.")
@actor_option
@json_option("qc.release.release_account:Imbalance")
@lab_option
def command(study: str | None, reason: str, actor: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Compare how many subjects lose a result at the baseline and at the follow-up of the locked plan, exactly.

    It unblinds: it needs the right 'unblind', and the look is in the ledger. The same numbers stand in every release.
    """
    from qc.audit.exclusions import exclusions_by_visit
    from qc.cli.output import data, say

    lost = exclusions_by_visit(open_named_lab(lab_folder), study, reason=reason, actor=actor)
    if as_json:
        data(lost)
        return 0
    say(f"Exclusions at visits {lost['visits'][0]} and {lost['visits'][1]}; {lost['test']}")
    for one in [*lost["contrasts"], {"analyte": "overall", "matrix": "", **lost["overall"]}]:
        p = "–" if one["p_value"] is None else f"{one['p_value']:.3g}"
        counts = f"{one['n_baseline_only']} at the baseline alone, {one['n_followup_only']} at the follow-up alone"
        say(f"  {one['analyte']:<12} {one['matrix']:<6} {counts}, p {p}")
    return 0
