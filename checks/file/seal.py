"""Rule file.seal: a file that carries a proof of itself is as its instrument wrote it."""

from __future__ import annotations

from collections.abc import Mapping

from checks.rule import rule
from checks.run_input import RunInput
from schemas.file_seal import SealState
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("file.seal", scope=Scope.RUN)
def seal(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject a run whose file has changed since the instrument wrote it.

    Parameters
    ----------
    run_input : RunInput
        ``file_seals`` is looked at.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        One ``reject`` that names every broken seal; one ``not_evaluable`` that names every seal that cannot be read.

    Notes
    -----
    Seals are checksums of frames, the CRC of a file, and numbers of messages or records that a trailer states. A file
    that carries none says nothing: most formats know no seal. A seal is no signature: who changes a file and computes
    it anew is not found out.

    References
    ----------
    .. [1] CLSI LIS01-A2, section 6.3.3: the checksum of a frame.
    .. [2] OECD. Advisory document on GLP data integrity, No. 22, 2021: data are original and accurate.
    """
    broken = _sentences(run_input, SealState.BROKEN)
    unreadable = _sentences(run_input, SealState.UNREADABLE)
    fetch = "Fetch the file from the instrument again, or let the person who changed it say what and why."
    return [_finding(Verdict.REJECT, broken, fetch)] * bool(broken) + [
        _finding(Verdict.NOT_EVALUABLE, unreadable, "Fetch the file from the instrument again.")
    ] * bool(unreadable)


def _sentences(run_input: RunInput, state: SealState) -> str:
    return " ".join(one.sentence for one in run_input.file_seals if one.state is state)


def _finding(verdict: Verdict, sentence: str, suggestion: str) -> Finding:
    return Finding("file.seal", verdict, Scope.RUN, {}, sentence, suggestion=suggestion)
