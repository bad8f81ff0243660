"""``qc``: finds a command, runs it, and turns every error into a sentence and an exit code."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, NoReturn

import click

from qc.cli.commands import COMMANDS
from qc.cli.exit_codes import ExitCode
from qc.cli.lazy_group import LazyGroup
from qc.cli.printable import printable
from qc.collector import collect_seldom


class Commands(LazyGroup):
    """Our own commands from their table, and those that other packages register as entry points."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of a day's work.

        Parameters
        ----------
        ctx : click.Context
            Context of the call.

        Returns
        -------
        list of str
            Names.
        """
        return [*super().list_commands(ctx), *_guests()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command.

        Parameters
        ----------
        ctx : click.Context
            Context of the call.
        cmd_name : str
            Name as typed.

        Returns
        -------
        click.Command or None
            The command; None if there is no such name.
        """
        own = super().get_command(ctx, cmd_name)
        if own is not None or cmd_name not in _guests():
            return own
        guest: click.Command = _guests()[cmd_name].load()
        return guest

    def help_rows(self) -> list[tuple[str, str]]:
        """Return name and one line of help of every command.

        Returns
        -------
        list of tuple
            Rows of the list that ``--help`` prints.
        """
        return [*super().help_rows(), *((name, "Open the screens of this name.") for name in _guests())]


def _guests() -> dict[str, Any]:  # Any: an entry point, whose type lies in a module that is not imported here
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group="qc.commands")}


@click.command(
    cls=Commands, homes=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="assaygate", prog_name="qc")
def command() -> None:
    """Assaygate: the door between the bench and the statistics of a study.

    Instrument exports come in, every number is checked, a person decides about what was flagged, and only approved,
    frozen data reach the paired tests. Begin with `qc demo`, or `qc init DIR` for a lab of your own.

    \b
    Exit codes: 0 done and clean, 1 something waits or the gate is closed, 2 wrong usage or configuration,
    3 input refused or quarantined, 4 the store is busy, 5 a fault of ours.
    """


def run() -> NoReturn:
    """Run the command line and leave with its exit code."""
    collect_seldom()
    # What is written in a lab is for its people and their group alone.
    os.umask(os.umask(0o027) | 0o027)
    sys.exit(int(_outcome(sys.argv[1:])))


def _outcome(arguments: list[str]) -> int:
    from qc.cli.error_messages import code_and_words

    try:
        ended = command.main(arguments, prog_name="qc", standalone_mode=False)
        return int(ended) if isinstance(ended, int) else ExitCode.CLEAN
    except click.exceptions.Exit as ended_early:
        return int(ended_early.exit_code)
    except click.ClickException as wrong:
        said = io.StringIO()
        wrong.show(said)
        click.echo(printable(said.getvalue()), err=True, nl=False)  # it may quote the name of a file
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped; what was acknowledged is kept.", err=True)
        return ExitCode.WAITS
    except BrokenPipeError:
        return ExitCode.CLEAN
    except Exception as error:  # noqa: BLE001 - the one door where every error becomes a sentence and an exit code
        code, words = code_and_words(error)
        click.echo(printable(words), err=True)
        return code
