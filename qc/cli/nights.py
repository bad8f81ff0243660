"""``qc nights``: list the nights, or tell one again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.options import json_option, lab_option, open_named_lab

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.nights.page.nights_kept import KeptNight

_MOST_SHOWN = 30


@click.command("nights")
@click.argument("night", required=False)
@json_option("qc.nights.page.nights_kept:NightList", "qc.nights.page.night_page:NightPage")
@lab_option
def command(night: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """List the nights, newest first, or tell again what one found: its name, the begin of it, or `last`.

    Each night has a page that opens offline under reports/nights, with JSON and JUnit XML beside it; index.html lists
    them.
    """
    lab = open_named_lab(lab_folder)
    if night is None:
        _list(lab, as_json=as_json)
    else:
        _one(lab, night, as_json=as_json)
    return 0


def _list(lab: Lab, *, as_json: bool) -> None:
    from qc.cli.output import data, say
    from qc.cli.tables import aligned
    from qc.nights.page.nights_kept import NightList, nights_kept

    folder = lab.paths.reports / "nights"
    kept = nights_kept(folder)
    if as_json:
        data(NightList(lab=lab.name, index=folder / "index.html", nights=kept))
        return
    heads = ("night", "outcome", "files", "refused", "runs", "new", "to settle")
    aligned([_row(one) for one in kept[:_MOST_SHOWN]], heads)
    say(f"Page over all of them: {folder / 'index.html'}" if kept else "No night yet: 'qc nightly' makes one.")


def _row(one: KeptNight) -> tuple[str, ...]:
    numbers = (one.n_files, one.n_refused, one.n_runs, one.n_new, one.n_waiting)
    return (one.night, one.outcome, *map(str, numbers))


def _one(lab: Lab, name: str, *, as_json: bool) -> None:
    from qc.cli.output import data, say
    from qc.nights.page.nights_kept import night_named

    page = night_named(lab.paths.reports / "nights", name)
    kept = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    if as_json:
        data(kept)
        return
    say(f"Night of {kept['began_at']}, lab '{kept['lab']}': {kept['headline']}")
    for file in kept["files"]:
        if file["outcome"] == "quarantined":
            say(f"  refused   {file['file']}: {file['says']}")
    for one in kept["waiting"]:
        say(f"  {one['since'].upper():9} {one['says']} ({one['command']})")
    say(f"  page      {page}")
