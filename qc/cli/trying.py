"""``qc try``: one calculation on one or several files; stores nothing, opens no lab."""

from __future__ import annotations

import importlib

import click

TRIALS: dict[str, str] = {
    "westgard": "Judge control results by Westgard rules.",
    "calibrate": "Fit a standard curve and back-calculate samples.",
    "paired": "Compare pairs.",
    "adjust": "Adjust p-values by Holm and Benjamini-Hochberg.",
    "units": "Convert one value to its canonical unit, and judge it.",
    "read": "Show what a reader makes of a file.",
}


class Trials(click.Group):
    """Group that imports a trial when it is called, and no sooner; each lies in ``qc.cli.trials`` under its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all trials.

        Parameters
        ----------
        ctx : click.Context
            Context of the call.

        Returns
        -------
        list of str
            Names.
        """
        return list(TRIALS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one trial.

        Parameters
        ----------
        ctx : click.Context
            Context of the call.
        cmd_name : str
            Name as typed.

        Returns
        -------
        click.Command or None
            The trial; None if there is no such name.
        """
        if cmd_name not in TRIALS:
            return None
        command: click.Command = importlib.import_module(f"qc.cli.trials.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of trials without importing them.

        Parameters
        ----------
        ctx : click.Context
            Context of the call.
        formatter : click.HelpFormatter
            Where to write.
        """
        with formatter.section("Commands"):
            formatter.write_dl(list(TRIALS.items()))


@click.command("try", cls=Trials)
def command() -> None:
    """Calculate on files without a lab: nothing is stored, and nothing that comes out is gated."""
