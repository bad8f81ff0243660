"""Rule design.bridging: visits that are compared were measured alike, or a record ties the two ways together."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.neighbours import own_and_linked
from checks.result_rows import Evidence, ResultRow, about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.bridging import KINDS, bridged_name
from schemas.finding import Finding, Limit, Scope, Verdict

WORDS = {"calibrator_lot": "calibrator lot", "platform": "platform", "method": "method"}


@rule("design.bridging", scope=Scope.RESULT, limits=["required"])
def bridging(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Refuse every result whose person was measured in another way at another visit, without a bridging record.

    Parameters
    ----------
    run_input : RunInput
        ``results``, ``linked`` and ``bridgings`` are looked at: platform, method and calibrator lot.
    limits : mapping of str to Limit
        ``required``: 1 if a platform, method or lot that is stated nowhere holds the result, 0 if it is silent.

    Returns
    -------
    list of Finding
        ``reject`` for each result that differs in platform, method or calibrator lot from another visit of the same
        subject, analyte and matrix; ``not_evaluable`` where it is stated for one of them only, or, if required, for
        neither.

    Notes
    -----
    Results that a record ties together, directly or through others, are alike. Numbers play no part, so that censored
    results are judged too. A result of one visit alone is silent. A lab hands records in as a bridging sheet.

    References
    ----------
    .. [1] CLSI EP09c. Measurement procedure comparison and bias estimation using patient samples, 2018 (not read).
    """
    rows = own_and_linked(run_input)
    key = ["subject", "analyte", "matrix"]
    others = rows.select(*key, pl.col("visit").alias("other"), *KINDS).unique()
    pairs = rows.filter(pl.col("ordinal").is_not_null()).join(others, on=key, suffix="_other", maintain_order="left")
    pairs = pairs.filter(pl.col("visit") != pl.col("other")).unique(
        ["ordinal", *(f"{kind}_other" for kind in KINDS)], maintain_order=True
    )
    # Names that are written alike are alike: only the rest is asked for record by record.
    is_quiet = [
        (pl.col(kind) == pl.col(f"{kind}_other")) & ((pl.col(kind) != "") | (limits["required"].value == 0))
        for kind in KINDS
    ]
    pairs = pairs.filter(~pl.all_horizontal(is_quiet).fill_null(value=False))
    worst: dict[tuple[int, str], Finding] = {}
    for pair in pairs.iter_rows(named=True):
        for kind in KINDS:
            said = _judged(pair, kind, run_input, limits["required"])
            known = worst.get((pair["ordinal"], kind))
            if said is not None and (known is None or said.verdict.severity > known.verdict.severity):
                worst[pair["ordinal"], kind] = said
    return list(worst.values())


def _judged(pair: ResultRow, kind: str, run_input: RunInput, required: Limit) -> Finding | None:
    one, other = str(pair[kind]), str(pair[f"{kind}_other"])
    if not one and not other and not required.value:
        return None
    if not one or not other:
        sentence = f"The {WORDS[kind]} of this {result_name(pair)} result or of another visit is not stated."
        suggestion = "State it in the run sheet."
        return about_result("design.bridging", Verdict.NOT_EVALUABLE, pair, sentence, suggestion=suggestion)
    names = [bridged_name(run_input.bridgings, kind, name, pair["analyte"], pair["matrix"]) for name in (one, other)]
    if names[0] == names[1]:
        return None
    sentence = (
        f"This {result_name(pair)} result was measured with another {WORDS[kind]} than another visit of the same "
        "person, and no bridging record ties the two together."
    )
    suggestion = "Hand in a bridging sheet if the two were compared; else measure all visits in one way."
    return about_result(
        "design.bridging", Verdict.REJECT, pair, sentence, evidence=Evidence(limits=[required]), suggestion=suggestion
    )
