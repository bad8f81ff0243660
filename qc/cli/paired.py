"""``qc paired``: the planned paired tests on a release."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("paired")
@click.argument("release", required=False)
@json_option("qc.release.gated_tests:GatedTests")
@lab_option
def command(release: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Run the planned paired tests on RELEASE, the newest if none is named.

    Takes nothing but a verified release and a locked plan. Who looks is told to the ledger, once a person and release.
    Exit code 2 without a plan, 1 without a release.
    """
    from textwrap import fill

    from checks.contrast_words.exceptions import exception_sentences, exceptions_of, sensitivity_sentences
    from checks.contrast_words.text_table import WIDTH, contrast_table
    from qc.cli.output import data, say
    from qc.release.gated_tests import gated_tests

    tests = gated_tests(open_named_lab(lab_folder), release)
    if as_json:
        data(tests)
        return 0
    say(contrast_table(tests.report))
    waved = exceptions_of(tests.release, "approved_over", "approved_in_spite")
    for sentence in (*exception_sentences(waved), *sensitivity_sentences(tests.report)):
        say(fill(sentence, WIDTH, subsequent_indent="  "))
    for sentence in tests.looks_before:
        say(fill(sentence, WIDTH, subsequent_indent="  "))
    if not tests.plan_came_first:
        say("Note: the plan was locked after this release was made.")
    return 0
