"""Passwords at the command line: typed unseen, or one line on stdin; never an argument, never in the environment."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])


def password_option(command: Command) -> Command:
    """Give a command the flag ``--password-stdin``.

    Parameters
    ----------
    command : callable
        Body of the command; gets ``from_stdin``.

    Returns
    -------
    callable
        The same command with the flag.
    """
    text = "Read the password as one line from stdin instead of asking for it."
    return click.option("--password-stdin", "from_stdin", is_flag=True, help=text)(command)


def read_password(name: str, *, from_stdin: bool, is_new: bool = False) -> str:
    """Read a password.

    Parameters
    ----------
    name : str
        Account it belongs to.
    from_stdin : bool
        Whether it is the first line of stdin.
    is_new : bool
        Whether it is asked for twice.

    Returns
    -------
    str
        The password.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    text: str = click.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=is_new, err=True)
    return text
