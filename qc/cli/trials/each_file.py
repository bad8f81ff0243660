"""What every trial shares: read each file, calculate, print one JSON object a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from qc.cli.exit_codes import ExitCode

WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of XLSX and XLS files."""
FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))


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
        Exit code: 3 if any file could not be judged, else 0.
    """
    import csv

    from schemas.errors import QcError

    n_failed = 0
    for file in files:
        try:
            told = {"file": str(file), "gated": False, **calculate(_text(file))}
        except QcError as error:
            told, n_failed = {"file": str(file), "gated": False, "error": str(error)}, n_failed + 1
        except csv.Error as error:
            sentence = f"'{file}' cannot be read as CSV: {error}. Save it as CSV with a header row."
            told, n_failed = {"file": str(file), "gated": False, "error": sentence}, n_failed + 1
        print_told(told, as_json=as_json)
    return ExitCode.REFUSED if n_failed else ExitCode.CLEAN


def _text(file: Path) -> str:
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


def print_told(told: dict[str, Any], *, as_json: bool) -> None:
    """Print one answer of a trial.

    Parameters
    ----------
    told : dict
        Answer; only values that JSON knows.
    as_json : bool
        Whether to print it on one line of standard output, or indented for a person.
    """
    import json

    from qc.cli.output import data, say

    if as_json:
        data(told)
    else:
        say(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))
