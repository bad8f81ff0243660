"""``qc schema``: the shape of what a command prints with ``--json``."""

from __future__ import annotations

import json
from dataclasses import dataclass

import click

from qc.cli.options import json_option
from schemas.json_model import JsonModel
from schemas.names import did_you_mean


@dataclass(frozen=True, slots=True)
class SchemaOutput(JsonModel):
    """The schemas that there are."""

    schemas: list[str]
    """Names."""


@click.command("schema")
@click.argument("name", required=False)
@json_option("qc.cli.schema:SchemaOutput")
def command(name: str | None, as_json: bool) -> int:
    """List the JSON Schemas, or print the one of a command: 'qc schema audit-verify' for 'qc audit verify --json'."""
    from qc.cli.json_schemas import schema_names, schema_text
    from qc.cli.output import data, say
    from schemas.errors import ConfigError

    names = schema_names()
    if name is None:
        data(SchemaOutput(names)) if as_json else say("\n".join(names))
        return 0
    if name not in names:
        raise ConfigError(f"There is no schema '{name}'.{did_you_mean(name, names)} Known: {', '.join(names)}.")
    if as_json:
        data(json.loads(schema_text(name)))
    else:
        say(schema_text(name).rstrip())
    return 0
