"""``qc try read``: what a reader makes of a file."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option
from qc.cli.trials.each_file import FILES, print_answer


@click.command("read")
@FILES
@click.option("--reader", default=None, help="Reader to use; recognised by content if not given.")
@json_option("qc.readers.read_view:ReadAnswer", around="qc.cli.trials.each_file:TrialOutput")
@lab_option
def command(files: tuple[Path, ...], reader: str | None, lab_folder: Path | None, as_json: bool) -> int:
    """Show what a reader makes of a file: runs, wells and what it does not understand.

    Of a lab it takes the words and the mappings.
    """
    from qc.cli.output import say
    from qc.cli.trials.lab_around import lab_words_around, mapping_around
    from qc.readers.read_view import read as look

    refused, words = 0, lab_words_around(lab_folder)
    for file in files:
        answer = look(file, reader=reader, words=words, mapping=None if reader else mapping_around(file, lab_folder))
        refused += bool(answer["error"])
        print_answer(answer, file=file, as_json=as_json)
        for line in (answer["account"] or {}).get("words", ()) if not as_json else ():
            say(f"{file.name}: {line}")
    return ExitCode.REFUSED if refused else ExitCode.CLEAN
