"""Rules that broke on a run: written to the log of faults, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.lab.fault_log import log_fault

if TYPE_CHECKING:
    from qc.assess.judge.judged_run import JudgedRun


def logged_crashes(run: JudgedRun) -> tuple[str, ...]:
    """Write down every rule that broke on a run.

    Returns
    -------
    tuple of str
        One sentence for each, with the log file; empty if no rule broke.
    """
    from checks.crash import FAULT, PLACE, is_crash

    sentences = []
    for finding in filter(is_crash, run.findings):
        item, rule = f"R{run.loaded.run_id}", finding.rule
        code_lines = str(finding.key[PLACE]).split(", ")
        log = log_fault(f"{finding.key[FAULT]} in rule {rule} version {finding.version} on {item}", code_lines)
        log_sentence = f" Report it with the log '{log}'; it holds no patient data." if log else ""
        sentence = f"Rule '{rule}' could not be computed on {item}: a fault of the program, not of the samples."
        sentences.append(sentence + log_sentence)
    return tuple(sentences)
