"""A group of commands that names the nearest one where there is no such command."""

from __future__ import annotations

import click


class NearGroup(click.Group):
    """Group whose refusal of an unknown command says which one may have been meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command by its name.

        Parameters
        ----------
        ctx : click.Context
            Context of the call.
        args : list of str
            Name of the command and what follows it.

        Returns
        -------
        tuple of (str or None, Command or None, list of str)
            As click has it.

        Raises
        ------
        UsageError
            If there is no such command; the nearest one is named.
        """
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from schemas.names import did_you_mean

            near = did_you_mean(args[0], self.list_commands(ctx))
            raise click.UsageError(f"{error.message}{near}", error.ctx) from None
