"""What every trial shares: read each file, calculate, print one JSON object a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click

from checks.trials.answer_text import answer_lines
from checks.trials.answer_verdict import is_clean
from qc.cli.exit_codes import ExitCode
from qc.cli.options import Command, json_option
from schemas.json_model import JsonModel

WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of XLSX and XLS files."""
_ANSWER = "qc.cli.trials.each_file:TrialOutput"
_REFUSED = "qc.cli.trials.each_file:RefusedFile"
_EXIT_ZERO = "assaygate.exit_zero"
FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))


@dataclass(frozen=True, slots=True)
class TrialOutput(JsonModel):
    """What a trial prints: its answer with the file that it is about."""

    json_keys = "file? gated *answer"

    file: str | None
    """File as it was named; left out where there is none."""
    answer: Mapping[str, Any]
    """Answer; Any: JSON values."""
    gated: Literal[False] = False
    """Nothing says that these data were approved."""


@dataclass(frozen=True, slots=True)
class RefusedFile(JsonModel):
    """What cannot be judged."""

    error: str
    """Why: what is wrong, and what was expected."""


def trial_json_option(model: str, *more: str) -> Callable[[Command], Command]:
    """Give a trial the flag ``--json`` and say what it answers.

    Parameters
    ----------
    model : str
        ``module:Name`` of its answer, beside that of what cannot be judged.
    *more : str
        Other answers.

    Returns
    -------
    callable
        Takes the body of the command, which gets ``as_json``; ``--exit-zero`` is kept beside it.
    """

    def with_options(body: Command) -> Command:
        return json_option(model, *more, _REFUSED, around=_ANSWER)(_exit_zero_option()(body))

    return with_options


def _exit_zero_option() -> Callable[[Command], Command]:
    def keep(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
        context.meta[_EXIT_ZERO] = is_asked

    words = "Exit 0 whatever the verdict; what cannot be read still exits 3."
    return click.option("--exit-zero", is_flag=True, expose_value=False, callback=keep, help=words)


def each_file(files: Sequence[Path], calculate: Callable[[str], dict[str, Any]], *, as_json: bool) -> int:
    """Calculate on each file and print what came out; a file that cannot be judged is told, and the rest go on.

    Parameters
    ----------
    files : sequence of Path
        Files, in the order in which they are told.
    calculate : callable
        Takes the text of one file and returns what to print; raises QcError if it cannot be judged.
    as_json : bool
        Whether to print one JSON object a line.

    Returns
    -------
    int
        Exit code: 3 if any file could not be judged, 2 if what was asked for is wrong or not in a file, 1 if a verdict
        is ``reject`` or ``not_evaluable`` (unless ``--exit-zero`` is given), else 0.
    """
    from schemas.errors import ConfigError, QcError

    codes = {ExitCode.CLEAN}
    for file in files:
        try:
            answer = calculate(text_of(file))
        except QcError as error:
            answer = RefusedFile(str(error)).as_json()
            codes.add(ExitCode.USAGE if isinstance(error, ConfigError) else ExitCode.REFUSED)
        print_answer(answer, file=file, as_json=as_json)
        codes.add(exit_code(is_clean=is_clean(answer)))
    return max(codes)


def exit_code(*, is_clean: bool) -> ExitCode:
    """Return how a trial ends, by its verdict and by ``--exit-zero``.

    Parameters
    ----------
    is_clean : bool
        Whether nothing is rejected or left open.

    Returns
    -------
    ExitCode
        0 or 1.
    """
    is_zero = is_clean or click.get_current_context().meta.get(_EXIT_ZERO, False)
    return ExitCode.CLEAN if is_zero else ExitCode.WAITS


def text_of(file: Path) -> str:
    """Return the text of a file with plain line ends.

    Raises
    ------
    ReaderError
        If it cannot be opened, is a workbook, or no UTF-8 text.
    """
    from schemas.errors import ReaderError

    try:
        content = file.read_bytes()
        if content.startswith(WORKBOOK_MARKS):
            raise ReaderError(f"'{file}' is a workbook; a trial reads CSV. Save the sheet as CSV with a header row.")
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise ReaderError(f"'{file}' cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ReaderError(f"'{file}' is not UTF-8 text at byte {error.start}.") from error


def print_answer(answer: Mapping[str, Any], *, file: Path | None = None, as_json: bool) -> None:
    """Print one answer of a trial.

    Parameters
    ----------
    answer : mapping of str to JSON value
        Answer.
    file : Path, optional
        File that it is about.
    as_json : bool
        Whether to print it on one line of standard output, or as text and tables for a person.
    """
    print_output(TrialOutput(None if file is None else str(file), answer).as_json(), as_json=as_json)


def print_output(output: dict[str, Any], *, as_json: bool) -> None:
    """Print one value.

    Parameters
    ----------
    output : dict of str to JSON value
        What is printed.
    as_json : bool
        Whether to print it on one line of standard output, or as text and tables for a person.
    """
    from qc.cli.output import data, say

    if as_json:
        data(output)
        return
    for line in answer_lines(output):
        say(line)
    say()
