"""The table of commands: where each lives and what it does, so that ``qc --help`` imports none of them."""

from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("qc.cli.init", "Make the folder of a lab."),
    "demo": ("qc.cli.demo", "Make a demo lab and run the whole job on it."),
    "ingest": ("qc.cli.ingest", "Take files in: results, plates, sample sheets."),
    "assess": ("qc.cli.assess", "Judge every run that is new or has changed."),
    "nightly": ("qc.cli.nightly", "Empty the inbox, judge, and say what is new."),
    "queue": ("qc.cli.queue", "List what waits for a person."),
    "show": ("qc.cli.show", "Show one run or result with all its findings."),
    "decide": ("qc.cli.decide", "Approve, reject, ask for a repeat, comment, undo."),
    "cost": ("qc.cli.cost", "Say which pairs a rejection would cost."),
    "sign": ("qc.cli.sign", "Sign an item, a release or a plan."),
    "sign-in": ("qc.cli.sign_in", "Sign in on this terminal."),
    "sign-out": ("qc.cli.sign_out", "Sign out on this terminal."),
    "users": ("qc.cli.users", "Keep the accounts; say who may do what."),
    "unblind": ("qc.cli.unblind", "Look behind the blind, with a recorded reason."),
    "exclusions": ("qc.cli.exclusions", "Say whether both visits lose subjects alike; unblinds."),
    "gate": ("qc.cli.gate", "Say whether a study may be released."),
    "plan": ("qc.cli.plan", "Lock the plan of the paired tests."),
    "release": ("qc.cli.release", "Freeze approved results."),
    "paired": ("qc.cli.paired", "Run the planned paired tests on a release."),
    "trace": ("qc.cli.trace", "Trace a p-value to its wells, or a well to its p-values."),
    "report": ("qc.cli.report", "Write the report of a release."),
    "audit": ("qc.cli.audit", "Verify the ledger, the archive and the releases."),
    "evidence": ("qc.cli.evidence", "Pack a run or a release with everything that proves it."),
    "rules": ("qc.cli.rules", "Print the manual of the rules."),
    "catalogue": ("qc.cli.catalogue", "Show and check the analytes and their limits."),
    "doctor": ("qc.cli.doctor", "Look for what is broken in a lab, and mend it."),
    "schema": ("qc.cli.schema", "Print the shape of what a command prints as JSON."),
    "try": ("qc.cli.trying", "Calculate on one file; stores nothing."),
}
