"""``qc review``: the screens, their plain and JSON twins, and the browser."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option, lab_option
from tui.screens.table_of_screens import SCREENS


@click.command("review")
@click.option("--screen", type=click.Choice(tuple(SCREENS)), default=None, help="Screen to begin with; else morning.")
@click.option("--filter", "text", default="", help="Filter of triage to begin with: 'verdict:reject analyte:iron'.")
@click.option("--items", "is_each", is_flag=True, help="Each item of triage by itself, also those that share a cause.")
@click.option("--about", default="", help="What another screen begins with: a run to compare, a rule, a study.")
@click.option("--read-only", "is_read_only", is_flag=True, help="Look and decide nothing.")
@click.option("--as", "actor", default=None, help="Who acts; else whoever has signed in, or the system user.")
@click.option("--theme", default="", type=click.Choice(["", "dark", "light", "contrast"]), help="Colours.")
@click.option("--keymap", type=click.Path(path_type=Path, dir_okay=False), default=None, help="TOML file of own keys.")
@click.option("--plain", is_flag=True, help="Print the screen as plain lines, for screen readers and pipes.")
@click.option("--order", default="gravest", help="Order of --plain and --json of triage.")
@click.option("--most", default=200, help="Most rows of --plain and --json.")
@click.option("--web", is_flag=True, help="Serve the screens to a browser on this machine; view-only.")
@click.option("--port", default=8377, help="Port of --web.")
@click.option(
    "--behind-proxy", default="", help="Public address of the proxy that [web] of qc.toml trusts; then --web may act."
)
@click.option("--ticket", default="", hidden=True, help="Ticket of the server that opened this tab.")
@json_option("tui.twins.every_twin:Twin")
@lab_option
def command(**options: object) -> int:
    """Open the screens: what came in, what waits, why, and what was decided.

    One letter is one verb: a approves, x rejects, r asks for a repeat, c comments, u takes back. A question mark shows
    the keys that count now, a colon every command. Each screen has a twin without a terminal: --json and --plain.
    """
    from tui.start import start

    return start(**options)  # type: ignore[arg-type]  # click gives them by the names above
