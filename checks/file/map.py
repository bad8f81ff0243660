"""Rule file.map: export and plate map say the same of each well."""

from __future__ import annotations

from collections.abc import Mapping

from checks.rule import rule
from checks.run_input import RunInput
from schemas.file_remark import RemarkKind
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("file.map", scope=Scope.RUN)
def map(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:  # noqa: A001 - the plate map
    """Flag a run whose export and plate map name another sample, role, concentration or dilution for a well.

    Parameters
    ----------
    run_input : RunInput
        ``file_remarks`` is looked at.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        One for all disagreements of the file, with the wells and what each of the two says: ``warn``, or
        ``not_evaluable`` where all doses differ by one factor, since nobody can tell then which unit the curve is in.

    Notes
    -----
    The plate map counts. An export that numbers its samples by itself, or gives every well the same role, names nothing
    that could disagree. Samples are told by their wells and never by their codes. Values play no part.

    References
    ----------
    .. [1] OECD. Advisory document on GLP data integrity, No. 22, 2021: data are attributable.
    """
    own = [one for one in run_input.file_remarks if one.kind in (RemarkKind.MAP, RemarkKind.UNIT)]
    verdict = Verdict.NOT_EVALUABLE if any(one.kind is RemarkKind.UNIT for one in own) else Verdict.WARN
    text = " ".join(f"{one.where}: {one.sentence}" if one.where else one.sentence for one in own)
    suggestion = "Find out which of the two is right; a corrected plate map goes in with 'qc ingest --correct'."
    return [Finding("file.map", verdict, Scope.RUN, {}, text, suggestion=suggestion)] if own else []
