"""A group of commands that is listed from a table and imports a command when it is called, and no sooner."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import click

from qc.cli.near_group import NearGroup


class LazyGroup(NearGroup):
    """Group whose commands lie in modules of their own, each under the name ``command``."""

    def __init__(self, name: str | None, homes: Mapping[str, tuple[str, str]], **settings: object) -> None:
        """Keep the table; nothing is imported.

        Parameters
        ----------
        name : str
            Name of the group.
        homes : mapping of str to tuple
            Module and one line of help, by name of the command.
        **settings : object
            Whatever a group of click takes.
        """
        super().__init__(name, **settings)  # type: ignore[arg-type]  # passed on as they came
        self._homes = homes

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the table.

        Parameters
        ----------
        ctx : click.Context
            Context of the call.

        Returns
        -------
        list of str
            Names.
        """
        return list(self._homes)

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
        if cmd_name not in self._homes:
            return None
        command: click.Command = importlib.import_module(self._homes[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them.

        Parameters
        ----------
        ctx : click.Context
            Context of the call.
        formatter : click.HelpFormatter
            Where to write.
        """
        with formatter.section("Commands"):
            formatter.write_dl(self.help_rows())

    def help_rows(self) -> list[tuple[str, str]]:
        """Return name and one line of help of every command.

        Returns
        -------
        list of tuple
            Rows of the list that ``--help`` prints.
        """
        return [(name, text) for name, (_, text) in self._homes.items()]
