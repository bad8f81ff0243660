"""A rule that broke: a finding that says so, and never one about the samples."""

from __future__ import annotations

import traceback
from pathlib import Path

from schemas.finding import Finding, Scope, Verdict

FAULT, PLACE = "fault", "at"
"""Names of what the key of such a finding holds: the class of the error, and where it was raised."""
N_FRAMES = 4
"""Places that are told, the innermost last: enough to find the line."""


def crash_finding(rule_id: str, version: int, error: Exception) -> Finding:
    """Return the finding of a rule that raised what no rule may raise.

    Parameters
    ----------
    rule_id : str
        Id of the rule.
    version : int
        Its version.
    error : Exception
        What it raised. Its message may quote a value of a patient: its class and its place alone are told.

    Returns
    -------
    Finding
        ``broken``, on the run.
    """
    frames = traceback.extract_tb(error.__traceback__)[-N_FRAMES:]
    code_lines = [f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
    kind = type(error).__name__
    where = f" at {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return Finding(
        rule_id,
        Verdict.BROKEN,
        Scope.RUN,
        {FAULT: kind, PLACE: ", ".join(code_lines)},
        f"Rule '{rule_id}' could not be computed: a fault of the program ({kind}{where}), not of the samples. "
        "The run is held until it is mended; all other rules were asked.",
        version,
        suggestion="Report it with the log file that the night named. The samples need not be looked at for this.",
    )


def is_crash(finding: Finding) -> bool:
    """Tell whether a finding is that of a rule that broke.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    bool
        False for a rule that is not known or lacks a limit: that is mended in a profile.
    """
    return finding.verdict is Verdict.BROKEN and FAULT in finding.key
