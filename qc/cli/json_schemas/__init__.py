"""JSON Schemas of what each command prints with ``--json``: one file a command, shipped as package data.

A file is named like its command, words joined by a dash: ``audit-verify.json``. The schema of a command that prints one
value a line is the schema of a line. Further keys may come with later versions; a key that is named here stays.
"""

from __future__ import annotations

from importlib import resources

_ENDING = ".json"


def schema_names() -> list[str]:
    """Return the names of all schemas."""
    files = resources.files(__name__).iterdir()
    return sorted(file.name.removesuffix(_ENDING) for file in files if file.name.endswith(_ENDING))


def schema_text(name: str) -> str:
    """Return one schema.

    Parameters
    ----------
    name : str
        Name, as :func:`schema_names` lists it.

    Returns
    -------
    str
        JSON Schema, draft 2020-12, as text.

    Raises
    ------
    KeyError
        If there is no schema of this name.
    """
    if name not in schema_names():
        raise KeyError(name)
    return (resources.files(__name__) / f"{name}{_ENDING}").read_text(encoding="utf-8")
