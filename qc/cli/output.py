"""Where a command speaks: data on stdout, talk on stderr."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from qc.cli.printable import printable, printable_json
from schemas.json_model import JsonModel


def data(value: JsonModel | Mapping[str, Any]) -> None:  # Any: whatever JSON can hold
    """Print one JSON value on stdout, on one line a value.

    Parameters
    ----------
    value : JsonModel or mapping of str to JSON value
        What is printed; NaN is refused.
    """
    plain = value.as_json() if isinstance(value, JsonModel) else value
    click.echo(printable_json(json.dumps(plain, ensure_ascii=False, allow_nan=False)))


def say(text: str = "") -> None:
    """Print one line of the answer on stdout, for a person.

    Parameters
    ----------
    text : str
        The line.
    """
    click.echo(printable(text))


def talk(text: str) -> None:
    """Print one line of talk on stderr: progress, hints, errors.

    Parameters
    ----------
    text : str
        The line.
    """
    click.echo(printable(text), err=True)
