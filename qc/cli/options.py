"""Options that every command shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from qc.api.lab import Lab

Command = TypeVar("Command", bound=Callable[..., object])


class JsonOption(click.Option):
    """The flag ``--json``, with the models of what it prints."""

    def __init__(
        self, *args: Any, models: Sequence[str], around: str, models_by_word: Mapping[str, str], **settings: Any
    ) -> None:  # Any: what click hands on
        """Keep the models beside the flag.

        Parameters
        ----------
        *args : Any
            As for an option.
        models : sequence of str
            ``module:Name`` of each.
        around : str
            The same of a model whose keys stand around theirs; empty for none.
        models_by_word : mapping of str to str
            Models where the command's own argument is a word that makes it another command.
        **settings : Any
            As for an option.
        """
        super().__init__(*args, **settings)
        self.models, self.around, self.models_by_word = models, around, models_by_word


def json_option(model: str, *more: str, around: str = "", **models_by_word: str) -> Callable[[Command], Command]:
    """Give a command the flag ``--json`` and say what it prints.

    Parameters
    ----------
    model : str
        ``module:Name`` of the model that it prints; ``qc.cli.schema_files`` makes the published schema from it.
    *more : str
        Other models that it may print.
    around : str
        The same of a model whose keys stand around theirs; empty for none.
    **models_by_word : str
        Models where the command's own argument is a word that makes it another command: ``check``.

    Returns
    -------
    callable
        Takes the body of the command, which gets ``as_json``.
    """

    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        help="Print data as JSON on stdout, talk on stderr.",
        cls=JsonOption,
        models=(model, *more),
        around=around,
        models_by_word=models_by_word,
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
    import stat
    from dataclasses import replace

    from qc.api.lab import open_lab

    lab = replace(
        open_lab(lab_folder), workers=max(2, os.cpu_count() or 1)
    )  # on one core too: who reads does not write
    if lab.paths.root.stat().st_mode & stat.S_IWGRP:
        os.umask(0o007)  # a lab whose folder the group can write is written by the group
    return lab
