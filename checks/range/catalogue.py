"""Rule range.catalogue: what the catalogue has no entry for is told once, with the ways on, and judged no further."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.rule import rule
from checks.run_input import RunInput
from checks.without_entry import id_of, is_without_entry, ways_on
from schemas.finding import Finding, Limit, Scope, Verdict

_OF_MATRIX = (
    "Add an entry for it to the analyte ('qc catalogue new {analyte} --matrix {id}' writes a file to fill in); "
    'or say in words.toml that it is judged as another one ([matrices] "{name}" = "serum"), and why, beside it.'
)


@rule("range.catalogue", scope=Scope.ANALYTE, sees_all=True)
def catalogue(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Hold every analyte of the run that the catalogue does not know, and every matrix that it has no entry for.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``analyte``, ``matrix``, and what the catalogue says of them.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        ``not_evaluable``, one for each name of an analyte, and one for each matrix, however many results it has.

    Notes
    -----
    No other rule is asked about these results: without an entry there is no unit, no limit and no method to judge by.
    A matrix that is empty because the sample sheet does not know the sample is left to ``identity.sample_known``.
    Where a matrix is unknown to every result, the run as a whole is held; else each analyte in it.

    References
    ----------
    .. [1] ICH M10 (2022), section 1: a method is validated for its analyte in its matrix.
    """
    unknown = run_input.results.filter(is_without_entry() & (pl.col("matrix") != ""))
    is_name = pl.col("unit_sentence").str.starts_with("Analyte '")
    names = unknown.filter(is_name).group_by("analyte", maintain_order=True)
    by_name = names.agg(pl.len(), pl.col("unit_sentence").first())
    by_matrix = unknown.filter(~is_name).group_by("matrix", maintain_order=True)
    is_whole = unknown.height == run_input.results.height
    return [_of_name(*row) for row in by_name.iter_rows()] + [
        finding for (matrix,), rows in by_matrix for finding in _of_matrix(str(matrix), rows, is_whole=is_whole)
    ]


def _of_name(name: str, n_results: int, sentence: str) -> Finding:
    text = f"{sentence} {_counted(n_results)} cannot be judged."
    return Finding(
        "range.catalogue",
        Verdict.NOT_EVALUABLE,
        Scope.ANALYTE,
        {"analyte": name, **({"near": near} if (near := _near(sentence)) else {})},
        text,
        suggestion=ways_on([name]),
    )


def _near(sentence: str) -> str:
    return sentence.partition("Did you mean '")[2].partition("'")[0]


def _of_matrix(matrix: str, rows: pl.DataFrame, *, is_whole: bool) -> list[Finding]:
    analytes = rows["analyte"].unique(maintain_order=True).to_list()
    has_limits = {row["analyte"]: row["unit_sentence"].partition("'. ")[2] for row in rows.iter_rows(named=True)}
    suggestion = _OF_MATRIX.format(name=matrix, id=id_of(matrix), analyte=analytes[0])
    named = [("", ", ".join(analytes), rows.height)] if is_whole else []
    named = named or [(one, one, rows.filter(pl.col("analyte") == one).height) for one in analytes]
    return [
        Finding(
            "range.catalogue",
            Verdict.NOT_EVALUABLE,
            Scope.ANALYTE if key else Scope.RUN,
            {"analyte": key, "matrix": matrix} if key else {"matrix": matrix},
            " ".join(
                (
                    f"The catalogue has no entry for {name} in matrix '{matrix}'.",
                    *(sentence for analyte, sentence in has_limits.items() if sentence and key in ("", analyte)),
                    f"{_counted(n)} cannot be judged.",
                )
            ),
            suggestion=suggestion,
        )
        for key, name, n in named
    ]


def _counted(n_results: int) -> str:
    return f"Its {n_results} results" if n_results > 1 else "Its result"
