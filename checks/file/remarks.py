"""Rule file.remarks: what a file says against itself as a whole reaches whoever decides about its run."""

from __future__ import annotations

from collections.abc import Mapping

from checks.rule import rule
from checks.run_input import RunInput
from schemas.file_remark import RemarkKind
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("file.remarks", scope=Scope.RUN)
def remarks(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag a run whose file may have been cut, or of which the instrument says something as a whole.

    Parameters
    ----------
    run_input : RunInput
        ``file_remarks`` is looked at.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        One for all such remarks: ``not_evaluable`` where the file may have been cut, since nobody can tell then what is
        lacking, else ``warn``.

    Notes
    -----
    Where export and plate map say two things, ``file.map`` speaks. What concerns single wells stands in them and is
    told by ``replicates.remarks``. Values play no part.

    References
    ----------
    .. [1] OECD. Advisory document on GLP data integrity, No. 22, 2021: data are complete, with what belongs to them.
    """
    own = [one for one in run_input.file_remarks if one.kind in (RemarkKind.INSTRUMENT, RemarkKind.END)]
    may_be_cut = any(one.kind is RemarkKind.END for one in own)
    verdict = Verdict.NOT_EVALUABLE if may_be_cut else Verdict.WARN
    text = " ".join(f"{one.where}: {one.sentence}" if one.where else one.sentence for one in own)
    return [Finding("file.remarks", verdict, Scope.RUN, {}, text)] if own else []
