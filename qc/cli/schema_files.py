"""Write the published JSON Schemas from the models that the commands print: ``python -m qc.cli.schema_files``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from qc.cli.options import JsonOption

_WIDTH = 114  # characters of a line, without the quotes and the comma around it


def generated_schemas() -> dict[str, str]:
    """Make the schema of every command from the models that it prints.

    Returns
    -------
    dict of str to str
        Text of each file of ``qc/cli/json_schemas`` by the name of its schema.
    """
    from qc.cli.json_schemas.from_model import schema_of
    from qc.cli.main import command

    made = {}
    for words, option in _json_options(command, ()):
        made["-".join(words)] = schema_of("-".join(words), _title(words), option.models, option.around)
        for word, model in option.models_by_word.items():
            made["-".join((*words, word))] = schema_of("-".join((*words, word)), _title((*words, word)), [model])
    return {name: _text(schema) + "\n" for name, schema in made.items()}


def _text(value: object, indent: str = "", key: str = "") -> str:
    """Return a value as JSON, on one line where it fits."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + len(key) + len(line) <= _WIDTH:
        return line
    inner = f"{indent} "
    if isinstance(value, list):
        rows = [f"{inner}{_text(part, inner)}" for part in value]
        return "[\n" + ",\n".join(rows) + f"\n{indent}]"
    rows = [f"{inner}{json.dumps(name)}: {_text(part, inner, name)}" for name, part in value.items()]
    return "{\n" + ",\n".join(rows) + f"\n{indent}}}"


def _title(words: tuple[str, ...]) -> str:
    return f"qc {' '.join(words)} --json"


def _json_options(group: click.Group, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], JsonOption]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        for option in found.params if found else ():
            if isinstance(option, JsonOption):
                yield (*words, name), option
        if isinstance(found, click.Group):
            yield from _json_options(found, (*words, name))


def main() -> None:
    """Write every schema that is not what its models say."""
    folder = Path(__file__).parent / "json_schemas"
    for name, text in generated_schemas().items():
        file = folder / f"{name}.json"
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            click.echo(f"written: {file.name}")


if __name__ == "__main__":
    main()
