"""``qc ignore``: set tests aside that are none of the study's, list them, take them back."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import actor_option, json_option, lab_option, open_named_lab


@click.command("ignore")
@click.argument("tests", nargs=-1)
@click.option("--instrument", default="", help="Only what this instrument measures.")
@click.option("--reason", default="", help="Why; recorded in the ledger.")
@click.option("--remove", is_flag=True, help="Take the tests back: they are judged again.")
@actor_option
@json_option("qc.decide.ignore_tests:IgnoredTests")
@lab_option
def command(
    tests: tuple[str, ...],
    instrument: str,
    reason: str,
    remove: bool,
    actor: str | None,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Set TESTS aside for good that are none of the study's, and list what is set aside.

    TESTS are names as the files write them, or a cause (K7F3QX) for all of its tests. They stand in qc.toml ([assess]
    ignore), who did it and why in the ledger. What files say of them stays stored, and nothing is judged of it: later
    files with the same tests open no item. '--remove' takes them back. Without TESTS nothing is changed.
    """
    from qc.cli.output import data, say
    from qc.decide.ignore_tests import ignore_tests, ignored_tests

    lab = open_named_lab(lab_folder)
    if tests:
        ignore_tests(lab, tests, reason=reason, instrument=instrument, is_removed=remove, actor=actor)
        lab = open_named_lab(lab_folder)
        lab.assess()
    listed = ignored_tests(lab)
    if as_json:
        data(listed)
        return 0
    say(f"Set aside: {', '.join(listed.ignored) or 'no tests'}.")
    for one in listed.changes:
        what = [f"{word} {', '.join(names)}" for word, names in (("+", one.added), ("-", one.removed)) if names]
        say(f"  {one.at:%Y-%m-%d %H:%M} UTC  {one.actor}: {'; '.join(what)} ({one.reason}; ledger entry {one.seq})")
    return 0
