"""Where a command speaks: data on stdout, talk on stderr."""

from __future__ import annotations

import json
from typing import Any

import click


def data(value: Any) -> None:  # Any: whatever JSON can hold
    """Print one JSON value on stdout, on one line a value.

    Parameters
    ----------
    value : JSON value
        Mapping, sequence, text, number, bool or None; NaN is refused.
    """
    click.echo(json.dumps(value, ensure_ascii=False, allow_nan=False))


def say(text: str = "") -> None:
    """Print one line of the answer on stdout, for a person.

    Parameters
    ----------
    text : str
        The line.
    """
    click.echo(text)


def talk(text: str) -> None:
    """Print one line of talk on stderr: progress, hints, errors.

    Parameters
    ----------
    text : str
        The line.
    """
    click.echo(text, err=True)
