"""Options that every command shares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from qc.api.lab import Lab

Command = TypeVar("Command", bound=Callable[..., object])


def json_option(command: Command) -> Command:
    """Give a command the flag ``--json``.

    Parameters
    ----------
    command : callable
        Body of the command; gets ``as_json``.

    Returns
    -------
    callable
        The same command with the flag.
    """
    return click.option("--json", "as_json", is_flag=True, help="Print data as JSON on stdout, talk on stderr.")(
        command
    )


def lab_option(command: Command) -> Command:
    """Give a command the option ``--lab``.

    Parameters
    ----------
    command : callable
        Body of the command; gets ``lab_folder``.

    Returns
    -------
    callable
        The same command with the option.
    """
    text = "Folder of the lab; else QC_LAB, else the folder upward that holds qc.toml."
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option("--lab", "lab_folder", type=kind, default=None, help=text)(command)


def actor_option(command: Command) -> Command:
    """Give a command the option ``--as``.

    Parameters
    ----------
    command : callable
        Body of the command; gets ``actor``.

    Returns
    -------
    callable
        The same command with the option.
    """
    text = "Who acts; else whoever has signed in on this terminal, else the operating-system user."
    return click.option("--as", "actor", metavar="NAME", default=None, help=text)(command)


def open_named_lab(lab_folder: Path | None) -> Lab:
    """Open the lab that ``--lab``, QC_LAB or the working folder names.

    Parameters
    ----------
    lab_folder : Path or None
        Value of ``--lab``.

    Returns
    -------
    Lab
        The lab.

    Raises
    ------
    ConfigError
        If there is no lab there, or its qc.toml is faulty.
    """
    import os
    from dataclasses import replace

    from qc.api.lab import open_lab

    return replace(open_lab(lab_folder), workers=os.cpu_count() or 1)
